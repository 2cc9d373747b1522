"""The screen reads a page at a time, always as last committed, while the writer writes."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from store import Store, StoreError, TranscriptPager
from store.opening import connect_read_only
from store.records import LogChunkRecord, TranscriptRowRecord
from tests.unit.store_samples import HOSTILE_TEXT, fixed_clock, sample


@pytest.fixture
async def store(tmp_path: Path) -> AsyncGenerator[Store]:
    async with await Store.open(tmp_path / "sidebeat.db", fixed_clock) as opened:
        yield opened


def transcript_row(row_no: int, body: str = "") -> TranscriptRowRecord:
    return sample(TranscriptRowRecord, run_id="r1", row_no=row_no, title=HOSTILE_TEXT, body=body)


@pytest.mark.parametrize("first_row_no", [0, 1])
async def test_rows_are_counted_and_paged_wherever_numbers_begin(store: Store, first_row_no: int) -> None:
    rows = [transcript_row(row_no) for row_no in range(first_row_no, first_row_no + 100)]
    for row in rows:
        store.put(row)
    await store.flush()

    with TranscriptPager(store.path) as pager:
        assert pager.row_count("r1") == 100
        assert pager.row_count("missing") == 0
        assert pager.rows("r1", first_row_no + 40, 20) == rows[40:60]
        assert pager.rows("r1", first_row_no + 95, 20) == rows[95:]
        assert pager.rows("missing", 0, 20) == []


async def test_each_page_shows_what_was_last_committed(store: Store) -> None:
    with TranscriptPager(store.path) as pager:
        for body in ("H", "He", "Hello"):
            store.put(transcript_row(0, body))
            await store.flush()
            assert pager.rows("r1", 0, 1) == [transcript_row(0, body)]


async def test_paging_while_the_writer_writes_sees_whole_batches_only(store: Store) -> None:
    seen = [0]

    with TranscriptPager(store.path) as pager:
        for batch_no in range(20):
            for row_no in range(batch_no * 50, batch_no * 50 + 50):
                store.put(transcript_row(row_no, str(row_no)))
            flushing = asyncio.create_task(store.flush())
            while not flushing.done():
                page = pager.rows("r1", 0, 2_000)
                assert [row.body for row in page] == [str(row_no) for row_no in range(len(page))]
                seen.append(len(page))
                await asyncio.sleep(0)
        assert pager.row_count("r1") == 1_000

    assert seen == sorted(seen)
    assert {count % 50 for count in seen} == {0}


async def test_the_raw_log_is_counted_and_paged(store: Store) -> None:
    chunks = [sample(LogChunkRecord, run_id="r1", seq=seq, chunk=f"{seq}\n\ud83d\n") for seq in range(10)]
    for chunk in chunks[:6]:
        store.put(chunk)
    await store.flush()

    with TranscriptPager(store.path) as pager:
        assert pager.log_chunk_count("r1") == 6
        for chunk in chunks[6:]:
            store.put(chunk)
        await store.flush()
        assert pager.log_chunk_count("r1") == 10
        assert pager.log_chunks("r1", 4, 3) == chunks[4:7]
        assert pager.log_chunk_count("missing") == 0


async def test_a_page_is_found_by_its_index(store: Store) -> None:
    connection = connect_read_only(store.path)
    plan = connection.execute(
        "EXPLAIN QUERY PLAN SELECT * FROM transcript_rows WHERE run_id = ? AND row_no >= ? ORDER BY row_no LIMIT ?",
        ("r1", 0, 50),
    ).fetchall()
    connection.close()

    assert [step[-1] for step in plan] == [
        "SEARCH transcript_rows USING INDEX sqlite_autoindex_transcript_rows_1 (run_id=? AND row_no>?)"
    ]


async def test_a_read_only_connection_cannot_write(store: Store) -> None:
    connection = connect_read_only(store.path)
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        connection.execute("DELETE FROM runs")
    connection.close()


async def test_a_page_that_cannot_be_read_names_the_file(store: Store) -> None:
    with TranscriptPager(store.path) as pager:
        await store.transaction(lambda connection: connection.execute("DROP TABLE transcript_rows"))
        with pytest.raises(StoreError, match=r"cannot read .*sidebeat\.db"):
            pager.rows("r1", 0, 50)
