"""Upstream's entries as Paperclip's UI would show them, as rows of the same kind as ours.

Source: `ui/src/adapters/transcript.ts` (neighbouring deltas of a kind are one entry; a chunk of standard error is one)
and `ui/src/components/transcript/RunTranscriptView.tsx`, `normalizeTranscript` (neighbouring texts of a kind are one
message; a result is shown in the card of its call, another one of the same call in a card of its own; standard output
during a command is put into the command's result; nothing is left out for having been said before).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from adapters.transcript.view import tool_title
from console.engine.quality.shown import Piece, ShownRow, joined
from store.records import LogChunkRecord, TranscriptEntryRecord, TranscriptRowRecord

_COMMAND_TOOLS = frozenset({"command_execution", "shell", "shellToolCall", "bash"})
_HIDDEN_STDERR = "[paperclip] skipping saved session resume"


@dataclass(slots=True)
class _Entry:
    seq: int
    at_ms: float
    fields: dict[str, Any]

    def text(self, name: str = "text") -> str:
        value = self.fields.get(name)
        return value if isinstance(value, str) else "" if value is None else json.dumps(value, ensure_ascii=False)

    @property
    def kind(self) -> str:
        return self.text("kind")

    @property
    def is_error(self) -> bool:
        return self.fields.get("isError") is True


@dataclass(slots=True)
class _Block:
    """What stands by itself on the page. A tool's has its call, its result, or both."""

    kind: str
    at_ms: float
    pieces: list[Piece] = field(default_factory=list[Piece])
    title: str = ""
    is_error: bool = False
    tool: str | None = None
    tool_use_id: str | None = None
    input: Any = None
    has_call: bool = False
    call_seq: int = -1
    is_running: bool = False

    @property
    def body(self) -> str:
        return joined(self.pieces)[0]


def paperclip_rows(
    run_id: str, entries: Sequence[TranscriptEntryRecord], stderr: Sequence[LogChunkRecord] = ()
) -> list[ShownRow]:
    """The rows that somebody sees who opens the run in Paperclip; a tool's call and its result are two."""
    page = _Page()
    for entry in _merged_deltas(_in_order(entries, stderr)):
        page.take(entry)
    rows: list[ShownRow] = []
    for block in page.blocks:
        for record, pieces in _records(block):
            rows.append(ShownRow(TranscriptRowRecord(run_id=run_id, row_no=len(rows), **record), pieces))
    return rows


def _in_order(entries: Sequence[TranscriptEntryRecord], stderr: Sequence[LogChunkRecord]) -> Iterator[_Entry]:
    """By the chunk of the log from which they come; a chunk of standard error has no time of its own."""
    waiting = sorted(stderr, key=lambda chunk: chunk.seq)
    at_ms = 0.0
    for entry in entries:
        while waiting and waiting[0].seq < entry.log_seq:
            yield _of_stderr(waiting.pop(0), at_ms)
        at_ms = entry.at_ms
        yield _Entry(entry.seq, entry.at_ms, cast("dict[str, Any]", json.loads(entry.entry_json)))
    for chunk in waiting:
        yield _of_stderr(chunk, at_ms)


def _of_stderr(chunk: LogChunkRecord, at_ms: float) -> _Entry:
    return _Entry(-1, at_ms, {"kind": "stderr", "text": chunk.chunk})


def _merged_deltas(entries: Iterator[_Entry]) -> Iterator[_Entry]:
    last: _Entry | None = None
    for entry in entries:
        if last is not None and _is_delta(entry) and _is_delta(last) and _channel(entry) == _channel(last):
            last.fields["text"] += entry.text()
            continue
        if last is not None:
            yield last
        last = _Entry(entry.seq, entry.at_ms, dict(entry.fields))
        if _is_delta(last):
            last.fields["text"] = last.text()
    if last is not None:
        yield last


def _is_delta(entry: _Entry) -> bool:
    return entry.kind in ("assistant", "thinking") and entry.fields.get("delta") is True


def _channel(entry: _Entry) -> tuple[str, Any]:
    return entry.kind, entry.fields.get("channel")


@dataclass(slots=True)
class _Page:
    """The blocks so far."""

    blocks: list[_Block] = field(default_factory=list[_Block])
    _pending: dict[str, _Block] = field(default_factory=dict[str, _Block])

    def take(self, entry: _Entry) -> None:
        if entry.kind in ("assistant", "user", "thinking"):
            self._join(entry.kind, entry)
        elif entry.kind == "tool_call":
            self._take_call(entry)
        elif entry.kind == "tool_result":
            self._take_result(entry)
        elif entry.kind in ("init", "result"):
            self._take_event(entry)
        elif entry.kind == "stderr":
            if not " ".join(entry.text().split()).lower().startswith(_HIDDEN_STDERR):
                self._join("stderr", entry)
        elif entry.kind == "system":
            if " ".join(entry.text().split()).lower() != "turn started":
                self._join("system", entry)
        else:
            self._take_output(entry)

    def _join(self, kind: str, entry: _Entry) -> None:
        piece = Piece(entry.text(), entry.seq)
        if self.blocks and self.blocks[-1].kind == kind:
            self.blocks[-1].pieces.append(piece)
        else:
            self.blocks.append(_Block(kind, entry.at_ms, [piece]))

    def _take_call(self, entry: _Entry) -> None:
        use_id = entry.text("toolUseId") or _use_id_of(entry.fields.get("input"))
        block = _Block(
            "tool",
            entry.at_ms,
            tool=entry.text("name") or "tool",
            tool_use_id=use_id or None,
            input=entry.fields.get("input"),
            has_call=True,
            call_seq=entry.seq,
            is_running=True,
        )
        self.blocks.append(block)
        if use_id:
            self._pending[use_id] = block

    def _take_result(self, entry: _Entry) -> None:
        use_id = entry.text("toolUseId")
        block = self._pending.pop(use_id, None) or self._last_running()
        if block is None:
            tool = entry.text("toolName") or "tool"
            block = _Block("tool", entry.at_ms, tool=tool, tool_use_id=use_id or None)
            self.blocks.append(block)
        block.pieces = [Piece(entry.text("content"), entry.seq)]
        block.is_error, block.is_running = entry.is_error, False

    def _take_event(self, entry: _Entry) -> None:
        if entry.kind == "init":
            parts = (entry.text("model"), entry.text("sessionId"))
            self.blocks.append(
                _Block("init", entry.at_ms, [Piece("", entry.seq)], title=" · ".join(filter(None, parts)))
            )
            return
        errors = entry.fields.get("errors")
        first_error = str(cast("list[object]", errors)[0]) if isinstance(errors, list) and errors else ""
        text = entry.text().strip() or first_error or ("Run failed" if entry.is_error else "Completed")
        detail = "" if entry.is_error or not entry.text().strip() else _tokens(entry.fields)
        self.blocks.append(
            _Block("result", entry.at_ms, [Piece(text, entry.seq)], title=detail, is_error=entry.is_error)
        )

    def _take_output(self, entry: _Entry) -> None:
        command = next((block for block in reversed(self.blocks) if _is_running_command(block)), None)
        if command is not None:
            command.pieces.append(Piece(entry.text(), entry.seq))
        else:
            self._join("diff" if entry.kind == "diff" else "stdout", entry)

    def _last_running(self) -> _Block | None:
        return next((block for block in reversed(self.blocks) if block.is_running), None)


def _use_id_of(tool_input: Any) -> str:
    if not isinstance(tool_input, dict):
        return ""
    known = cast("dict[str, Any]", tool_input)
    names = ("toolUseId", "tool_use_id", "callId", "call_id", "id")
    values = (known.get(name) for name in names)
    return next((value for value in values if isinstance(value, str) and value.strip()), "")


def _is_running_command(block: _Block) -> bool:
    return block.is_running and (block.tool in _COMMAND_TOOLS or bool({"command", "cmd"} & _keys(block.input)))


def _keys(value: Any) -> set[str]:
    return set(cast("dict[str, Any]", value)) if isinstance(value, dict) else set()


def _tokens(fields: Mapping[str, Any]) -> str:
    told = [_number(fields.get(name)) for name in ("inputTokens", "outputTokens", "costUsd")]
    return f"{told[0]:,.0f} / {told[1]:,.0f} / ${told[2]:.6f}"


def _number(value: Any) -> float:
    return value if isinstance(value, int | float) else 0.0


def _records(block: _Block) -> Iterator[tuple[dict[str, Any], tuple[Piece, ...]]]:
    shared = {"at_ms": block.at_ms, "closed": True}
    if block.kind != "tool":
        seq = block.pieces[0].entry_seq
        told = {"kind": block.kind, "title": block.title, "body": block.body, "is_error": block.is_error}
        yield {**shared, **told, "entry_seq": seq}, tuple(block.pieces)
        return
    named = {**shared, "tool": block.tool, "tool_use_id": block.tool_use_id}
    if block.has_call:
        title = tool_title(block.input)
        body = json.dumps(block.input, ensure_ascii=False)
        call = {"kind": "tool_call", "title": title, "body": body, "is_error": False, "entry_seq": block.call_seq}
        yield {**named, **call}, (Piece(body, block.call_seq),)
    if block.pieces:
        seq = block.pieces[0].entry_seq
        result = {"kind": "tool_result", "title": "", "body": block.body, "is_error": block.is_error, "entry_seq": seq}
        yield {**named, **result}, tuple(block.pieces)
