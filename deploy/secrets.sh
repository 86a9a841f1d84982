#!/bin/sh
# Makes the passwords of compose.yaml, those that are not there yet: deploy/secrets/NAME.
# Only their owner enters the folder; the files themselves every container's user can read.
set -eu
umask 022
folder=${1:-$(dirname "$0")/secrets}
mkdir -p "$folder"
chmod 700 "$folder"
for name in REDIS_PASSWORD REDIS_ADMIN_PASSWORD CASCADE_TOKEN GRAFANA_PASSWORD; do
	[ -s "$folder/$name" ] || od -An -N24 -tx1 /dev/urandom | tr -d ' \n' >"$folder/$name"
done
