"""A file that cannot be used is refused with one sentence and left as it is."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from store import Queries, Store, StoreError, TranscriptPager, opening
from store.migrations import shipped_migrations
from store.records import LogChunkRecord
from tests.unit.store_samples import fixed_clock, sample

OWN_VERSION = len(shipped_migrations())


async def make_database(path: Path, *, chunk_count: int = 200) -> None:
    async with await Store.open(path, fixed_clock) as store:
        for seq in range(chunk_count):
            store.put(sample(LogChunkRecord, seq=seq, chunk="x" * 1000))


def not_a_database(path: Path) -> None:
    path.write_text("# notes\n" * 100)


def too_short_for_a_header(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:50])


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def overwritten_in_the_middle(path: Path) -> None:
    content = bytearray(path.read_bytes())
    start = len(content) // 2
    content[start : start + 20_000] = b"\xff" * 20_000
    path.write_bytes(content)


def from_the_future(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")


def of_another_application(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE bookmarks (url TEXT)")


def without_one_table(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TABLE metrics")


UNUSABLE = [
    (not_a_database, "is not a SQLite database; move it away or name another file"),
    (too_short_for_a_header, "is damaged (the file is shorter than its header says); move it away or restore"),
    (cut_short, "is damaged (the file is shorter than its header says); move it away or restore"),
    (from_the_future, f"has schema version 99, newer than this Sidebeat's {OWN_VERSION}; update Sidebeat"),
    (of_another_application, "is a database of another application; name another file"),
    (without_one_table, "is damaged (no such table: metrics)"),
]


@pytest.mark.parametrize(("spoil", "sentence"), UNUSABLE)
async def test_an_unusable_file_is_refused_and_left_as_it_is(
    tmp_path: Path, spoil: Callable[[Path], None], sentence: str
) -> None:
    path = tmp_path / "sidebeat.db"
    await make_database(path)
    spoil(path)
    content = path.read_bytes()

    for use in (lambda: Store.open(path, fixed_clock), lambda: Queries.open(path)):
        with pytest.raises(StoreError) as refusal:
            await use()
        assert str(refusal.value).startswith(f"{path} {sentence}")
    with pytest.raises(StoreError):
        TranscriptPager(path)

    assert path.read_bytes() == content


async def test_pages_overwritten_inside_a_small_file_are_found_on_opening(tmp_path: Path) -> None:
    path = tmp_path / "sidebeat.db"
    await make_database(path)
    overwritten_in_the_middle(path)

    with pytest.raises(StoreError, match=r"sidebeat\.db.* damaged .*move it away or restore a copy"):
        await Store.open(path, fixed_clock)


async def test_a_large_file_is_not_read_whole_on_opening(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "sidebeat.db"
    await make_database(path)
    overwritten_in_the_middle(path)
    monkeypatch.setattr(opening, "QUICK_CHECK_LIMIT_BYTES", 1000)

    async with await Store.open(path, fixed_clock) as store, await Queries.open(path) as queries:
        with pytest.raises(StoreError, match=r"cannot read .*sidebeat\.db: the file is damaged; move it away"):
            await queries.log_chunks("run_id")
        assert store.pending_count == 0


async def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="is a folder; name a database file"):
        await Store.open(tmp_path, fixed_clock)


async def test_a_parent_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(StoreError, match=r"cannot open .*sidebeat\.db: .*; check the path"):
        await Store.open(tmp_path / "file" / "sidebeat.db", fixed_clock)


@pytest.mark.skipif(sys.platform != "linux", reason="/sys refuses new files even from root; elsewhere nothing does")
async def test_a_folder_that_may_not_be_written_is_refused() -> None:
    with pytest.raises(StoreError, match=r"cannot open /sys/sidebeat\.db: Permission denied; check the path, or make"):
        await Store.open(Path("/sys/sidebeat.db"), fixed_clock)


async def test_reading_does_not_create_what_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "sidebeat.db"

    with pytest.raises(StoreError, match="No such file"):
        await Queries.open(path)

    assert not path.exists()


async def test_reading_an_empty_file_asks_for_the_console(tmp_path: Path) -> None:
    path = tmp_path / "sidebeat.db"
    path.touch()

    with pytest.raises(StoreError, match=f"schema version 0, older than this Sidebeat's {OWN_VERSION}; open it once"):
        await Queries.open(path)


async def test_folder_and_file_are_the_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "made" / "sidebeat.db"

    async with await Store.open(path, fixed_clock) as store:
        store.put(sample(LogChunkRecord))
        await store.flush()
        modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}

    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert modes == {"sidebeat.db": 0o600, "sidebeat.db-wal": 0o600, "sidebeat.db-shm": 0o600}


async def test_a_name_with_the_marks_of_a_uri_is_a_name(tmp_path: Path) -> None:
    path = tmp_path / "100% a?mode=memory#b" / "sidebeat.db"
    await make_database(path, chunk_count=1)

    async with await Queries.open(path) as queries:
        assert len(await queries.log_chunks("run_id")) == 1


async def test_consoles_that_open_a_new_file_at_once_all_succeed(tmp_path: Path) -> None:
    path = tmp_path / "sidebeat.db"

    stores = await asyncio.gather(*(Store.open(path, fixed_clock) for _ in range(4)))
    for store in stores:
        await store.close()

    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT version, applied_at FROM schema_migrations").fetchall() == [
            (version, "2026-01-31T09:30:00.000Z") for version in range(1, OWN_VERSION + 1)
        ]


def test_a_settled_file_on_a_read_only_medium_is_read_as_immutable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse_writing(path: Path, mode: int) -> bool:
        return mode != os.W_OK

    monkeypatch.setattr(os, "access", refuse_writing)

    assert opening.read_only_uri(tmp_path / "sidebeat.db").endswith("?mode=ro&immutable=1")
    (tmp_path / "sidebeat.db-wal").write_bytes(b"committed, not yet in the file")
    assert opening.read_only_uri(tmp_path / "sidebeat.db").endswith("?mode=ro")


_READS_AND_CLOSES = (
    "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('SELECT count(*) FROM runs'); c.close()"
)


async def test_readers_beside_a_writer_leave_its_log_to_it_when_another_process_closes(tmp_path: Path) -> None:
    """A descriptor that this process closes would drop its locks, and the other would take itself for the last one."""
    path = tmp_path / "sidebeat.sqlite"
    async with await Store.open(path, fixed_clock) as store, await Queries.open(path):
        with TranscriptPager(path):
            store.put(sample(LogChunkRecord))
            await store.flush()
            reader = [sys.executable, "-c", _READS_AND_CLOSES, os.fspath(path)]
            await asyncio.to_thread(subprocess.run, reader, check=True)
            assert path.with_name(path.name + "-wal").exists()
