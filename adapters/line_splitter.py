"""Bytes or text into lines, however they were cut on the way."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

MAX_LINE_BYTES = 8 * 1024 * 1024
"""Longer lines are not parsed: their head is kept, with their size and hash."""

HEAD_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class OversizeLine:
    """A line past `MAX_LINE_BYTES`: its first 64 KiB, its whole size, and what it hashed to."""

    head: bytes
    size_bytes: int
    sha256: str


class ByteLineSplitter:
    """Cuts a byte stream at newlines, in time linear in its length and in bounded memory.

    `feed` returns the lines that became complete, without their newline. A line that outgrows the limit is hashed as it
    passes and returned as an `OversizeLine`.
    """

    def __init__(self, max_line_bytes: int = MAX_LINE_BYTES) -> None:
        self._max_line_bytes = max_line_bytes
        self._parts: list[bytes] = []
        self._size_bytes = 0
        self._overflow: _Overflow | None = None

    def feed(self, data: bytes) -> list[bytes | OversizeLine]:
        """Take the next bytes of the stream; returns what became complete."""
        lines: list[bytes | OversizeLine] = []
        *complete, rest = data.split(b"\n")
        for part in complete:
            self._append(part)
            lines.append(self._take())
        self._append(rest)
        return lines

    def finish(self) -> list[bytes | OversizeLine]:
        """The end of the stream: what is left is a line if it holds anything."""
        return [self._take()] if self._size_bytes else []

    def _append(self, part: bytes) -> None:
        self._size_bytes += len(part)
        if self._overflow is not None:
            self._overflow.add(part)
            return
        self._parts.append(part)
        if self._size_bytes > self._max_line_bytes:
            self._overflow = _Overflow(b"".join(self._parts), min(HEAD_BYTES, self._max_line_bytes))
            self._parts = []

    def _take(self) -> bytes | OversizeLine:
        overflow, parts, size_bytes = self._overflow, self._parts, self._size_bytes
        self._overflow, self._parts, self._size_bytes = None, [], 0
        if overflow is not None:
            return OversizeLine(overflow.head, size_bytes, overflow.sha256)
        return b"".join(parts)


class _Overflow:
    def __init__(self, data: bytes, head_bytes: int) -> None:
        self.head = data[:head_bytes]
        self._digest = hashlib.sha256(data)

    def add(self, part: bytes) -> None:
        self._digest.update(part)

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()


@dataclass(frozen=True, slots=True)
class AssembledLine:
    """A complete line of a run log; `log_seq` is the chunk in which it ended."""

    text: str
    ts: str
    log_seq: int


@dataclass(slots=True)
class LogLineAssembler:
    """Joins the chunks of one log stream into lines, as Paperclip's web UI does (`ui/src/adapters/transcript.ts`)."""

    _parts: list[str] = field(default_factory=list[str])
    _last_ts: str = ""
    _last_seq: int = 0

    def feed(self, chunk: str, *, ts: str, log_seq: int) -> list[AssembledLine]:
        """The lines that this chunk completes, blank ones left out."""
        self._last_ts, self._last_seq = ts, log_seq
        *complete, rest = chunk.split("\n")
        lines: list[AssembledLine] = []
        for part in complete:
            self._parts.append(part)
            lines += self._take()
        if rest:
            self._parts.append(rest)
        return lines

    def finish(self) -> list[AssembledLine]:
        """The unterminated last line, if the stream ended without a newline."""
        return self._take()

    def _take(self) -> list[AssembledLine]:
        text = "".join(self._parts).strip()
        self._parts.clear()
        return [AssembledLine(text, self._last_ts, self._last_seq)] if text else []
