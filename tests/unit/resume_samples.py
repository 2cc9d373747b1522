"""Requests, as agents really sent them (`request_bodies/`, cut down) and as made up for a rule."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from console.engine.resume.conversation import read_conversation
from console.engine.resume.evidence import EarlierBeat, JudgedBeat, Marker, SeenRequest

BODIES = Path(__file__).with_name("request_bodies")
PROMPTS = (
    "Remember two words for later: the first is marmalade-7141, the second is in briefing.txt. Write nothing down.",
    "Write the two words that you were to remember to recalled.txt, without opening any file.",
)
REPLIES = ("I will look for the second word.", "I have both words in mind.")
CANARIES = (Marker("marmalade-7141", 1, "prompt"), Marker("lighthouse-2906", 1, "tool_result"))


def real_body(name: str) -> str:
    """`<runtime>.beat<k>.<first or last>`: a request of the scenario `remember`."""
    return (BODIES / f"{name}.json").read_text("utf-8")


def seen(body: str) -> SeenRequest:
    """A request as it is judged."""
    read = read_conversation(body)
    return SeenRequest(read.messages, read.tokens, len(body.encode()), read.problem)


def chat(*messages: dict[str, Any]) -> SeenRequest:
    """A request of chat completions."""
    return seen(json.dumps({"model": "m", "messages": list(messages)}))


def said(role: str, content: str, **more: Any) -> dict[str, Any]:
    """One message."""
    return {"role": role, "content": content, **more}


def called(call_id: str, name: str = "read", arguments: str = "{}") -> dict[str, Any]:
    """The model calls a tool."""
    function = {"name": name, "arguments": arguments}
    return said("assistant", REPLIES[0], tool_calls=[{"id": call_id, "type": "function", "function": function}])


SYSTEM = said("system", "You are an agent.")
FIRST_BEAT = (
    SYSTEM,
    said("user", PROMPTS[0]),
    called("c1"),
    said("tool", "The second word is lighthouse-2906.\n", tool_call_id="c1"),
)
ENDED = said("assistant", REPLIES[1])
ASKED = said("user", PROMPTS[1])


def earlier(last_request: SeenRequest | None = None, **more: Any) -> EarlierBeat:
    """Beat 1 of `remember`, whose last request held both canaries."""
    given: dict[str, Any] = {"beat": 1, "prompt": PROMPTS[0], "replies": REPLIES, **more}
    return EarlierBeat(last_request=last_request or chat(*FIRST_BEAT), **given)


def second(first_request: SeenRequest | None, **more: Any) -> JudgedBeat:
    """Beat 2 of it."""
    given: dict[str, Any] = {"beat": 2, "prompt": PROMPTS[1], **more}
    return JudgedBeat(first_request=first_request, **given)
