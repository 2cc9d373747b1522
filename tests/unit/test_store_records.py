"""What is put is read back equal, whatever text it holds."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator
from contextlib import closing
from dataclasses import fields
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store import Store
from store.migrations import migrate, shipped_migrations
from store.records import LogChunkRecord, MetricRecord, ModelRequestRecord, Record, TranscriptRowRecord
from store.tables import TABLES, Table
from tests.unit.store_samples import HOSTILE_TEXT, fixed_clock, sample

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=40)
STRATEGY_OF_TYPE: dict[Any, st.SearchStrategy[Any]] = {
    str: ANY_TEXT,
    bool: st.booleans(),
    int: st.integers(-(2**63), 2**63 - 1),
    float: st.floats(-1e18, 1e18),
}


def strategy_of(hint: Any) -> st.SearchStrategy[Any]:
    if get_origin(hint) is UnionType:
        return st.one_of(*map(strategy_of, get_args(hint)))
    if get_origin(hint) is Literal:
        return st.sampled_from(get_args(hint))
    return st.none() if hint is NoneType else STRATEGY_OF_TYPE[hint]


def any_record(table: Table[Any]) -> st.SearchStrategy[Any]:
    hints = get_type_hints(table.record_type)
    return st.builds(table.record_type, **{column: strategy_of(hints[column]) for column in table.columns})


@pytest.fixture(scope="module")
def database() -> Generator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        migrate(connection, shipped_migrations(), fixed_clock)
        yield connection


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_a_record_is_read_back_equal(database: sqlite3.Connection, table: Table[Any], data: st.DataObject) -> None:
    record = data.draw(any_record(table))
    database.execute(f"DELETE FROM {table.name}")

    database.execute(table.upsert_sql, table.to_row(record))

    assert table.from_row(database.execute(table.select()).fetchone()) == record


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_table_has_the_columns_of_its_record_in_their_order(database: sqlite3.Connection, table: Table[Any]) -> None:
    stored = [name for _, name, *_ in database.execute(f"PRAGMA table_info({table.name})") if name != "event_no"]

    assert stored == [field.name for field in fields(table.record_type)]


def test_every_record_type_has_a_table() -> None:
    assert {table.record_type for table in TABLES} == set(get_args(Record))


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
async def test_the_store_takes_hostile_text_in_every_field(tmp_path: Path, table: Table[Any]) -> None:
    hints = get_type_hints(table.record_type)
    record = sample(table.record_type, **{name: HOSTILE_TEXT for name, hint in hints.items() if hint is str})
    path = tmp_path / "sidebeat.db"

    async with await Store.open(path, fixed_clock) as store:
        store.put(record)

    with closing(sqlite3.connect(path)) as connection:
        assert table.from_row(connection.execute(table.select()).fetchone()) == record


def test_plain_text_stays_text_for_other_tools(database: sqlite3.Connection) -> None:
    table = next(table for table in TABLES if table.record_type is TranscriptRowRecord)
    database.execute(f"DELETE FROM {table.name}")
    database.execute(table.upsert_sql, table.to_row(sample(TranscriptRowRecord, title="é", body="\ud83d")))

    assert database.execute("SELECT typeof(title), typeof(body) FROM transcript_rows").fetchone() == ("text", "blob")


def test_a_request_body_is_stored_compressed() -> None:
    table = next(table for table in TABLES if table.record_type is ModelRequestRecord)
    body = table.to_row(sample(ModelRequestRecord, body='{"role":"user"}' * 1000))[table.columns.index("body")]

    assert isinstance(body, bytes)
    assert len(body) < 200


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 2**63])
async def test_a_number_that_cannot_be_stored_is_refused_where_it_is_put(tmp_path: Path, value: float) -> None:
    sizes: list[int] = []
    async with await Store.open(tmp_path / "sidebeat.db", fixed_clock) as store:
        store.on_commit(sizes.append)
        with pytest.raises(ValueError, match=r"MetricRecord\.value of \('r1', 'cost'\) is"):
            store.put(MetricRecord(run_id="r1", name="cost", value=value, unit="USD"))

        await store.flush()
    assert sizes == []


def test_a_character_cut_between_two_chunks_stays_cut() -> None:
    table = next(table for table in TABLES if table.record_type is LogChunkRecord)
    halves = [sample(LogChunkRecord, seq=seq, chunk=half) for seq, half in enumerate(("\ud83d", "\ude42"))]

    assert [table.from_row(table.to_row(half)) for half in halves] == halves
