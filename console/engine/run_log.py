"""One run's log on its way: stored raw, split into lines, parsed by upstream's parser, and read as rows."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import groupby

from adapters.bridge import AdapterThrewError, Bridge, BridgeError
from adapters.bridge.messages import Log, ParsedLine
from adapters.line_splitter import AssembledLine, LogLineAssembler
from adapters.transcript import TranscriptFormat, TranscriptView, ViewRow
from console.engine.events import EventFeed, LogAppended, RowsChanged
from store import Store
from store.records import LogChunkRecord, TranscriptEntryRecord, TranscriptRowRecord

PARSE_BATCH_LINES = 500
AGENT_KINDS = frozenset({"assistant", "thinking", "tool_call"})


@dataclass(frozen=True, slots=True)
class _StdoutLine:
    line: AssembledLine
    at_ms: float


@dataclass(frozen=True, slots=True)
class _StderrLine:
    text: str
    at_ms: float


@dataclass(frozen=True, slots=True)
class _RequestMark:
    index: int
    title: str
    body: str
    at_ms: float


@dataclass(frozen=True, slots=True)
class _SystemNote:
    text: str
    at_ms: float


_Item = _StdoutLine | _StderrLine | _RequestMark | _SystemNote


class RunLog:
    """Takes chunks in order; a task of its own parses and stores, so that the adapter never waits for the screen."""

    def __init__(self, run_id: str, bridge: Bridge, form: TranscriptFormat, store: Store, feed: EventFeed) -> None:
        self._run_id = run_id
        self._bridge = bridge
        self._store = store
        self._feed = feed
        self._view = TranscriptView(form)
        self._assemblers = {"stdout": LogLineAssembler(), "stderr": LogLineAssembler()}
        self._pending: list[_Item] = []
        self._something_pending = asyncio.Event()
        self._ended = False
        self._reader = asyncio.create_task(self._read_until_ended(), name=f"log of run {run_id}")
        self._digest = hashlib.sha256()
        self._entry_count = 0
        self._last_at_ms = 0.0
        self.log_bytes = 0
        self.agent_error: str | None = None
        """The error in which the agent's last turn ended; a later turn that works clears it."""
        self.said_anything = False

    @property
    def log_sha256(self) -> str:
        """Over the UTF-8 of all chunks in order."""
        return self._digest.hexdigest()

    @property
    def row_count(self) -> int:
        """Rows of the transcript view so far."""
        return self._view.row_count

    def take(self, report: Log) -> None:
        """A chunk from the adapter: kept as it came, then cut into lines."""
        chunk = LogChunkRecord(
            run_id=self._run_id, seq=report.seq, ts=report.ts, stream=report.stream, chunk=report.chunk
        )
        data = report.chunk.encode("utf-8", "surrogatepass")
        self._digest.update(data)
        self.log_bytes += len(data)
        self._store.put(chunk)
        self._feed.publish(LogAppended(chunk))
        lines = self._assemblers[report.stream].feed(report.chunk, ts=report.ts, log_seq=report.seq)
        self._add_lines(report.stream, lines, report.at_ms)

    def mark_request(self, index: int, title: str, body: str, *, at_ms: float) -> None:
        """A request reached the model endpoint."""
        self._add(_RequestMark(index, title, body, at_ms))

    def note(self, text: str, *, at_ms: float) -> None:
        """Something that the adapter said outside of its log, or that is to be said of it: a `system` row."""
        self._last_at_ms = max(self._last_at_ms, at_ms)
        self._add(_SystemNote(text, at_ms))

    async def finish(self) -> None:
        """The adapter has returned: everything that it said is read, stored and shown."""
        for stream, assembler in self._assemblers.items():
            self._add_lines(stream, assembler.finish(), self._last_at_ms)
        self._ended = True
        self._something_pending.set()
        await self._reader
        self._show(self._view.finish())

    def show_failure(self, title: str, body: str) -> None:
        """The run's failure, as the last row of its transcript."""
        self._show(self._view.take_failure(title, body, at_ms=self._last_at_ms))

    def _add_lines(self, stream: str, lines: Sequence[AssembledLine], at_ms: float) -> None:
        self._last_at_ms = max(self._last_at_ms, at_ms)
        for line in lines:
            self._add(_StdoutLine(line, at_ms) if stream == "stdout" else _StderrLine(line.text, at_ms))

    def _add(self, item: _Item) -> None:
        self._pending.append(item)
        self._something_pending.set()

    async def _read_until_ended(self) -> None:
        while not self._ended or self._pending:
            await self._something_pending.wait()
            self._something_pending.clear()
            items, self._pending = self._pending, []
            for kind, group in groupby(items, key=type):
                if kind is _StdoutLine:
                    await self._read_stdout([item for item in group if isinstance(item, _StdoutLine)])
                else:
                    for item in group:
                        self._read_other(item)

    async def _read_stdout(self, lines: list[_StdoutLine]) -> None:
        for start in range(0, len(lines), PARSE_BATCH_LINES):
            batch = lines[start : start + PARSE_BATCH_LINES]
            parsed = await self._parse([item.line for item in batch])
            for item, line in zip(batch, parsed, strict=True):
                self._take_parsed(line, item.at_ms)

    async def _parse(self, lines: list[AssembledLine]) -> list[ParsedLine]:
        """Upstream's entries; when its parser or its process is gone, the lines stay readable as they are."""
        try:
            return await self._bridge.parse(self._run_id, lines)
        except (BridgeError, AdapterThrewError):
            return [
                ParsedLine(
                    log_seq=line.log_seq,
                    text=line.text,
                    entries=[{"kind": "stdout", "ts": line.ts, "text": line.text, "unparsed": True}],
                )
                for line in lines
            ]

    def _take_parsed(self, line: ParsedLine, at_ms: float) -> None:
        first_seq = self._entry_count
        for entry in line.entries:
            kind = str(entry.get("kind", "unknown"))
            record = TranscriptEntryRecord(
                run_id=self._run_id,
                seq=self._entry_count,
                at_ms=at_ms,
                log_seq=line.log_seq,
                kind=kind,
                entry_json=json.dumps(entry, ensure_ascii=False),
            )
            self._store.put(record)
            self._entry_count += 1
        self._show(self._view.take_line(line, at_ms=at_ms, first_entry_seq=first_seq))

    def _read_other(self, item: _Item) -> None:
        if isinstance(item, _StderrLine):
            self._show(self._view.take_stderr(item.text, at_ms=item.at_ms))
        elif isinstance(item, _RequestMark):
            self._show(self._view.take_request(item.index, item.title, item.body, at_ms=item.at_ms))
        elif isinstance(item, _SystemNote):
            # No line of the log stands behind it, so it has no place among the stored entries.
            line = ParsedLine(log_seq=-1, text="", entries=[{"kind": "system", "ts": "", "text": item.text}])
            self._show(self._view.take_line(line, at_ms=item.at_ms, first_entry_seq=-1))

    def _show(self, rows: Sequence[ViewRow]) -> None:
        if not rows:
            return
        records = tuple(TranscriptRowRecord(run_id=self._run_id, **asdict(row)) for row in rows)
        for record in records:
            self._note(record)
            self._store.put(record)
        self._feed.publish(RowsChanged(self._run_id, records))

    def _note(self, row: TranscriptRowRecord) -> None:
        if row.kind in AGENT_KINDS:
            self.said_anything = True
            self.agent_error = None
        elif row.kind == "error" and row.entry_seq >= 0:
            self.agent_error = row.body
