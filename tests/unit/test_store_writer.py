"""Puts are committed in batches, in order; a failed commit keeps everything and is told."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncGenerator, Generator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from store import Queries, Store, StoreError
from store.records import (
    AnswerRecord,
    LogChunkRecord,
    MetricRecord,
    SessionDeleted,
    SessionEventRecord,
    SessionRecord,
    TranscriptRowRecord,
)
from tests.unit.store_samples import fixed_clock, sample

DEADLINE_SECONDS = 10


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "sidebeat.db"


@pytest.fixture
async def store(path: Path) -> AsyncGenerator[Store]:
    async with await Store.open(path, fixed_clock, busy_timeout_ms=1) as opened:
        yield opened


@pytest.fixture
def other_writer(store: Store) -> Generator[sqlite3.Connection]:
    with closing(sqlite3.connect(store.path, isolation_level=None)) as connection:
        yield connection


def log_chunk(seq: int, chunk: str = "") -> LogChunkRecord:
    return LogChunkRecord(run_id="r1", seq=seq, ts="2026-01-31T09:30:00.000Z", stream="stdout", chunk=chunk)


async def stored(path: Path, sql: str) -> list[Any]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql).fetchall()


async def test_a_put_is_committed_without_being_asked(store: Store) -> None:
    committed = asyncio.Event()
    store.on_commit(lambda _: committed.set())

    store.put(log_chunk(0))
    async with asyncio.timeout(DEADLINE_SECONDS):
        await committed.wait()

    assert await stored(store.path, "SELECT seq FROM log_chunks") == [(0,)]


async def test_a_flood_is_cut_into_batches_of_a_thousand(store: Store) -> None:
    sizes: list[int] = []
    store.on_commit(sizes.append)

    for seq in range(2_500):
        store.put(log_chunk(seq))
    assert store.pending_count == 2_500
    await store.flush()

    assert sizes == [1_000, 1_000, 500]
    assert store.pending_count == 0
    assert await stored(store.path, "SELECT count(*), max(rowid - seq) FROM log_chunks") == [(2_500, 1)]


async def test_versions_of_one_row_within_a_batch_become_one_write(store: Store) -> None:
    sizes: list[int] = []
    store.on_commit(sizes.append)

    for body in ("H", "He", "Hello"):
        store.put(sample(TranscriptRowRecord, row_no=0, body=body))
    store.put(sample(TranscriptRowRecord, row_no=1, body="other"))
    await store.flush()

    assert sizes == [2]
    assert await stored(store.path, "SELECT body FROM transcript_rows ORDER BY row_no") == [("Hello",), ("other",)]


async def test_a_later_version_in_a_later_batch_replaces_the_row(store: Store) -> None:
    store.put(sample(TranscriptRowRecord, body="H", closed=False))
    await store.flush()
    store.put(sample(TranscriptRowRecord, body="Hello", closed=True))
    await store.flush()

    assert await stored(store.path, "SELECT body, closed FROM transcript_rows") == [("Hello", 1)]


@pytest.mark.parametrize("flush_between", [False, True])
async def test_of_a_session_put_and_deleted_the_last_word_counts(store: Store, flush_between: bool) -> None:
    kept, dropped = sample(SessionRecord, task_key="kept"), sample(SessionRecord, task_key="dropped")
    delete = [
        SessionDeleted(agent_id="agent_id", adapter_type="adapter_type", task_key=key) for key in ("kept", "dropped")
    ]

    for write in (kept, delete[0], kept, dropped, delete[1], delete[1]):
        store.put(write)
        if flush_between:
            await store.flush()
    await store.flush()

    assert await stored(store.path, "SELECT task_key FROM sessions") == [("kept",)]


async def test_history_of_one_millisecond_stays_in_order_of_arrival(store: Store) -> None:
    for name in ("z", "a", "m"):
        store.put(sample(SessionEventRecord, id=name, at="2026-01-31T09:30:00.000Z"))
        store.put(sample(AnswerRecord, id=name, subject_id="q1", body=name))
    await store.flush()

    async with await Queries.open(store.path) as queries:
        events = await queries.session_events("agent_id", "adapter_type", "task_key")
        assert [event.id for event in events] == ["z", "a", "m"]
        assert (await queries.latest_answers())["q1"].body == "m"


async def test_what_is_put_while_a_batch_is_being_committed_is_kept(store: Store) -> None:
    store.put(log_chunk(0))
    flushing = asyncio.create_task(store.flush())
    seq = 0
    while not flushing.done():
        store.put(log_chunk(seq := seq + 1))
        await asyncio.sleep(0)
    await store.flush()

    assert await stored(store.path, "SELECT count(*) FROM log_chunks") == [(seq + 1,)]


async def test_a_cancelled_flush_still_commits(store: Store) -> None:
    store.put(log_chunk(0))
    flushing = asyncio.create_task(store.flush())
    await asyncio.sleep(0)
    flushing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await flushing
    await store.flush()

    assert await stored(store.path, "SELECT count(*) FROM log_chunks") == [(1,)]


async def test_a_removed_callback_is_not_called(store: Store) -> None:
    sizes: list[int] = []
    remove = store.on_commit(sizes.append)
    store.put(log_chunk(0))
    await store.flush()
    remove()
    store.put(log_chunk(1))
    await store.flush()

    assert sizes == [1]


async def test_a_failing_callback_is_reported_and_does_not_stop_the_writer(store: Store) -> None:
    reported: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: reported.append(context))

    def fail(_: int) -> None:
        raise LookupError("no such widget")

    store.on_commit(fail)
    for seq in range(2):
        store.put(log_chunk(seq))
        await store.flush()

    assert [str(context["exception"]) for context in reported] == ["no such widget"] * 2
    assert await stored(store.path, "SELECT count(*) FROM log_chunks") == [(2,)]


async def test_a_locked_file_is_told_and_nothing_is_lost(store: Store, other_writer: sqlite3.Connection) -> None:
    other_writer.execute("BEGIN IMMEDIATE")
    store.put(log_chunk(0))

    with pytest.raises(StoreError, match=r"cannot write to .*sidebeat\.db: another process keeps it locked"):
        await store.flush()
    with pytest.raises(StoreError, match="locked"):
        store.put(log_chunk(1))
    assert store.pending_count == 1

    other_writer.rollback()
    await store.flush()
    store.put(log_chunk(1))
    await store.flush()
    assert await stored(store.path, "SELECT seq FROM log_chunks") == [(0,), (1,)]


async def test_a_full_disk_is_told_and_what_was_committed_stays(path: Path) -> None:
    async def allow_one_more_page(connection: Any) -> None:
        [(page_count,)] = await connection.execute_fetchall("PRAGMA page_count")
        await connection.execute(f"PRAGMA max_page_count = {page_count + 1}")

    store = await Store.open(path, fixed_clock)
    store.put(log_chunk(0, "small"))
    await store.transaction(allow_one_more_page)
    store.put(log_chunk(1, "x" * 100_000))

    with pytest.raises(StoreError, match=r"the disk is full; free some space and try again"):
        await store.flush()
    with pytest.raises(StoreError, match=r"the disk is full.*\(records not stored: 1\)"):
        await store.close()

    assert await stored(path, "SELECT seq FROM log_chunks") == [(0,)]


async def test_a_failure_in_the_background_is_raised_from_the_next_put(
    store: Store, other_writer: sqlite3.Connection
) -> None:
    other_writer.execute("BEGIN IMMEDIATE")
    store.put(log_chunk(0))

    async def put_until_refused() -> None:
        while True:
            store.put(MetricRecord(run_id="r1", name="n", value=1, unit="count"))
            await asyncio.sleep(0)

    with pytest.raises(StoreError, match="locked"):
        async with asyncio.timeout(DEADLINE_SECONDS):
            await put_until_refused()
    other_writer.rollback()


async def test_a_closed_store_says_so(store: Store) -> None:
    await store.close()
    await store.close()

    with pytest.raises(StoreError, match="it is closed; open it again first"):
        store.put(log_chunk(0))
    with pytest.raises(StoreError, match="it is closed; open it again first"):
        await store.flush()


async def test_a_flush_that_closing_overtakes_has_committed(store: Store) -> None:
    store.put(log_chunk(0))
    flushing = asyncio.create_task(store.flush())
    await asyncio.sleep(0)
    await store.close()
    await flushing

    assert await stored(store.path, "SELECT seq FROM log_chunks") == [(0,)]
