"""Opening a database file: created or migrated, or refused with one sentence and left as it is."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Generator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Final

from store.errors import StoreError, sqlite_failure
from store.migrations import Clock, Migration, migrate, schema_version, shipped_migrations
from store.tables import TABLES

APPLICATION_ID: Final = 0x53426561
"""SQLite's `application_id` of a Sidebeat database, set by the first migration."""

BUSY_TIMEOUT_MS: Final = 5_000
"""How long one console waits for another's commit."""

QUICK_CHECK_LIMIT_BYTES: Final = 64 * 2**20
"""Up to this size (about 0.1 s of reading) a file is checked whole on opening; above it only header and schema."""

_MAGIC: Final = b"SQLite format 3\0"
_HEADER_BYTES: Final = 100
_RETRY_SECONDS: Final = 0.005


def prepare(path: Path, clock: Clock, busy_timeout_ms: int = BUSY_TIMEOUT_MS) -> None:
    """Leave at `path` a sound database in WAL mode with the newest schema, or raise StoreError and change nothing.

    A folder that has to be made is made 0700, the file 0600.
    """
    _create_if_missing(path)
    check_file(path)
    migrations = shipped_migrations()
    with _opened(path, "open", f"{path.absolute().as_uri()}?mode=rw", busy_timeout_ms) as connection:
        _refuse_foreign(connection, path)
        _refuse_newer(connection, path, migrations)
        if path.stat().st_size <= QUICK_CHECK_LIMIT_BYTES:
            _quick_check(connection, path)
        _use_wal(connection, path, busy_timeout_ms)
        migrate(connection, migrations, clock)
        _check_schema(connection, path)


def connect_read_only(path: Path, busy_timeout_ms: int = BUSY_TIMEOUT_MS) -> sqlite3.Connection:
    """A read-only connection in autocommit mode to a database that has this version's schema; raises StoreError.

    The file itself is looked at only when SQLite refuses it, to say why: closing any other descriptor of a database
    file drops this process' locks on it (https://www.sqlite.org/howtocorrupt.html, 2.2), and then another console that
    closes removes the log under the connections here.
    """
    try:
        connection = sqlite3.connect(
            read_only_uri(path), uri=True, timeout=busy_timeout_ms / 1000, isolation_level=None
        )
    except sqlite3.Error as error:
        check_file(path)
        raise sqlite_failure(path, "read", error) from error
    try:
        with ExitStack() as until_read:
            until_read.callback(connection.close)
            refuse_unreadable(connection, path)
            until_read.pop_all()
    except StoreError as error:
        if isinstance(error.__cause__, sqlite3.Error):
            check_file(path)
        raise
    return connection


def read_only_uri(path: Path) -> str:
    """The URI to read `path` by; `immutable` on a medium where SQLite cannot keep its shared index beside the file."""
    immutable = "&immutable=1" if _wal_is_empty(path) and not os.access(path.parent, os.W_OK) else ""
    return f"{path.absolute().as_uri()}?mode=ro{immutable}"


def refuse_unreadable(connection: sqlite3.Connection, path: Path) -> None:
    """Raise StoreError unless the database is Sidebeat's, of this version, and complete."""
    newest = shipped_migrations()
    try:
        _refuse_foreign(connection, path)
        _refuse_newer(connection, path, newest)
        version = schema_version(connection)
        if version < len(newest):
            raise StoreError(
                path,
                f"{path} has schema version {version}, older than this Sidebeat's {len(newest)}; "
                "open it once in the console to migrate it",
            )
        _check_schema(connection, path)
    except sqlite3.Error as error:
        raise sqlite_failure(path, "read", error) from error


def check_file(path: Path) -> None:
    """Raise StoreError for what the file system and the file's header tell: missing, a folder, foreign, cut short."""
    if path.is_dir():
        raise StoreError(path, f"{path} is a folder; name a database file, such as {path / 'sidebeat.db'}")
    wal_is_empty = _wal_is_empty(path)  # looked at first: another console may remove the log at any time
    try:
        with path.open("rb") as file:
            header = file.read(_HEADER_BYTES)
        size_bytes = path.stat().st_size
    except OSError as error:
        raise _file_failure(path, error) from error
    if not header:  # new, or another console is about to fill it
        return
    if not header.startswith(_MAGIC):
        raise StoreError(path, f"{path} is not a SQLite database; move it away or name another file")
    if wal_is_empty and size_bytes < _stated_bytes(header):
        raise _damaged(path, "the file is shorter than its header says")


def _wal_is_empty(path: Path) -> bool:
    wal = path.with_name(path.name + "-wal")
    try:
        return wal.stat().st_size == 0
    except OSError:
        return True  # none there, or none to be seen: opening the database itself says which


def _stated_bytes(header: bytes) -> int:
    """The size that a header states, or 0 where it does not bind (https://www.sqlite.org/fileformat.html, 1.3.7)."""
    if len(header) < _HEADER_BYTES:
        return _HEADER_BYTES
    if header[24:28] != header[92:96]:
        return 0
    stated_page_bytes = int.from_bytes(header[16:18], "big")
    page_bytes = 65_536 if stated_page_bytes == 1 else stated_page_bytes
    return page_bytes * int.from_bytes(header[28:32], "big")


def _create_if_missing(path: Path) -> None:
    if path.exists():
        return
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise _file_failure(path, error) from error


@contextmanager
def _opened(path: Path, doing: str, uri: str, busy_timeout_ms: int) -> Generator[sqlite3.Connection]:
    try:
        opened = sqlite3.connect(uri, uri=True, timeout=busy_timeout_ms / 1000, isolation_level=None)
        with closing(opened) as connection:
            yield connection
    except sqlite3.Error as error:
        raise sqlite_failure(path, doing, error) from error


def _refuse_foreign(connection: sqlite3.Connection, path: Path) -> None:
    connection.execute("BEGIN")  # both from one snapshot: another console may be creating the schema
    object_count = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    application_id = connection.execute("PRAGMA application_id").fetchone()[0]
    connection.rollback()
    if application_id != APPLICATION_ID and (application_id or object_count):
        raise StoreError(path, f"{path} is a database of another application; name another file, it was left unchanged")


def _refuse_newer(connection: sqlite3.Connection, path: Path, migrations: Sequence[Migration]) -> None:
    version = schema_version(connection)
    if version > len(migrations):
        raise StoreError(
            path,
            f"{path} has schema version {version}, newer than this Sidebeat's {len(migrations)}; "
            "update Sidebeat or name another file",
        )


def _quick_check(connection: sqlite3.Connection, path: Path) -> None:
    finding = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if finding != "ok":
        raise _damaged(path, " ".join(str(finding).split()))


def _use_wal(connection: sqlite3.Connection, path: Path, busy_timeout_ms: int) -> None:
    """Switch to a write-ahead log; SQLite's busy timeout does not cover two consoles that do so at once."""
    deadline = time.monotonic() + busy_timeout_ms / 1000
    while True:
        try:
            mode = connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]
            break
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(_RETRY_SECONDS)
    if mode != "wal":
        raise StoreError(
            path,
            f"{path} cannot use a write-ahead log (journal mode stays {mode}); put it on a local disk, "
            "not on a network folder",
        )


def _check_schema(connection: sqlite3.Connection, path: Path) -> None:
    for table in TABLES:
        try:
            connection.execute(f"{table.select()} LIMIT 0")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_ERROR:  # locked or unreadable: not the schema's fault
                raise
            raise _damaged(path, str(error)) from error


def _damaged(path: Path, finding: str) -> StoreError:
    return StoreError(path, f"{path} is damaged ({finding}); move it away or restore a copy, then start again")


def _file_failure(path: Path, error: OSError) -> StoreError:
    reason = error.strerror or str(error)
    return StoreError(
        path, f"cannot open {path}: {reason}; check the path, or make the file and its folder yours to write"
    )
