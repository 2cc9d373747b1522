"""What the scripted model said in a sample run, and upstream's entries of it: as pi's parser repeats them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from store.records import ModelReplyRecord, TranscriptEntryRecord, Write
from tests.ui.samples import HOSTILE, LISTING

THOUGHT = "The word was given in the first beat. It should be in the notes."
FIRST = "I'll look at the file first, then check what changed since the last beat."
SECOND = "The word is **blue heron**. Let me see the state of the tree."


def quality_of(run_id: str) -> list[Write]:
    """Two answers, of which the transcript shows all but one call's arguments as they were."""
    return [*_replies(run_id), *_entries(run_id, list(_pi_entries()))]


def hostile_quality_of(run_id: str) -> list[Write]:
    """The same with text that tries to fool the terminal."""
    calls = [{"id": HOSTILE, "name": HOSTILE, "arguments": json.dumps({"command": HOSTILE})}]
    entries = [
        {"kind": "assistant", "text": HOSTILE},
        {"kind": "assistant", "text": f"x {HOSTILE}"},
        {"kind": "tool_call", "name": HOSTILE, "input": {HOSTILE: HOSTILE}, "toolUseId": HOSTILE},
        {"kind": "result", "text": HOSTILE, "subtype": HOSTILE, "isError": True, "errors": [HOSTILE]},
        {"kind": HOSTILE, "text": HOSTILE},
    ]
    reply = ModelReplyRecord(
        run_id=run_id, ordinal=0, branch=HOSTILE, text=HOSTILE, thinking="", tool_calls_json=json.dumps(calls)
    )
    return [reply, *_entries(run_id, entries)]


def _replies(run_id: str) -> Iterator[Write]:
    told = (
        (FIRST, THOUGHT, [("t1", "cat notes.txt")]),
        (SECOND, "", [("t2", "git status --short"), ("t3", "ls -la")]),
    )
    for ordinal, (text, thinking, commands) in enumerate(told):
        calls = [
            {"id": call_id, "name": "bash", "arguments": json.dumps({"command": command})}
            for call_id, command in commands
        ]
        yield ModelReplyRecord(
            run_id=run_id,
            ordinal=ordinal,
            branch="plain",
            text=text,
            thinking=thinking,
            tool_calls_json=json.dumps(calls),
        )


def _pi_entries() -> Iterator[dict[str, Any]]:
    yield {"kind": "stdout", "text": '{"type":"session","version":3,"id":"01a2b3c4-179c"}'}
    yield {"kind": "system", "text": "🚀 Pi agent started"}
    yield {"kind": "assistant", "text": "message 1"}
    yield {"kind": "thinking", "text": THOUGHT, "delta": True}
    yield {"kind": "thinking", "text": THOUGHT}
    yield {"kind": "assistant", "text": FIRST[:20], "delta": True}
    yield {"kind": "assistant", "text": FIRST[20:], "delta": True}
    yield {"kind": "assistant", "text": FIRST}
    yield _call("t1", "cat notes.txt")
    yield _result("t1", "blue heron")
    yield {"kind": "assistant", "text": FIRST}
    yield _result("t1", "blue heron")
    yield {"kind": "assistant", "text": SECOND}
    yield _call("t3", "ls -la")
    yield _result("t3", LISTING)
    yield _call("t2", "git status --short")
    yield {"kind": "result", "text": "Run completed", "inputTokens": 3301, "outputTokens": 20, "costUsd": 0.0033}


def _call(use_id: str, command: str) -> dict[str, Any]:
    return {"kind": "tool_call", "name": "bash", "input": {"command": command}, "toolUseId": use_id}


def _result(use_id: str, content: str) -> dict[str, Any]:
    return {"kind": "tool_result", "toolUseId": use_id, "toolName": "bash", "content": content, "isError": False}


def _entries(run_id: str, entries: list[dict[str, Any]]) -> Iterator[Write]:
    for seq, entry in enumerate(entries):
        yield TranscriptEntryRecord(
            run_id=run_id, seq=seq, at_ms=40.0 + 10 * seq, log_seq=0, kind=entry["kind"], entry_json=json.dumps(entry)
        )
