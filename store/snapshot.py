"""Reading a database as it stands at one moment, and telling which content that is."""

from __future__ import annotations

import asyncio
import hashlib
import sqlite3
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import aiosqlite

from store.errors import sqlite_failure
from store.opening import BUSY_TIMEOUT_MS, connect_read_only, read_only_uri
from store.queries import Queries
from store.tables import TABLES, Table, blob_to_sql

REPORT_SUBJECT: Final = "report"
"""The subject of measurements that note the writing of a report: to note it is not to change what it says."""

_LEFT_OUT: Final = frozenset({"processes", "log_chunks"})
"""Who is alive says nothing of the evidence, and `runs.log_sha256` covers the log."""

_LEFT_OUT_COLUMNS: Final = {"runtimes": frozenset({"seen_at"})}
"""Renewed whenever a console opens the file."""

_ROWS_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Reads that all see the same commit, and the SHA-256 of the rows that evidence rests on."""

    queries: Queries
    fingerprint: str


@asynccontextmanager
async def open_snapshot(path: Path, *, busy_timeout_ms: int = BUSY_TIMEOUT_MS) -> AsyncGenerator[Snapshot]:
    """Open `path` read-only at its newest commit. Raises StoreError as `Queries.open` does."""
    await asyncio.to_thread(_refuse_unreadable, path, busy_timeout_ms)
    try:
        connection = await aiosqlite.connect(
            read_only_uri(path), uri=True, timeout=busy_timeout_ms / 1000, isolation_level=None
        )
        try:
            await connection.execute("BEGIN")
            yield Snapshot(Queries(connection, path), await _fingerprint(connection))
        finally:
            await connection.close()
    except sqlite3.Error as error:
        raise sqlite_failure(path, "read", error) from error


def _refuse_unreadable(path: Path, busy_timeout_ms: int) -> None:
    connect_read_only(path, busy_timeout_ms).close()


async def _fingerprint(connection: aiosqlite.Connection) -> str:
    """Independent of the file's name, its pages and the order of insertion."""
    digest = hashlib.sha256()
    for table in TABLES:
        if table.name in _LEFT_OUT:
            continue
        columns = [name for name in table.columns if name not in _LEFT_OUT_COLUMNS.get(table.name, ())]
        digest.update(f"table {table.name} {' '.join(columns)}\n".encode())
        async with connection.execute(_select(table, columns)) as cursor:
            while rows := await cursor.fetchmany(_ROWS_AT_ONCE):
                for row in rows:
                    _add(digest, row)
    return digest.hexdigest()


def _select(table: Table[Any], columns: list[str]) -> str:
    condition = f"WHERE subject <> '{REPORT_SUBJECT}'" if table.name == "measurements" else ""
    order = ", ".join(table.key)
    return f"SELECT {', '.join(columns)} FROM {table.name} {condition} ORDER BY {order}"  # noqa: S608 -- our own names


def _add(digest: Any, row: Any) -> None:
    """Each value with its type and length, so that no two different rows are written alike."""
    for value in row:
        written = (
            value
            if isinstance(value, bytes)
            else blob_to_sql(value)
            if isinstance(value, str)
            else repr(value).encode()
        )
        digest.update(f"{type(value).__name__} {len(written)} ".encode())
        digest.update(written)
