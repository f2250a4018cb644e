#!/usr/bin/env python3
"""An agent's loop as a program of its own, with nothing but Python's standard library (docs/loops.md)."""

import itertools
import json
import sys

ids = itertools.count(1)


def say(message):
    print(json.dumps(message), flush=True)


def hear():
    line = sys.stdin.readline()
    if line == "":
        sys.exit(3)
    return json.loads(line)


def ask(kind, **fields):
    say({"type": kind, "id": next(ids), **fields})
    answer = hear()
    if not answer["ok"]:
        raise RuntimeError(answer["error"]["message"])
    return answer["result"]


opening = hear()["opening"]
say({"type": "hello", "protocol": 1})
messages = [
    {"role": "system", "text": "Read the diff before you say anything of it."},
    {"role": "user", "text": opening},
]
while True:
    turn = ask("model", messages=messages)
    calls = [{key: call[key] for key in ("id", "name", "arguments")} for call in turn["toolCalls"]]
    messages.append({"role": "assistant", "text": turn["text"], "toolCalls": calls})
    if not calls:
        break
    for call in calls:
        result = ask("tool", name=call["name"], arguments=call["arguments"])
        messages.append({"role": "tool", "callId": call["id"], **result})
ask("done")
