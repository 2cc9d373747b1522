"""One screenful at a time: a synchronous read of a few rows, cheap enough for the screen's own thread."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from store.errors import sqlite_failure
from store.opening import connect_read_only
from store.records import LogChunkRecord, TranscriptRowRecord
from store.tables import LOG_CHUNKS, TRANSCRIPT_ROWS, SqlValue

_BUSY_TIMEOUT_MS: Final = 250  # the screen waits no longer; readers of a write-ahead log hardly ever wait

_PAGE_OF_ROWS: Final = f"{TRANSCRIPT_ROWS.select()} WHERE run_id = ? AND row_no >= ? ORDER BY row_no LIMIT ?"
_PAGE_OF_CHUNKS: Final = f"{LOG_CHUNKS.select()} WHERE run_id = ? AND seq >= ? ORDER BY seq LIMIT ?"


class TranscriptPager:
    """A read-only view of the transcripts and logs in one file, always as last committed.

    Belongs to the thread that made it. Raises StoreError when the file cannot be read.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection = connect_read_only(path, _BUSY_TIMEOUT_MS)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def row_count(self, run_id: str) -> int:
        """How many rows the run's transcript has. Row numbers have no gaps, so two index look-ups tell."""
        return self._count("transcript_rows", "row_no", run_id)

    def rows(self, run_id: str, first_row_no: int, limit: int) -> list[TranscriptRowRecord]:
        """At most `limit` rows from `first_row_no` on."""
        return [TRANSCRIPT_ROWS.from_row(row) for row in self._fetch(_PAGE_OF_ROWS, run_id, first_row_no, limit)]

    def log_chunk_count(self, run_id: str) -> int:
        """How many chunks the run's raw log has. Sequence numbers have no gaps."""
        return self._count("log_chunks", "seq", run_id)

    def log_chunks(self, run_id: str, first_seq: int, limit: int) -> list[LogChunkRecord]:
        """At most `limit` chunks from `first_seq` on."""
        return [LOG_CHUNKS.from_row(row) for row in self._fetch(_PAGE_OF_CHUNKS, run_id, first_seq, limit)]

    def _count(self, table: str, column: str, run_id: str) -> int:
        of_run = f"FROM {table} WHERE run_id = ?1"
        sql = f"SELECT (SELECT max({column}) {of_run}) - (SELECT min({column}) {of_run}) + 1"
        return self._fetch(sql, run_id)[0][0] or 0

    def _fetch(self, sql: str, *parameters: SqlValue) -> list[Any]:
        try:
            return self._connection.execute(sql, parameters).fetchall()
        except sqlite3.Error as error:
            raise sqlite_failure(self._path, "read", error) from error
