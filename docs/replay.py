#!/usr/bin/env python3
"""Tells Cascade again what a Qlara account took and reported, after an older Redis was restored.

    CASCADE_CALLBACKS=https://cascade.example.com/callbacks/qlara/SECRET python3 docs/replay.py < report.csv

The CSV is the provider's report of everything since the backup, with the columns id (the
messageId of the request) and state: sent, delivered or undeliverable. It becomes callbacks,
as the provider would post them, and each counts only once: this script may be run again.
docs/backup.md says when, and with what running.
"""

import csv
import json
import os
import sys
import urllib.request

AT_ONCE = 200  # callbacks in a call
LEG = 11       # the place in an id of its leg, a hexadecimal digit counted from 1
STATUS = {"sent": ["SENT"], "delivered": ["SENT", "3"], "undeliverable": ["SENT", "6"]}


def told(rows):
    """Gives what is to be told, one message after the other, its legs in their order.

    Who was sent to on a leg had come to nothing on those before it, whatever they said.
    """
    for row in sorted(rows, key=lambda r: (r["id"][:LEG] + r["id"][LEG + 1:], r["id"][LEG])):
        for leg in range(1, int(row["id"][LEG], 16)):
            yield row["id"][:LEG] + f"{leg:x}" + row["id"][LEG + 1:], "6"
        for status in STATUS[row["state"]]:
            yield row["id"], status


def post(url, callbacks):
    body = [{"eventType": "DELIVERY", "messageId": id, "statusCode": status,
             "description": "told again after a restore"} for id, status in callbacks]
    request = urllib.request.Request(url, method="POST", data=json.dumps(body).encode(),
                                     headers={"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60):
        pass


def main():
    url = os.environ["CASCADE_CALLBACKS"]
    callbacks = list(told(list(csv.DictReader(sys.stdin))))
    for start in range(0, len(callbacks), AT_ONCE):
        post(url, callbacks[start:start + AT_ONCE])
    print(f"told {len(callbacks)} callbacks", file=sys.stderr)


if __name__ == "__main__":
    main()
