"""What is reported to the host, one line of JSON each."""

import base64
import json

# Attempts between two requests of the host that are reported one by one; the rest are only counted.
MAX_REPORTED = 500


class Report:
    def __init__(self, output):
        self.output = output
        # Grows with everything that arrives; unchanged means that nothing is arriving.
        self.activity = 0
        self.reported = 0
        self.uncounted = 0

    def attempt(self, payload=b"", **fields):
        self.activity += 1
        self.reported += 1
        if self.reported > MAX_REPORTED:
            self.uncounted += 1
            return
        attempt = {name: value for name, value in fields.items() if value is not None}
        self.write({"attempt": attempt, "payload": base64.b64encode(payload).decode()})

    def ready(self):
        self.write({"ready": True})

    def settled(self):
        self.write({"settled": True, "uncounted": self.uncounted})
        self.reported = 0
        self.uncounted = 0

    def write(self, message):
        self.output.write(json.dumps(message) + "\n")
        self.output.flush()
