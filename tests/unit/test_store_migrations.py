"""The schema is built in numbered steps, each applied whole or not at all."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Final

import pytest

from console.engine.resume.judging import judge_run
from store import Queries, Store
from store.migrations import Migration, migrate, schema_version, shipped_migrations
from store.opening import APPLICATION_ID
from store.records import ProcessSampleRecord, RunRecord
from store.tables import TABLES
from tests.unit.store_samples import fixed_clock, sample

_TABLE_OF: Final = {RunRecord: "runs", ProcessSampleRecord: "process_samples"}

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


async def test_what_an_older_console_stored_is_read_with_nothing_where_it_knew_nothing(tmp_path: Path) -> None:
    path = tmp_path / "sidebeat.sqlite"
    first = shipped_migrations()[:1]
    with closing(sqlite3.connect(path, isolation_level=None)) as old:
        migrate(old, first, fixed_clock)
        for record in (
            sample(RunRecord, id="run-1", status="succeeded", beat_index=1, prompt=None, canaries_json=None),
            sample(RunRecord, id="run-2", status="succeeded", beat_index=2, prompt=None, canaries_json=None),
            sample(ProcessSampleRecord, run_id="run-1", at_ms=1.0, pss_bytes=None),
        ):
            known = {row[1] for row in old.execute(f"PRAGMA table_info({_TABLE_OF[type(record)]})")}
            values = {name: value for name, value in asdict(record).items() if name in known}
            marks = ", ".join("?" * len(values))
            insert = f"INSERT INTO {_TABLE_OF[type(record)]} ({', '.join(values)}) VALUES ({marks})"
            old.execute(insert, list(values.values()))

    async with await Store.open(path, fixed_clock) as store, await Queries.open(path) as queries:
        await store.flush()
        later = await queries.run("run-2")
        assert later is not None
        assert (later.prompt, later.canaries_json, len(await queries.run_facts())) == (None, None, 2)
        assert [item.pss_bytes for item in await queries.process_samples("run-1")] == [None]
        assert await judge_run(queries, later) is None
        assert (await queries.resume_verdicts(), await queries.experiments()) == ({}, [])
