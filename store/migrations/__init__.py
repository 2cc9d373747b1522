"""The numbered SQL files that build the schema, each applied once in a transaction of its own."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import resources
from typing import Final

Clock = Callable[[], datetime]
"""The time now; aware, in any zone."""

_FILE_NAME: Final = re.compile(r"(?P<version>\d{4})_(?P<name>\w+)\.sql")


@dataclass(frozen=True, slots=True)
class Migration:
    """One step of the schema; versions count from 1 without a gap."""

    version: int
    name: str
    sql: str


def shipped_migrations() -> tuple[Migration, ...]:
    """The migrations beside this file, in order."""
    found: list[Migration] = []
    for file in resources.files(__name__).iterdir():
        match = _FILE_NAME.fullmatch(file.name)
        if match:
            found.append(Migration(int(match["version"]), match["name"], file.read_text("utf-8")))
    return tuple(sorted(found, key=lambda migration: migration.version))


def iso_time(moment: datetime) -> str:
    """ISO-8601 UTC with milliseconds and a Z."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def schema_version(connection: sqlite3.Connection) -> int:
    """The version of the last migration applied; 0 for an empty file."""
    return connection.execute("PRAGMA user_version").fetchone()[0]


def migrate(connection: sqlite3.Connection, migrations: Sequence[Migration], clock: Clock) -> None:
    """Apply what is missing; a migration that fails leaves no trace. The connection must be in autocommit mode.

    The version is read again under the write lock, since another console may be migrating the same file.
    """
    for migration in migrations:
        connection.execute("BEGIN IMMEDIATE")
        with connection:  # commits, or rolls back whatever is raised
            if schema_version(connection) < migration.version:
                _apply(connection, migration, iso_time(clock()))


def _apply(connection: sqlite3.Connection, migration: Migration, applied_at: str) -> None:
    for statement in _statements(migration.sql):
        connection.execute(statement)
    connection.execute(
        "INSERT INTO schema_migrations (version, name, applied_at) VALUES (?, ?, ?)",
        (migration.version, migration.name, applied_at),
    )
    connection.execute(f"PRAGMA user_version = {migration.version:d}")


def _statements(sql: str) -> Iterator[str]:
    """The statements one by one: `executescript` would end the open transaction."""
    pending = ""
    for line in sql.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            yield pending
            pending = ""
    if pending.strip():
        yield pending
