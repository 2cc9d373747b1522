"""The de-duplicated transcript: a pure reducer from parsed lines to rows.

Upstream's parsers show one text up to five times (its deltas, its end, the message, the turn, the whole run) and the
prompt as the assistant's. The view keeps each item once, in the order in which it happened. Upstream's entries stay
untouched beside it.
"""

from __future__ import annotations

import json
from collections import deque
from dataclasses import dataclass, field, replace
from typing import Any, cast

from adapters.bridge.messages import ParsedLine
from adapters.contract import TranscriptEntry
from adapters.transcript.formats import TranscriptFormat

REMEMBERED_BLOCKS = 32
"""So many texts of a kind are compared with one that comes as a whole."""


@dataclass(frozen=True, slots=True)
class ViewRow:
    """One row of the view. `row_no` counts from 0 in a run; a row may be replaced until it is `closed`.

    `kind` is upstream's, plus `request` (a request reached the model endpoint) and `error` (a failure that upstream's
    parser does not show). `at_ms` is milliseconds since `execute` was called.
    """

    row_no: int
    at_ms: float
    kind: str
    title: str
    body: str
    entry_seq: int
    tool: str | None = None
    tool_use_id: str | None = None
    is_error: bool = False
    request_index: int | None = None
    closed: bool = True


@dataclass(slots=True)
class TranscriptView:
    """Feed it each parsed line once, in order; every call returns the rows that are new or changed."""

    format: TranscriptFormat
    _row_count: int = 0
    _open: ViewRow | None = None
    _said: dict[str, deque[str]] = field(default_factory=dict[str, deque[str]])
    _tools: dict[str, str] = field(default_factory=dict[str, str])
    _results: dict[str, ViewRow] = field(default_factory=dict[str, ViewRow])

    @property
    def row_count(self) -> int:
        """How many rows there are by now."""
        return self._row_count

    def take_line(self, line: ParsedLine, *, at_ms: float, first_entry_seq: int) -> list[ViewRow]:
        """The rows that one parsed log line adds or changes."""
        if line.error is not None:
            return self._add(at_ms, first_entry_seq, "error", "the adapter's parser failed", line.error, is_error=True)
        changed: list[ViewRow] = []
        for offset, entry in self.format.readings(line):
            changed += self._take_entry(entry, at_ms, first_entry_seq + offset)
        return changed

    def take_request(self, request_index: int, title: str, body: str, *, at_ms: float) -> list[ViewRow]:
        """A request reached the model endpoint: the anchor that both lanes share.

        It may overtake the last pieces of the answer before, which take the way through the agent's log.
        """
        closes = not self.format.ends_texts
        return self._add(at_ms, -1, "request", title, body, request_index=request_index, closes=closes)

    def take_stderr(self, text: str, *, at_ms: float) -> list[ViewRow]:
        """A line of standard error, which upstream shows as an entry of its own."""
        return self._add(at_ms, -1, "stderr", "", text, closes=False)

    def take_failure(self, title: str, body: str, *, at_ms: float) -> list[ViewRow]:
        """A failure that the engine saw, shown where it happened."""
        return self._add(at_ms, -1, "error", title, body, is_error=True)

    def finish(self) -> list[ViewRow]:
        """The stream has ended: what is still open is closed."""
        return self._close()

    def _take_entry(self, entry: TranscriptEntry, at_ms: float, seq: int) -> list[ViewRow]:
        if entry.kind in ("assistant", "thinking"):
            return self._take_text(entry, at_ms, seq)
        if entry.kind == "tool_call":
            return self._take_tool_call(entry, at_ms, seq)
        if entry.kind == "tool_result":
            return self._take_tool_result(entry, at_ms, seq)
        if entry.kind == "result":
            return self._take_result(entry, at_ms, seq)
        if entry.kind == "init":
            title = " · ".join(part for part in (entry.model, entry.session_id) if part)
            return self._add(at_ms, seq, "init", title, "")
        text = entry.text or _compact(entry.to_wire())
        return self._add(at_ms, seq, entry.kind, "", text, is_error=entry.kind == "error")

    def _take_text(self, entry: TranscriptEntry, at_ms: float, seq: int) -> list[ViewRow]:
        text = entry.text or ""
        open_row = self._open if self._open is not None and self._open.kind == entry.kind else None
        if entry.delta:
            if open_row is not None:
                return [self._keep_open(replace(open_row, body=open_row.body + text))]
            closed = self._close()
            row = ViewRow(self._next_row(), at_ms, entry.kind, "", text, seq, closed=False)
            return [*closed, self._keep_open(row)]
        if open_row is not None:
            self._open = replace(open_row, body=text)
            return self._close()
        if not text.strip() or self._was_said(entry.kind, text):
            return []
        self._remember(entry.kind, text)
        return self._add(at_ms, seq, entry.kind, "", text)

    def _remember(self, kind: str, text: str) -> None:
        self._said.setdefault(kind, deque(maxlen=REMEMBERED_BLOCKS)).append(text)

    def _was_said(self, kind: str, text: str) -> bool:
        """Whether the last texts of this kind make up this one: a message repeats its blocks as a whole."""
        whole = ""
        for block in reversed(self._said.get(kind, ())):
            whole = block + whole
            if len(whole) >= len(text):
                return whole == text
        return False

    def _take_tool_call(self, entry: TranscriptEntry, at_ms: float, seq: int) -> list[ViewRow]:
        use_id = entry.tool_use_id or ""
        if use_id and use_id in self._tools:
            return []
        name = entry.name or "tool"
        self._tools[use_id] = name
        title = tool_title(entry.input)
        body = "" if title == _plain(entry.input) else _compact(entry.input)
        return self._add(at_ms, seq, "tool_call", title, body, tool=name, tool_use_id=use_id or None)

    def _take_tool_result(self, entry: TranscriptEntry, at_ms: float, seq: int) -> list[ViewRow]:
        use_id = entry.tool_use_id or ""
        known = self._results.get(use_id) if use_id else None
        content, is_error = entry.content or "", bool(entry.is_error)
        if known is not None:
            content = known.body + content if entry.delta else content
            if (known.body, known.is_error) == (content, is_error):
                return []
            self._results[use_id] = replace(known, body=content, is_error=is_error)
            return [self._results[use_id]]
        tool = entry.tool_name or self._tools.get(use_id)
        rows = self._add(
            at_ms, seq, "tool_result", "", content, tool=tool, tool_use_id=use_id or None, is_error=is_error
        )
        self._results[use_id] = rows[-1]
        # What is said after a tool result is new, even in the same words.
        self._said.clear()
        return rows

    def _take_result(self, entry: TranscriptEntry, at_ms: float, seq: int) -> list[ViewRow]:
        errors = "\n".join(entry.errors or [])
        tokens = f"{entry.input_tokens or 0:,} tokens in, {entry.output_tokens or 0:,} out"
        title = f"{entry.subtype or 'end'} · {tokens}"
        return self._add(at_ms, seq, "result", title, errors, is_error=bool(entry.is_error))

    def _add(
        self,
        at_ms: float,
        seq: int,
        kind: str,
        title: str,
        body: str,
        *,
        tool: str | None = None,
        tool_use_id: str | None = None,
        is_error: bool = False,
        request_index: int | None = None,
        closes: bool = True,
    ) -> list[ViewRow]:
        closed = self._close() if closes else []
        row = ViewRow(
            self._next_row(), at_ms, kind, title, body, seq, tool, tool_use_id, is_error, request_index, closed=True
        )
        return [*closed, row]

    def _next_row(self) -> int:
        self._row_count += 1
        return self._row_count - 1

    def _keep_open(self, row: ViewRow) -> ViewRow:
        self._open = row
        return row

    def _close(self) -> list[ViewRow]:
        if self._open is None:
            return []
        row, self._open = replace(self._open, closed=True), None
        self._remember(row.kind, row.body)
        return [row]


def tool_title(tool_input: Any) -> str:
    """The one argument that says what a call does (its command or its path), else all of them on one line."""
    if isinstance(tool_input, dict):
        arguments = cast("dict[str, Any]", tool_input)
        for name in ("command", "path", "filePath", "pattern", "url"):
            value = arguments.get(name)
            if isinstance(value, str):
                return value
    return _plain(tool_input)


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else _compact(value)


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(", ", ": "))
