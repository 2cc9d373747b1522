"""A transaction is atomic, also between two consoles on one file."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path

import aiosqlite
import pytest

from store import Queries, Store, StoreError, write_records
from store.records import IssueRecord, MetricRecord
from tests.unit.store_samples import fixed_clock, sample

FREE_ISSUE = sample(IssueRecord, id="i1", identifier="SB-1")


@pytest.fixture
async def consoles(tmp_path: Path) -> AsyncGenerator[tuple[Store, Store]]:
    path = tmp_path / "sidebeat.db"
    async with await Store.open(path, fixed_clock) as first, await Store.open(path, fixed_clock) as second:
        first.put(FREE_ISSUE)
        await first.flush()
        yield first, second


async def issue_of(store: Store) -> IssueRecord | None:
    async with await Queries.open(store.path) as queries:
        return await queries.issue("i1")


async def check_out(store: Store, run_id: str) -> bool:
    async def if_free(connection: aiosqlite.Connection) -> bool:
        issue = await Queries(connection).issue("i1")
        assert issue is not None
        if issue.checkout_run_id is not None:
            return False
        await asyncio.sleep(0)
        await write_records(connection, [replace(issue, checkout_run_id=run_id)])
        return True

    return await store.transaction(if_free)


async def test_of_two_consoles_exactly_one_checks_an_issue_out(consoles: tuple[Store, Store]) -> None:
    for attempt in range(5):
        consoles[0].put(FREE_ISSUE)
        await consoles[0].flush()

        won = await asyncio.gather(*(check_out(store, f"r{lane}") for lane, store in enumerate(consoles)))

        holder = await issue_of(consoles[0])
        assert sorted(won) == [False, True], attempt
        assert holder is not None
        assert holder.checkout_run_id == f"r{won.index(True)}"


async def test_two_runs_of_one_console_do_not_interleave(consoles: tuple[Store, Store]) -> None:
    won = await asyncio.gather(*(check_out(consoles[0], f"r{lane}") for lane in range(4)))

    assert sum(won) == 1


async def test_two_consoles_never_take_the_same_issue_number(consoles: tuple[Store, Store]) -> None:
    async def create_issue(connection: aiosqlite.Connection) -> str:
        number = await Queries(connection).next_issue_number("SB")
        await write_records(connection, [sample(IssueRecord, id=f"new-{number}", identifier=f"SB-{number}")])
        return f"SB-{number}"

    taken = await asyncio.gather(*(store.transaction(create_issue) for store in consoles * 5))

    assert sorted(taken) == sorted(f"SB-{number}" for number in range(2, 12))


async def test_a_transaction_sees_what_was_put_before_it(consoles: tuple[Store, Store]) -> None:
    consoles[0].put(replace(FREE_ISSUE, title="newer"))

    async def title(connection: aiosqlite.Connection) -> str | None:
        issue = await Queries(connection).issue("i1")
        return issue and issue.title

    assert await consoles[0].transaction(title) == "newer"


async def test_an_exception_rolls_back_and_is_raised_as_it_is(consoles: tuple[Store, Store]) -> None:
    class IssueIsHeldError(Exception):
        pass

    async def change_and_fail(connection: aiosqlite.Connection) -> None:
        await write_records(connection, [replace(FREE_ISSUE, title="changed")])
        raise IssueIsHeldError

    with pytest.raises(IssueIsHeldError):
        await consoles[0].transaction(change_and_fail)

    assert await issue_of(consoles[0]) == FREE_ISSUE
    assert await check_out(consoles[1], "r1")


async def test_a_cancelled_transaction_rolls_back_and_lets_others_in(consoles: tuple[Store, Store]) -> None:
    changed = asyncio.Event()

    async def change_and_wait(connection: aiosqlite.Connection) -> None:
        await write_records(connection, [replace(FREE_ISSUE, title="changed")])
        changed.set()
        await asyncio.Event().wait()

    waiting = asyncio.create_task(consoles[0].transaction(change_and_wait))
    await changed.wait()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting

    assert await issue_of(consoles[0]) == FREE_ISSUE
    assert await check_out(consoles[1], "r1")
    assert not await check_out(consoles[0], "r2")


async def test_what_is_put_during_a_transaction_is_not_part_of_it(consoles: tuple[Store, Store]) -> None:
    metric = MetricRecord(run_id="r1", name="requests", value=1, unit="count")

    async def put_and_fail(_: aiosqlite.Connection) -> None:
        consoles[0].put(metric)
        raise LookupError

    with pytest.raises(LookupError):
        await consoles[0].transaction(put_and_fail)
    await consoles[0].flush()

    async with await Queries.open(consoles[0].path) as queries:
        assert await queries.metrics("r1") == [metric]


async def test_a_contradiction_is_told_with_what_sqlite_said(consoles: tuple[Store, Store]) -> None:
    async def take_the_same_identifier(connection: aiosqlite.Connection) -> None:
        await write_records(connection, [replace(FREE_ISSUE, id="i2")])

    with pytest.raises(
        StoreError, match=r"contradicts what is stored; .*\[UNIQUE constraint failed: issues.identifier"
    ):
        await consoles[0].transaction(take_the_same_identifier)
    assert await check_out(consoles[0], "r1")


async def test_a_flush_inside_a_transaction_is_refused_rather_than_hanging(consoles: tuple[Store, Store]) -> None:
    async def flush_inside(_: aiosqlite.Connection) -> None:
        await consoles[0].flush()

    with pytest.raises(RuntimeError, match="would wait for the transaction"):
        await consoles[0].transaction(flush_inside)


async def test_a_transaction_on_a_locked_file_fails_alone(tmp_path: Path) -> None:
    path = tmp_path / "sidebeat.db"
    async with await Store.open(path, fixed_clock, busy_timeout_ms=1) as store:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="another process keeps it locked"):
            await check_out(store, "r1")
        other.close()

        store.put(FREE_ISSUE)
        assert await check_out(store, "r1")
