"""A model agent in Python, with the standard library alone.

proctor run <task> --agent "external:python3 agent.py"
"""

import json
import os
import sys
import urllib.request


def post(url, token, body):
    request = urllib.request.Request(
        url,
        data=json.dumps(body).encode(),
        headers={
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/json",
            "Accept": "application/json, text/event-stream",
        },
    )
    with urllib.request.urlopen(request) as response:
        text = response.read()
    return json.loads(text) if text else None


def mcp(method, params=None):
    """One request to the tools of the trial."""
    body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params or {}}
    answer = post(os.environ["PROCTOR_MCP_URL"], os.environ["PROCTOR_MCP_TOKEN"], body)
    if "error" in answer:
        raise RuntimeError(answer["error"]["message"])
    return answer["result"]


def ask(messages, tools):
    """One request to the model."""
    body = {
        "model": os.environ.get("PROCTOR_EXAMPLE_MODEL", "gpt-4.1"),
        "messages": messages,
        "tools": [
            {
                "type": "function",
                "function": {
                    "name": tool["name"],
                    "description": tool.get("description", ""),
                    "parameters": tool["inputSchema"],
                },
            }
            for tool in tools
        ],
    }
    url = f"{os.environ['OPENAI_BASE_URL']}/chat/completions"
    answer = post(url, os.environ["OPENAI_API_KEY"], body)
    return answer["choices"][0]["message"]


def main():
    tools = mcp("tools/list")["tools"]
    messages = [{"role": "user", "content": os.environ["PROCTOR_INSTRUCTION"]}]
    while True:
        message = ask(messages, tools)
        calls = message.get("tool_calls") or []
        if not calls:
            return
        messages.append(message)
        for call in calls:
            name = call["function"]["name"]
            arguments = json.loads(call["function"]["arguments"])
            print(f"calls {name}", flush=True)
            result = mcp("tools/call", {"name": name, "arguments": arguments})
            if name == "submit":
                sys.exit(0)
            text = "\n".join(block.get("text", "") for block in result["content"])
            messages.append({"role": "tool", "tool_call_id": call["id"], "content": text})


main()
