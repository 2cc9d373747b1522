"""The files of an agent's own session store: which they are, and how they are made older."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from pydantic import ValidationError

from adapters.catalogue import RuntimeCatalogue, SessionStore
from console.engine.chain.session_store import StorePlaces, age_files, file_facts, store_files

DAY_S = 86_400.0


def places(folder: Path, task_key: str = "issue-1") -> StorePlaces:
    return StorePlaces(folder / "home", folder / "state", task_key)


def written(path: Path, text: str = "x") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def test_every_shipped_runtime_says_where_its_agent_keeps_sessions() -> None:
    stores = {key: runtime.session_store for key, runtime in RuntimeCatalogue.load().runtimes.items()}
    assert [key for key, store in stores.items() if store is None] == []


def test_patterns_are_filled_literally(tmp_path: Path) -> None:
    store = SessionStore(paths=["${state}/*/${task_key}/**/*", "${home}/.hidden/*.jsonl"])
    own = [
        written(tmp_path / "home" / ".hidden" / "a.jsonl"),
        written(tmp_path / "state" / "agent" / "i[s]*" / "session.sqlite"),
        written(tmp_path / "state" / "agent" / "i[s]*" / "data" / ".part"),
    ]
    written(tmp_path / "state" / "agent" / "is-other" / "session.sqlite")
    written(tmp_path / "home" / ".hidden" / "a.txt")
    assert store_files(store, places(tmp_path, "i[s]*")) == sorted(own)


def test_a_link_out_of_the_agents_folders_is_no_part_of_its_store(tmp_path: Path) -> None:
    precious = written(tmp_path / "precious.jsonl")
    link = tmp_path / "home" / "link.jsonl"
    link.parent.mkdir()
    link.symlink_to(precious)
    assert store_files(SessionStore(paths=["${home}/*.jsonl"]), places(tmp_path)) == []


@pytest.mark.parametrize("pattern", ["/etc/*", "${home}", "${home}/../x", "${root}/x", "${home}/./x", "${state}//x"])
def test_a_pattern_stays_below_the_agents_own_folders(pattern: str) -> None:
    with pytest.raises(ValidationError, match="String should match pattern"):
        SessionStore(paths=[pattern])


def test_times_in_a_database_are_aged_in_tables_that_are_there(tmp_path: Path) -> None:
    path = tmp_path / "home" / "store.db"
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE session (created INTEGER, updated INTEGER CHECK (updated >= created))")
        connection.execute("INSERT INTO session VALUES (1770000000000, 1770000000001)")
    store = SessionStore(
        paths=["${home}/store.db"], timestamp_columns=["session.created", "session.updated", "no.such"]
    )
    assert age_files(store, [path], DAY_S) == {"session.created/updated": 1}
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT * FROM session").fetchall() == [(1_769_913_600_000, 1_769_913_600_001)]


def test_a_journal_that_goes_with_the_last_connection_is_no_error(tmp_path: Path) -> None:
    path = tmp_path / "home" / "store.db"
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE session (created INTEGER)")
        connection.commit()
        for suffix in ("-wal", "-shm"):
            written(path.with_name(f"copy.db{suffix}"))
        (path.with_name("copy.db")).write_bytes(path.read_bytes())
    files = sorted(path.parent.glob("copy.db*"))
    store = SessionStore(paths=["${home}/copy.db*"], timestamp_columns=["session.created"])
    assert age_files(store, files, DAY_S) == {}
    assert [fact["path"] for fact in file_facts(files)] == [str(path.with_name("copy.db"))]


def test_only_what_is_a_time_is_aged(tmp_path: Path) -> None:
    path = written(tmp_path / "home" / "a.jsonl", '{"at": "yesterday"}\n\n{"at": true}\n{"at": 1770000000}\n[1]\n')
    os.utime(path, (2_000_000_000, 2_000_000_000))
    assert age_files(SessionStore(paths=["${home}/a.jsonl"], timestamp_fields=["at"]), [path], DAY_S) == {"at": 1}
    assert path.read_text("utf-8") == '{"at":"yesterday"}\n\n{"at":true}\n{"at":1769913600}\n[1]\n'
    assert path.stat().st_mtime == 2_000_000_000 - DAY_S


def test_a_line_that_is_no_json_is_said_by_name(tmp_path: Path) -> None:
    path = written(tmp_path / "home" / "a.jsonl", "not json\n")
    with pytest.raises(ValueError, match=r"a\.jsonl, line 1, is no JSON"):
        age_files(SessionStore(paths=["${home}/a.jsonl"], timestamp_fields=["at"]), [path], DAY_S)
