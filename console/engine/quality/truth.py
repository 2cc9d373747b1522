"""What really happened: every text, thought, tool call and tool result of a run, in order, from what is stored."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from console.engine.quality.result import ScriptedItem
from console.engine.resume.conversation import Conversation, read_conversation
from store.records import ModelReplyRecord, ModelRequestRecord


@dataclass(frozen=True, slots=True)
class Truth:
    """The items that a transcript should show, and the texts that the agent was given and should not claim as its."""

    items: tuple[ScriptedItem, ...]
    given: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Answer:
    """One reply; a repeated request for the same turn is one answer, sent more than once."""

    reply: ModelReplyRecord
    last_ordinal: int
    times_sent: int


def read_truth(replies: Sequence[ModelReplyRecord], requests: Sequence[ModelRequestRecord]) -> Truth:
    """The truth of a run; the requests need their bodies."""
    own = sorted((request for request in requests if not request.auxiliary), key=lambda request: request.ordinal)
    conversations = {request.ordinal: read_conversation(request.body) for request in own}
    answers = _answers(replies, {request.ordinal: request for request in own})
    items = [item for answer in answers for item in _items(answer, conversations)]
    first = conversations[own[0].ordinal] if own else Conversation()
    return Truth(tuple(items), tuple(message.text for message in first.messages if message.text.strip()))


def _answers(replies: Sequence[ModelReplyRecord], requests: Mapping[int, ModelRequestRecord]) -> list[_Answer]:
    answers: list[_Answer] = []
    for reply in sorted(replies, key=lambda reply: reply.ordinal):
        known = requests.get(reply.ordinal)
        if known is None:
            continue
        previous = answers[-1] if answers else None
        if previous is not None and _is_again(previous.reply, reply, requests):
            answers[-1] = replace(previous, last_ordinal=reply.ordinal, times_sent=previous.times_sent + 1)
        else:
            answers.append(_Answer(reply, reply.ordinal, 1))
    return answers


def _is_again(one: ModelReplyRecord, other: ModelReplyRecord, requests: Mapping[int, ModelRequestRecord]) -> bool:
    """The same turn of the script twice in a row: a retry. Beyond the script every sentence counts."""
    turn = requests[one.ordinal].turn_index
    return turn is not None and turn == requests[other.ordinal].turn_index and _said(one) == _said(other)


def _said(reply: ModelReplyRecord) -> tuple[str, str, str]:
    return reply.text, reply.thinking, reply.tool_calls_json


def _items(answer: _Answer, conversations: Mapping[int, Conversation]) -> Iterator[ScriptedItem]:
    reply = answer.reply
    item = partial(ScriptedItem, reply.ordinal, times_sent=answer.times_sent)
    if reply.thinking.strip():
        yield item("thinking", reply.thinking)
    if reply.text.strip():
        yield item("text", reply.text)
    for call in _calls(reply.tool_calls_json):
        call_id, tool = str(call.get("id", "")), str(call.get("name", ""))
        yield item("tool_call", str(call.get("arguments", "")), tool, call_id)
        result = _result(call_id, answer.last_ordinal, conversations)
        if result is not None:
            yield item("tool_result", result, tool, call_id)


def _calls(calls_json: str) -> list[Mapping[str, Any]]:
    calls: list[Mapping[str, Any]] = json.loads(calls_json)
    return calls


def _result(call_id: str, ordinal: int, conversations: Mapping[int, Conversation]) -> str | None:
    """What the model was told of a call in its next request, or in a later one; None: it never was."""
    for later in sorted(number for number in conversations if number > ordinal):
        for message in conversations[later].messages:
            if message.role == "tool" and message.tool_call_id == call_id:
                return message.text
    return None
