"""A small agent: asks a model over Chat Completions, and makes the calls that it answers with.

Called with the address to ask, the model's name and a file with the task; the key is in OPENAI_API_KEY. Prints what the model
says, and ends when it calls no tool.
"""

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request

SYSTEM = "You work in a sandbox, by the tools you have. Do the task; when it is done, say what you did without calling a tool."
COMMAND_TIMEOUT_S = 120
ANSWER_TIMEOUT_S = 3600
MAX_CHARS = 30000


def bash(command):
    try:
        done = subprocess.run(
            ["bash", "-c", command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=COMMAND_TIMEOUT_S,
        )
    except subprocess.TimeoutExpired as late:
        return "%s\n(killed after %d s)" % (text(late.stdout or b""), COMMAND_TIMEOUT_S)
    return text(done.stdout) + ("\n(exit code %d)" % done.returncode if done.returncode else "")


def read_file(path):
    with open(path, "rb") as file:
        return text(file.read())


def write_file(path, content):
    os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(content)
    return "wrote %s" % path


def text(data):
    shown = data.decode("utf-8", "replace")
    return shown if len(shown) <= MAX_CHARS else shown[:MAX_CHARS] + "\n(cut)"


def tool(function, description, *names):
    parameters = {
        "type": "object",
        "properties": {name: {"type": "string"} for name in names},
        "required": list(names),
    }
    declared = {"name": function.__name__, "description": description, "parameters": parameters}
    return {"type": "function", "function": declared}


FUNCTIONS = {function.__name__: function for function in (bash, read_file, write_file)}
TOOLS = [
    tool(bash, "Runs a command line in bash; each call is a new shell.", "command"),
    tool(read_file, "Reads a text file.", "path"),
    tool(write_file, "Writes a text file.", "path", "content"),
]


def ask(url, model, messages):
    body = json.dumps({"model": model, "messages": messages, "tools": TOOLS}).encode()
    headers = {
        "Content-Type": "application/json",
        "Authorization": "Bearer " + os.environ.get("OPENAI_API_KEY", ""),
    }
    request = urllib.request.Request(url, body, headers)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=ANSWER_TIMEOUT_S) as answer:
            return json.load(answer)["choices"][0]["message"]
    except urllib.error.HTTPError as error:
        raise SystemExit("the model's endpoint answered %d: %s" % (error.code, text(error.read())))


def perform(call):
    name = call["function"]["name"]
    try:
        arguments = json.loads(call["function"]["arguments"] or "{}")
        return FUNCTIONS[name](**arguments)
    except Exception as error:
        return "%s: %s" % (type(error).__name__, error)


def main(url, model, instruction_file):
    with open(instruction_file, encoding="utf-8") as file:
        messages = [{"role": "system", "content": SYSTEM}, {"role": "user", "content": file.read()}]
    while True:
        message = ask(url, model, messages)
        messages.append(message)
        if message.get("content"):
            print(message["content"], flush=True)
        calls = message.get("tool_calls") or []
        if not calls:
            return
        for call in calls:
            messages.append({"role": "tool", "tool_call_id": call["id"], "content": perform(call)})


if __name__ == "__main__":
    main(*sys.argv[1:4])
