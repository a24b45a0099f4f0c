"""An agent that asks with a request of so many bytes, another of half as many, and tells its model what came of both."""
import json, os, sys, urllib.error, urllib.request

url, key, size = os.environ["OPENAI_BASE_URL"], os.environ["OPENAI_API_KEY"], int(sys.argv[1])

def ask(text):
    body = {"model": "m", "messages": [{"role": "user", "content": "Play the big part. " + text}],
            "tools": [{"type": "function", "function": {"name": "bash", "parameters": {"type": "object", "properties": {"command": {"type": "string"}}}}}]}
    request = urllib.request.Request(url + "/chat/completions", json.dumps(body).encode(),
                                     {"authorization": "Bearer " + key, "content-type": "application/json"})
    try:
        with urllib.request.urlopen(request) as answer:
            return len(json.load(answer)["choices"][0]["message"]["content"])
    except urllib.error.HTTPError as error:
        return json.load(error)["error"]["message"]

first = ask("x" * size)
print(ask(f"told {first}, {ask('x' * (size // 2))}"))
