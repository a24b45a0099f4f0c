"""A program that has a title made first, and hands a task to a subagent of its own."""
import json, os, subprocess, sys, urllib.request

url, key = os.environ["OPENAI_BASE_URL"], os.environ["OPENAI_API_KEY"]

def tool(name, *takes):
    properties = {one: {"type": "string"} for one in takes}
    return {"type": "function", "function": {"name": name, "parameters": {"type": "object", "properties": properties}}}

def ask(messages, tools=None):
    body = {"model": "m", "messages": messages, **({"tools": tools} if tools else {})}
    request = urllib.request.Request(url + "/chat/completions", json.dumps(body).encode(),
                                     {"x-api-key": key, "content-type": "application/json"})
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)["choices"][0]["message"]

def converse(system, text, tools, act):
    messages = [{"role": "system", "content": system}, {"role": "user", "content": text}]
    while True:
        said = ask(messages, tools)
        messages.append(said)
        if not said.get("tool_calls"):
            return said["content"]
        for call in said["tool_calls"]:
            result = act(json.loads(call["function"]["arguments"]))
            messages.append({"role": "tool", "tool_call_id": call["id"], "content": result})

def run(args):
    return subprocess.run(args["command"], shell=True, capture_output=True, text=True).stdout

def delegate(args):
    return converse("You are a helper.", args["prompt"], [tool("bash", "command")], run)

ask([{"role": "system", "content": "You are a title generator. Write a title."}, {"role": "user", "content": sys.argv[1]}])
print(converse("You lead.", sys.argv[1], [tool("task", "prompt")], delegate))
