"""A console that is killed while it writes loses at most what it had not yet acknowledged."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from store import Queries, Store
from tests.unit.store_samples import fixed_clock

WRITER = """
import asyncio, itertools, sys
from pathlib import Path
from store import Store
from store.records import LogChunkRecord
from tests.unit.store_samples import fixed_clock

async def write(path, first_seq):
    store = await Store.open(path, fixed_clock)
    for seq in itertools.count(first_seq):
        store.put(LogChunkRecord(run_id="r1", seq=seq, ts="", stream="stdout", chunk=f"{seq} " * 50))
        if seq % 40 == 39:
            await store.flush()
            print(seq, flush=True)

asyncio.run(write(Path(sys.argv[1]), int(sys.argv[2])))
"""
REPOSITORY = Path(__file__).parents[2]
ACKNOWLEDGEMENTS_BEFORE_KILL = 25


async def write_until_killed(path: Path, first_seq: int) -> int:
    """The last sequence number that a writer acknowledged before SIGKILL."""
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", WRITER, str(path), str(first_seq), stdout=asyncio.subprocess.PIPE, cwd=REPOSITORY
    )
    assert child.stdout is not None
    acknowledged = [await child.stdout.readline() for _ in range(ACKNOWLEDGEMENTS_BEFORE_KILL)]
    child.kill()
    acknowledged += (await child.stdout.read()).splitlines(keepends=True)
    assert await child.wait() == -signal.SIGKILL
    return max(int(line) for line in acknowledged if line.endswith(b"\n"))


async def test_three_kills_lose_nothing_that_was_acknowledged_and_damage_nothing(tmp_path: Path) -> None:
    path = tmp_path / "sidebeat.db"
    next_seq = 0
    for _ in range(3):
        acknowledged = await write_until_killed(path, next_seq)

        async with await Store.open(path, fixed_clock), await Queries.open(path) as queries:
            sequence = [chunk.seq for chunk in await queries.log_chunks("r1")]
        assert sequence == list(range(len(sequence)))
        assert len(sequence) > acknowledged
        next_seq = len(sequence)

    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
