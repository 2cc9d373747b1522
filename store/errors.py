"""The store's one error, and the sentence that each SQLite failure becomes."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Final


class StoreError(Exception):
    """One sentence for the operator: which file, what happened, what to do. `path` is the database file."""

    def __init__(self, path: Path, sentence: str) -> None:
        super().__init__(sentence)
        self.path = path


_CAUSE_AND_REMEDY: Final[dict[str, str]] = {
    "SQLITE_FULL": "the disk is full; free some space and try again",
    "SQLITE_BUSY": "another process keeps it locked; close that process, or wait, and try again",
    "SQLITE_LOCKED": "another process keeps it locked; close that process, or wait, and try again",
    "SQLITE_READONLY": "it may not be written; make the file and its folder writable, or use another file",
    "SQLITE_PERM": "it may not be opened; make the file and its folder readable and writable for you",
    "SQLITE_CANTOPEN": "it cannot be opened; check that the file and its folder exist and are readable",
    "SQLITE_IOERR": "the disk reported an error; check the disk and its free space, then try again",
    "SQLITE_CORRUPT": "the file is damaged; move it away or restore a copy, then start again",
    "SQLITE_NOTADB": "the file is not a SQLite database; move it away or name another file",
    "SQLITE_CONSTRAINT": "a record contradicts what is stored; report it with the text in brackets",
}


def sqlite_failure(path: Path, doing: str, error: sqlite3.Error) -> StoreError:
    """The sentence for `error`; `doing` continues "cannot", as in "write to"."""
    name = getattr(error, "sqlite_errorname", None) or "SQLITE_ERROR"
    primary = "_".join(name.split("_")[:2])  # SQLITE_IOERR_WRITE and its like share the remedy of SQLITE_IOERR
    remedy = _CAUSE_AND_REMEDY.get(primary, "SQLite refused it; report it with the text in brackets")
    return StoreError(path, f"cannot {doing} {path}: {remedy} [{error}]")
