"""Speed as ratios within one run: `make bench` prints them. Nothing here asserts a time, for machines differ.

Its name keeps it out of `make test`: pytest collects it only when it is named.
"""

from __future__ import annotations

import sqlite3
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from store import Store, TranscriptPager
from store.records import TranscriptRowRecord

REPEATS = 5


def seconds(work: Callable[[], object]) -> float:
    """The median of a few runs."""
    taken: list[float] = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


@pytest.fixture(scope="module")
def report() -> Iterator[list[str]]:
    """Lines to print at the end."""
    lines: list[str] = []
    yield lines
    print("\n" + "\n".join(lines))  # noqa: T201 -- this is what `make bench` is for


def row(number: int, run_id: str) -> TranscriptRowRecord:
    return TranscriptRowRecord(
        run_id=run_id,
        row_no=number,
        at_ms=float(number),
        kind="assistant",
        title="",
        body="x" * 300,
        is_error=False,
        entry_seq=number,
        closed=True,
    )


async def filled(path: Path, count: int) -> None:
    async with await Store.open(path, lambda: datetime(2026, 1, 1, tzinfo=UTC)) as store:
        for number in range(count):
            store.put(row(number, "run"))
        await store.flush()


async def test_a_page_of_a_long_transcript_against_one_of_a_short(tmp_path: Path, report: list[str]) -> None:
    short, long = tmp_path / "short.sqlite", tmp_path / "long.sqlite"
    await filled(short, 1_000)
    await filled(long, 100_000)
    with TranscriptPager(short) as near, TranscriptPager(long) as far:
        ratio = seconds(lambda: far.rows("run", 90_000, 50)) / seconds(lambda: near.rows("run", 900, 50))
        assert len(far.rows("run", 90_000, 50)) == 50
    report.append(f"page of 50 rows, 100,000 stored : 1,000 stored      {ratio:5.2f}")


async def test_batched_writes_against_a_commit_for_each_row(tmp_path: Path, report: list[str]) -> None:
    count = 2_000
    start = time.perf_counter()
    await filled(tmp_path / "batched.sqlite", count)
    batched_s = time.perf_counter() - start
    with closing(sqlite3.connect(tmp_path / "single.sqlite")) as connection:
        connection.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE t (n, body)")
        start = time.perf_counter()
        for number in range(count):
            with connection:
                connection.execute("INSERT INTO t VALUES (?, ?)", (number, "x" * 300))
        single_s = time.perf_counter() - start
        assert connection.execute("SELECT count(*) FROM t").fetchone() == (count,)
    report.append(f"{count:,} rows, a commit each : the store's batches    {single_s / batched_s:5.2f}")
