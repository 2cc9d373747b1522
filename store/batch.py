"""What waits for the next commit, and how it is written."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import aiosqlite

from store.records import SessionDeleted, Write
from store.tables import SESSIONS, TABLE_OF, Table

_DELETE_SESSION = f"DELETE FROM {SESSIONS.name} WHERE {' AND '.join(f'{column} = ?' for column in SESSIONS.key)}"  # noqa: S608  # (names are constants of store.tables)


def _session_key(deleted: SessionDeleted) -> tuple[str, str, str]:
    return deleted.agent_id, deleted.adapter_type, deleted.task_key


class Batch:
    """Writes of one commit, in order of arrival; of several with one key only the last is kept.

    Writes to different keys never meet within a transaction, so each table's rows can be written in one go.
    """

    def __init__(self) -> None:
        self._writes: dict[tuple[Any, ...], Write] = {}

    def __len__(self) -> int:
        return len(self._writes)

    def add(self, write: Write) -> None:
        """Take `write`; raises ValueError for a number that cannot be stored."""
        if isinstance(write, SessionDeleted):
            self._writes[SESSIONS.name, *_session_key(write)] = write
            return
        table = TABLE_OF[type(write)]
        table.refuse_bad_numbers(write)
        self._writes[table.name, *table.key_of(write)] = write

    async def write_to(self, connection: aiosqlite.Connection) -> None:
        """Write everything within the open transaction; values are encoded on the connection's thread."""
        deleted: list[SessionDeleted] = []
        records_of: dict[type, list[Any]] = {}
        for write in self._writes.values():
            if isinstance(write, SessionDeleted):
                deleted.append(write)
            else:
                records_of.setdefault(type(write), []).append(write)
        for record_type, records in records_of.items():
            table: Table[Any] = TABLE_OF[record_type]
            await connection.executemany(table.upsert_sql, map(table.to_row, records))
        if deleted:
            await connection.executemany(_DELETE_SESSION, map(_session_key, deleted))


async def write_records(connection: aiosqlite.Connection, writes: Iterable[Write]) -> None:
    """Write within a transaction that the caller holds, as the function given to `Store.transaction` does."""
    batch = Batch()
    for write in writes:
        batch.add(write)
    await batch.write_to(connection)
