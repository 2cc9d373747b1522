"""Rows of a run, read from the store a page at a time, with what is not in the file yet laid over them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from typing import Final, Generic, Protocol, TypeVar

from store.records import LogChunkRecord, TranscriptRowRecord

RowT = TypeVar("RowT")

PAGE_ROWS: Final = 32
"""Rows read at once."""

_KEPT_ROWS: Final = 512
"""Stored rows kept in memory: several screens' worth."""

_KEPT_LIVE_ROWS: Final = 1_024
"""Live rows kept: more than arrive within the 50 ms until the file has them."""


class RowSource(Protocol):
    """Where stored rows come from, in well under a frame; `store.pager.TranscriptPager` is one."""

    def row_count(self, run_id: str) -> int:
        """How many rows the transcript has."""
        ...

    def rows(self, run_id: str, first_row_no: int, limit: int) -> Sequence[TranscriptRowRecord]:
        """At most `limit` rows from `first_row_no` on."""
        ...

    def log_chunk_count(self, run_id: str) -> int:
        """How many chunks the raw log has."""
        ...

    def log_chunks(self, run_id: str, first_seq: int, limit: int) -> Sequence[LogChunkRecord]:
        """At most `limit` chunks from `first_seq` on."""
        ...


class PagedRows(Generic[RowT]):
    """Rows numbered from 0; only those asked for are read, and only a few hundred are kept."""

    def __init__(self, stored_count: int, read: Callable[[int, int], Sequence[RowT]], number: Callable[[RowT], int]):
        self._count = stored_count
        self._read = read
        self._number = number
        self._stored: OrderedDict[int, RowT] = OrderedDict()
        self._live: dict[int, RowT] = {}

    @property
    def count(self) -> int:
        """How many rows there are, live ones included."""
        return self._count

    def take(self, rows: Iterable[RowT]) -> None:
        """New or replaced rows that the file will have within the next commit."""
        for row in rows:
            number = self._number(row)
            self._live[number] = row
            self._count = max(self._count, number + 1)
        while len(self._live) > _KEPT_LIVE_ROWS:
            oldest = min(self._live)
            del self._live[oldest]
            self._stored.pop(oldest, None)  # read again, in its last state

    def row(self, number: int) -> RowT | None:
        """One row; None when the file does not have it (yet)."""
        if number in self._live:
            return self._live[number]
        if number not in self._stored:
            self._read_page(number)
        if number in self._stored:
            self._stored.move_to_end(number)
        return self._stored.get(number)

    def _read_page(self, number: int) -> None:
        for row in self._read(number - number % PAGE_ROWS, PAGE_ROWS):
            self._stored[self._number(row)] = row
        while len(self._stored) > _KEPT_ROWS:
            self._stored.popitem(last=False)


def transcript_rows(source: RowSource, run_id: str) -> PagedRows[TranscriptRowRecord]:
    """The transcript of a run."""

    def read(first: int, limit: int) -> Sequence[TranscriptRowRecord]:
        return source.rows(run_id, first, limit)

    return PagedRows(source.row_count(run_id), read, lambda row: row.row_no)


def log_rows(source: RowSource, run_id: str) -> PagedRows[LogChunkRecord]:
    """The raw log of a run, chunk by chunk."""

    def read(first: int, limit: int) -> Sequence[LogChunkRecord]:
        return source.log_chunks(run_id, first, limit)

    return PagedRows(source.log_chunk_count(run_id), read, lambda chunk: chunk.seq)
