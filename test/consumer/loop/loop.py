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
    return hear()


def must(kind, **fields):
    answer = ask(kind, **fields)
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
    turn = must("model", messages=messages)
    calls = [{key: call[key] for key in ("id", "name", "arguments")} for call in turn["toolCalls"]]
    messages.append({"role": "assistant", "text": turn["text"], "toolCalls": calls})
    if not calls:
        answer = ask("done")
        if answer["ok"]:
            break
        # It is not done without the answer of its manifest: the model is told so.
        messages.append({"role": "user", "text": answer["error"]["message"]})
    for call in calls:
        result = must("tool", name=call["name"], arguments=call["arguments"])
        messages.append({"role": "tool", "callId": call["id"], **result})
