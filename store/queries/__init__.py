"""Reading the store: every query returns the records that were put."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path
from types import TracebackType
from typing import Self

import aiosqlite

from store.errors import sqlite_failure
from store.opening import BUSY_TIMEOUT_MS, connect_read_only, read_only_uri
from store.queries.experiments import ExperimentQueries
from store.queries.facts import FactQueries, RunFact
from store.queries.plan import PlanQueries
from store.queries.resume import ResumeQueries
from store.queries.runs import LaunchWithRuns, RunQueries
from store.queries.sessions import SessionQueries
from store.queries.streams import StreamQueries
from store.queries.work import WorkQueries

__all__ = ["LaunchWithRuns", "Queries", "RunFact"]


class Queries(
    RunQueries,
    WorkQueries,
    SessionQueries,
    StreamQueries,
    PlanQueries,
    ExperimentQueries,
    ResumeQueries,
    FactQueries,
):
    """All reads, over one connection; each sees what was committed before it began.

    `Queries(connection)` reads within a transaction of `Store.transaction`; `Queries.open(path)` reads a file by a
    connection of its own that cannot write. Every method raises StoreError when SQLite fails.
    """

    @classmethod
    async def open(cls, path: Path, *, busy_timeout_ms: int = BUSY_TIMEOUT_MS) -> Self:
        """Open `path` read-only; raises StoreError when it is missing, not Sidebeat's, damaged, older or newer."""
        await asyncio.to_thread(_refuse_unreadable, path, busy_timeout_ms)
        try:
            connection = await aiosqlite.connect(
                read_only_uri(path), uri=True, timeout=busy_timeout_ms / 1000, isolation_level=None
            )
        except sqlite3.Error as error:
            raise sqlite_failure(path, "read", error) from error
        return cls(connection, path)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connection."""
        await self._connection.close()


def _refuse_unreadable(path: Path, busy_timeout_ms: int) -> None:
    connect_read_only(path, busy_timeout_ms).close()
