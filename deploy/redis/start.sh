#!/bin/sh
# Starts redis-server with two users: cascade, of cascade.acl, and default, who may
# everything and is for the operator. Their passwords are files; more options may follow.
set -eu
here=$(dirname "$0")
secrets=${CASCADE_SECRETS:-/run/secrets}
users=$(mktemp)

hash() { printf %s "$(cat "$secrets/$1")" | sha256sum | cut -d ' ' -f 1; }

sed "s/ resetpass / #$(hash REDIS_PASSWORD) /" "$here/cascade.acl" >"$users"
echo "user default on #$(hash REDIS_ADMIN_PASSWORD) ~* &* +@all" >>"$users"
exec redis-server "$here/redis.conf" --aclfile "$users" "$@"
