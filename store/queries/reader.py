"""What all queries share: a connection, and rows turned into records."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar

import aiosqlite

from store.errors import sqlite_failure
from store.tables import SqlValue, Table, text_to_sql

RecordT = TypeVar("RecordT")


class Reader:
    """Runs SELECTs; parameters that are text are bound the way they were stored."""

    def __init__(self, connection: aiosqlite.Connection, path: Path = Path("the database")) -> None:
        """`path` names the file in errors."""
        self._connection = connection
        self._path = path

    async def whole_table(self, table: Table[RecordT]) -> list[RecordT]:
        """Every record of a table, in the order of its key."""
        return await self._records(table, f"ORDER BY {', '.join(table.key)}")

    async def _rows(self, sql: str, *parameters: SqlValue) -> list[Any]:
        bound = [text_to_sql(value) if isinstance(value, str) else value for value in parameters]
        try:
            return list(await self._connection.execute_fetchall(sql, bound))
        except sqlite3.Error as error:
            raise sqlite_failure(self._path, "read", error) from error

    async def _value(self, sql: str, *parameters: SqlValue) -> Any:
        """The first column of the only row."""
        return (await self._rows(sql, *parameters))[0][0]

    async def _records(
        self, table: Table[RecordT], clauses: str = "", *parameters: SqlValue, without: str | None = None
    ) -> list[RecordT]:
        """The records of `table` under `clauses` (`WHERE ...`, `ORDER BY ...`)."""
        rows = await self._rows(f"{table.select(without=without)} {clauses}", *parameters)
        return [table.from_row(row) for row in rows]

    async def _record(self, table: Table[RecordT], clauses: str, *parameters: SqlValue) -> RecordT | None:
        """The one record that matches, if any."""
        found = await self._records(table, clauses, *parameters)
        return found[0] if found else None


def where(conditions: Iterable[tuple[str, SqlValue]]) -> tuple[str, list[SqlValue]]:
    """`WHERE a = ? AND b = ?` and its parameters; a condition whose value is None is left out."""
    given = [(column, value) for column, value in conditions if value is not None]
    if not given:
        return "", []
    return "WHERE " + " AND ".join(f"{column} = ?" for column, _ in given), [value for _, value in given]
