"""An agent as small as can be: Chat Completions, one tool that runs commands."""
import json, os, subprocess, sys, urllib.request

url, key = os.environ["OPENAI_BASE_URL"], os.environ["OPENAI_API_KEY"]
tools = [{"type": "function", "function": {
    "name": "run_shell_command", "description": "Runs a command.",
    "parameters": {"type": "object", "properties": {"command": {"type": "string"}}}}}]
messages = [{"role": "system", "content": "You work in " + os.getcwd()}, {"role": "user", "content": sys.argv[1]}]

def ask(body):
    request = urllib.request.Request(url + "/chat/completions", json.dumps(body).encode(),
                                     {"authorization": "Bearer " + key, "content-type": "application/json"})
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)["choices"][0]["message"]

while True:
    said = ask({"model": "m", "messages": messages, "tools": tools})
    messages.append(said)
    for call in said.get("tool_calls") or []:
        args = json.loads(call["function"]["arguments"])
        done = subprocess.run(args["command"], shell=True, capture_output=True, text=True)
        messages.append({"role": "tool", "tool_call_id": call["id"], "content": f"{done.stdout}{done.stderr}[{done.returncode}]"})
    if not said.get("tool_calls"):
        print(said["content"])
        sys.exit(int(os.environ.get("MINI_EXIT", "0")))
