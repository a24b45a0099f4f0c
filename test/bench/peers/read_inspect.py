"""Reads Inspect logs by Inspect's own reader; prints a JSON list with status, rewards and, by sample, what its transcript holds."""

import json
import sys

from inspect_ai.log import read_eval_log


def read(path: str) -> dict:
    log = read_eval_log(path, resolve_attachments=True)
    samples = [
        {
            "rewards": [score.value for score in (sample.scores or {}).values()],
            "models": sum(event.event == "model" for event in sample.events),
            "tools": sum(event.event == "tool" for event in sample.events),
            "text": sample.model_dump_json(),
        }
        for sample in log.samples or []
    ]
    return {"path": path, "status": log.status, "samples": samples}


print(json.dumps([read(path) for path in sys.argv[1:]]))
