"""The schema is built in numbered steps, each applied whole or not at all."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator
from contextlib import closing

import pytest

from store.migrations import Migration, migrate, schema_version, shipped_migrations
from store.opening import APPLICATION_ID
from store.tables import TABLES
from tests.unit.store_samples import fixed_clock

NEXT = Migration(
    version=len(shipped_migrations()) + 1,
    name="notes",
    sql="""
    CREATE TABLE notes (body TEXT); -- a comment; with a semicolon
    CREATE TRIGGER note AFTER INSERT ON notes BEGIN UPDATE notes SET body = ';'; END;
    INSERT INTO notes VALUES ('a');
    """,
)


@pytest.fixture
def database() -> Generator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        yield connection


def tables_of(connection: sqlite3.Connection) -> set[str]:
    return {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def test_versions_count_from_one_without_a_gap() -> None:
    migrations = shipped_migrations()

    assert [migration.version for migration in migrations] == list(range(1, len(migrations) + 1))


def test_an_empty_file_gets_every_table_and_is_marked_as_ours(database: sqlite3.Connection) -> None:
    migrate(database, shipped_migrations(), fixed_clock)

    assert tables_of(database) == {table.name for table in TABLES} | {"schema_migrations"}
    assert schema_version(database) == len(shipped_migrations())
    assert database.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
    assert database.execute("SELECT * FROM schema_migrations").fetchall() == [
        (migration.version, migration.name, "2026-01-31T09:30:00.000Z") for migration in shipped_migrations()
    ]


def test_an_older_schema_gets_only_what_it_lacks(database: sqlite3.Connection) -> None:
    migrate(database, shipped_migrations(), fixed_clock)
    database.execute("INSERT INTO metrics VALUES ('r1', 'requests', 3, 'count')")

    migrate(database, [*shipped_migrations(), NEXT], fixed_clock)

    assert schema_version(database) == NEXT.version
    assert database.execute("SELECT body FROM notes").fetchall() == [(";",)]
    assert database.execute("SELECT count(*) FROM metrics").fetchone() == (1,)


def test_a_failing_migration_leaves_no_trace(database: sqlite3.Connection) -> None:
    migrate(database, shipped_migrations(), fixed_clock)
    before = tables_of(database)
    failing = Migration(NEXT.version, "failing", NEXT.sql + "INSERT INTO missing VALUES (1);")

    with pytest.raises(sqlite3.OperationalError, match="no such table: missing"):
        migrate(database, [*shipped_migrations(), failing], fixed_clock)

    assert (tables_of(database), schema_version(database)) == (before, len(shipped_migrations()))
    assert not database.in_transaction
