#!/usr/bin/env python3
"""Sends messages from another language than Go, by plain HTTP and Python's own library.

    CASCADE_SERVER=http://127.0.0.1:8080 CASCADE_TOKEN_FILE=token python3 docs/enqueue.py order-shipped < orders.csv

The CSV has the columns order, phone and nome; the argument is a standing campaign that
was started. Each order is its message's key: whoever repeats a call, this script or who
runs it, nobody gets a message twice.
"""

import csv
import json
import os
import sys
import time
import urllib.error
import urllib.request

SERVER = os.environ.get("CASCADE_SERVER", "http://127.0.0.1:8080")
AT_ONCE = 1000  # messages in a call, at most
TRIES = 8


def token():
    path = os.environ.get("CASCADE_TOKEN_FILE")
    if not path:
        return None
    with open(path, encoding="ascii") as file:
        return file.read().strip()


def post(messages, bearer):
    """Posts messages, and the same again while the server says "later" or cannot be reached."""
    request = urllib.request.Request(SERVER + "/v1/messages", method="POST",
                                     data=json.dumps({"messages": messages}).encode(),
                                     headers={"Content-Type": "application/json"})
    if bearer:
        request.add_header("Authorization", "Bearer " + bearer)
    for attempt in range(TRIES):
        wait = min(2 ** attempt, 30)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as refused:
            problem = refused.read().decode(errors="replace")
            if refused.code not in (429, 502, 503, 504):
                sys.exit(f"refused with {refused.code}: {problem}")  # the same call would be refused again
            wait = int(refused.headers.get("Retry-After") or wait)
        except OSError as unreached:
            problem = str(unreached)
        print(f"trying again in {wait} s: {problem}", file=sys.stderr)
        time.sleep(wait)
    sys.exit(f"given up after {TRIES} tries: {problem}. The same call may be made again later")


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: enqueue.py CAMPAIGN < orders.csv")
    campaign, bearer = sys.argv[1], token()
    messages = [{"campaign": campaign, "destination": row["phone"], "key": row["order"],
                 "variables": {"nome": row["nome"], "ordine": row["order"]}} for row in csv.DictReader(sys.stdin)]
    rejected = 0
    for first in range(0, len(messages), AT_ONCE):
        for item in post(messages[first:first + AT_ONCE], bearer)["messages"]:
            print(item["key"], item["result"], item.get("message", ""), item.get("text", ""), sep="\t")
            rejected += item["result"] == "rejected"
    return 1 if rejected else 0


if __name__ == "__main__":
    sys.exit(main())
