#!/usr/bin/env python3
"""Takes webhooks in another language than Go, with Python's own library.

    CRM_WEBHOOK_SECRET=whsec_… python3 docs/receive.py 8081

Prints a line for each webhook that is authentic and did not come before. A service that
counts on them keeps what it has seen where a restart does not forget it.
"""

import base64
import hashlib
import hmac
import http.server
import json
import os
import sys
import time

KEYS = [base64.b64decode(secret.removeprefix("whsec_")) for secret in os.environ["CRM_WEBHOOK_SECRET"].split()]
MOST, OLDEST = 1 << 20, 300  # bytes; seconds
seen = set()


def authentic(headers, body):
    """Says whether one who knows the secret sent this within the last five minutes."""
    name, stamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not stamp.isdigit() or abs(time.time() - int(stamp)) > OLDEST:
        return False
    signed = f"{name}.{stamp}.".encode() + body
    good = ["v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode() for key in KEYS]
    given = headers.get("webhook-signature", "").split()
    return any(hmac.compare_digest(a, b) for a in good for b in given)


class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(min(int(self.headers.get("Content-Length", 0)), MOST))
        if not authentic(self.headers, body):
            self.send_error(401)
            return
        name = self.headers["webhook-id"]
        if name not in seen:
            event = json.loads(body)
            print(event["type"], name, json.dumps(event["data"]), flush=True)
            seen.add(name)
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        """Says nothing of what it is asked: the lines on stdout are for who reads them."""


if __name__ == "__main__":
    http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Receiver).serve_forever()
