"""Small runs for tests of transcript quality: what a scripted model did, and rows that show it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from console.engine.quality.measure import measure_view
from console.engine.quality.result import ViewQuality
from console.engine.quality.shown import sidebeat_rows
from console.engine.quality.truth import Truth, read_truth
from store.records import (
    LogChunkRecord,
    ModelReplyRecord,
    ModelRequestRecord,
    TranscriptEntryRecord,
    TranscriptRowRecord,
)
from tests.unit.store_samples import sample

PROMPT = "Write a greeting to greeting.txt with the shell and tell me that it is there."


@dataclass(frozen=True)
class Call:
    """A tool call of the model, and what it was told of it (None: nothing)."""

    id: str
    arguments: dict[str, Any]
    result: str | None
    tool: str = "bash"


@dataclass(frozen=True)
class Turn:
    """One answer of the model."""

    text: str = ""
    thinking: str = ""
    calls: tuple[Call, ...] = field(default=())


HELLO = (
    Turn("I will write the greeting.", "Short is best.", (Call("call_1", {"command": "echo hi 👋🏽"}, "hi 👋🏽\n"),)),
    Turn("Done: greeting.txt is there."),
)


def replies(turns: Sequence[Turn]) -> list[ModelReplyRecord]:
    """As the request journal stores them, one for each turn."""
    return [
        ModelReplyRecord(
            run_id="r1",
            ordinal=number,
            branch="plain",
            text=turn.text,
            thinking=turn.thinking,
            tool_calls_json=json.dumps(
                [{"id": call.id, "name": call.tool, "arguments": json.dumps(call.arguments)} for call in turn.calls]
            ),
        )
        for number, turn in enumerate(turns)
    ]


def requests(turns: Sequence[Turn], *, prompt: str = PROMPT, given: Iterable[str] = ()) -> list[ModelRequestRecord]:
    """As the agent asked: one request for each turn, and one after a last turn that called a tool."""
    messages: list[dict[str, Any]] = [{"role": "user", "content": text} for text in (*given, prompt)]
    found: list[ModelRequestRecord] = []
    for number, turn in enumerate([*turns, Turn()]):
        if number == len(turns) and not (turns and turns[-1].calls):
            break
        body = json.dumps({"messages": messages})
        found.append(request(number, body=body, turn_index=number if number < len(turns) else None))
        messages = [*messages, {"role": "assistant", "content": turn.text}]
        messages += [
            {"role": "tool", "tool_call_id": call.id, "content": call.result}
            for call in turn.calls
            if call.result is not None
        ]
    return found


def request(ordinal: int, **given: Any) -> ModelRequestRecord:
    """A request of the run."""
    told = {"run_id": "r1", "ordinal": ordinal, "auxiliary": False, "off_script": False, "turn_index": ordinal, **given}
    return sample(ModelRequestRecord, **told)


def truth(turns: Sequence[Turn] = HELLO, **more: Any) -> Truth:
    """What happened."""
    return read_truth(replies(turns), requests(turns, **more))


def row(kind: str, body: str = "", **given: Any) -> TranscriptRowRecord:
    """One row of the console's transcript, of no number yet."""
    told: dict[str, Any] = {
        "row_no": 0,
        "at_ms": 0.0,
        "title": "",
        "is_error": False,
        "entry_seq": -1,
        "closed": True,
        **given,
    }
    return TranscriptRowRecord(run_id="r1", kind=kind, body=body, **told)


def faithful(turns: Sequence[Turn] = HELLO) -> list[TranscriptRowRecord]:
    """The transcript that shows every item once, in order."""
    return list(_faithful(turns))


def _faithful(turns: Sequence[Turn]) -> Iterator[TranscriptRowRecord]:
    for number, turn in enumerate(turns, start=1):
        yield row("request", title="1 token in 1 message", request_index=number)
        if turn.thinking:
            yield row("thinking", turn.thinking)
        if turn.text:
            yield row("assistant", turn.text)
        for call in turn.calls:
            title = str(call.arguments.get("command", ""))
            body = json.dumps(call.arguments, ensure_ascii=False)
            yield row("tool_call", body, title=title, tool=call.tool, tool_use_id=call.id)
            if call.result is not None:
                yield row("tool_result", call.result, tool=call.tool, tool_use_id=call.id)


def measured(
    rows: Sequence[TranscriptRowRecord], turns: Sequence[Turn] = HELLO, told: Truth | None = None
) -> ViewQuality:
    """The rows, numbered, against what happened."""
    numbered = [replace(record, row_no=number, entry_seq=number) for number, record in enumerate(rows)]
    return measure_view("sidebeat", told or truth(turns), sidebeat_rows(numbered))


def kinds(quality: ViewQuality) -> list[str]:
    """What was found to be wrong."""
    return [finding.kind for finding in quality.findings]


def entry(seq: int, kind: str, *, log_seq: int | None = None, **fields: Any) -> TranscriptEntryRecord:
    """One of upstream's entries."""
    return TranscriptEntryRecord(
        run_id="r1",
        seq=seq,
        at_ms=float(seq),
        log_seq=seq if log_seq is None else log_seq,
        kind=kind,
        entry_json=json.dumps({"kind": kind, "ts": "t", **fields}),
    )


def entries(*told: dict[str, Any]) -> list[TranscriptEntryRecord]:
    """Entries in order."""
    return [entry(seq, **fields) for seq, fields in enumerate(told)]


def stderr(seq: int, chunk: str) -> LogChunkRecord:
    """A chunk of standard error."""
    return LogChunkRecord(run_id="r1", seq=seq, ts="t", stream="stderr", chunk=chunk)
