"""The agent's own session store: where its files are, and how they are deleted or made older."""

from __future__ import annotations

import glob
import json
import os
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from adapters.catalogue import SessionStore
from console.engine.clock import epoch_of, iso_utc

_BUSY_TIMEOUT_S = 2.0
_MILLISECONDS_FROM = 100_000_000_000
"""Numbers from here on are milliseconds since 1970 (seconds reach it in the year 5138)."""

_ISO_SECONDS = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?")


@dataclass(frozen=True, slots=True)
class StorePlaces:
    """The folders that the patterns of a session store begin with."""

    home: Path
    state: Path
    task_key: str


def store_files(store: SessionStore, places: StorePlaces) -> list[Path]:
    """The files that are there now, sorted; one that leads out of the agent's own folders is left out."""
    folders = {"${home}": places.home, "${state}": places.state}
    found: set[Path] = set()
    for pattern in store.paths:
        folder, _, below = pattern.partition("/")
        found.update(folders[folder].glob(below.replace("${task_key}", glob.escape(places.task_key))))
    return sorted(path for path in found if path.is_file() and _is_within(path, places))


def _is_within(path: Path, places: StorePlaces) -> bool:
    real = Path(os.path.realpath(path))
    return any(real.is_relative_to(os.path.realpath(folder)) for folder in (places.home, places.state))


def file_facts(files: Sequence[Path]) -> list[dict[str, object]]:
    """Name, size and time of each file that is there, to be shown and stored."""
    known = [(path, path.stat()) for path in files if path.is_file()]
    return [{"path": str(path), "bytes": stat.st_size, "mtime_s": int(stat.st_mtime)} for path, stat in known]


def age_files(store: SessionStore, files: Sequence[Path], by_s: float) -> dict[str, int]:
    """Make the files and the timestamps in them older; returns how many of each timestamp were aged, over all files.

    Raises OSError, ValueError and sqlite3.Error; the store then may be aged in part.
    """
    known = {path: path.stat() for path in files}
    counts: Counter[str] = Counter()
    for path in files:
        if path.suffix == ".jsonl" and store.timestamp_fields:
            counts.update(_age_jsonl(path, store.timestamp_fields, by_s))
        elif store.timestamp_columns and path.is_file() and _is_sqlite(path):
            counts.update(_age_sqlite(path, store.timestamp_columns, by_s))
    for path, stat in known.items():
        # Last, because writing renews it; SQLite removes its journals when the last connection is closed.
        if path.is_file():
            os.utime(path, (stat.st_atime - by_s, stat.st_mtime - by_s))
    return {name: count for name, count in counts.items() if count}


def _age_jsonl(path: Path, fields: Sequence[str], by_s: float) -> dict[str, int]:
    counts = dict.fromkeys(fields, 0)
    lines: list[str] = []
    for number, line in enumerate(path.read_text("utf-8").split("\n"), start=1):
        if not line.strip():
            lines.append(line)
            continue
        entry = _parsed(path, number, line)
        for field in fields:
            counts[field] += _age_member(entry, field.split("."), by_s)
        lines.append(json.dumps(entry, ensure_ascii=False, separators=(",", ":")))
    path.write_text("\n".join(lines), "utf-8")
    return counts


def _parsed(path: Path, number: int, line: str) -> object:
    try:
        return json.loads(line)
    except ValueError as error:
        raise ValueError(f"{path.name}, line {number}, is no JSON: {error}") from error


def _age_member(entry: object, names: Sequence[str], by_s: float) -> int:
    """Age one member of a JSON object; returns 1, or 0 where it is not there or no time."""
    if not isinstance(entry, dict):
        return 0
    members = cast("dict[str, Any]", entry)
    name, *rest = names
    if rest:
        return _age_member(members.get(name), rest, by_s)
    older = _older(members.get(name), by_s)
    if older is None:
        return 0
    members[name] = older
    return 1


def _older(value: object, by_s: float) -> object:
    if isinstance(value, str) and _ISO_SECONDS.fullmatch(value):
        return iso_utc(epoch_of(value) - by_s)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value - int(by_s * 1000 if value >= _MILLISECONDS_FROM else by_s)
    return None


def _is_sqlite(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(15) == b"SQLite format 3"


def _age_sqlite(path: Path, columns: Sequence[str], by_s: float) -> dict[str, int]:
    """Columns of one table in one statement: tables may demand that one time is not before another."""
    by_ms, counts = int(by_s * 1000), dict[str, int]()
    with closing(sqlite3.connect(path, timeout=_BUSY_TIMEOUT_S)) as connection, connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
        for table, names in _by_table(columns):
            if table not in tables:
                continue
            assigned = ", ".join(f'"{name}" = "{name}" - {by_ms}' for name in names)
            # Names come from a validated runtime file: letters, digits and underscores only.
            cursor = connection.execute(f'UPDATE "{table}" SET {assigned}')  # noqa: S608
            counts[f"{table}.{'/'.join(names)}"] = cursor.rowcount
    return counts


def _by_table(columns: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    tables: dict[str, list[str]] = {}
    for column in columns:
        table, _, name = column.partition(".")
        tables.setdefault(table, []).append(name)
    yield from tables.items()
