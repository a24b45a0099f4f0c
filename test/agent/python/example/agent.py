import json
import sys

for line in sys.stdin:
    message = json.loads(line)
    if message["type"] == "open":
        arguments = message["arguments"]
    if message["type"] == "decide":
        call = {"tool": "bash", "arguments": {"command": arguments.get("command", "ls")}}
        if message["view"]["steps"]:
            call = {"tool": "submit", "arguments": {"answer": "done"}}
        print(json.dumps({"calls": [call]}), flush=True)
