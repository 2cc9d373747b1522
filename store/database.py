"""The one writer of the database: puts are gathered and committed in batches, in order."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from types import TracebackType
from typing import Final, Self, TypeVar

import aiosqlite

from store.batch import Batch
from store.errors import StoreError, sqlite_failure
from store.migrations import Clock
from store.opening import BUSY_TIMEOUT_MS, prepare
from store.records import Write

T = TypeVar("T")

BATCH_MS: Final = 50
"""A record waits at most this long before its commit begins."""

BATCH_RECORDS: Final = 1_000
"""A batch of this many records is committed at once."""

_WAL_KEPT_BYTES: Final = 64 * 2**20


class Store:
    """One SQLite file, open for writing. All methods belong to the event loop that opened it.

    What cannot be committed stays in memory: the failure is raised from the next `put`, `flush` or `close`, and
    `flush` and `close` try again, so that nothing is lost when the operator frees the disk or the lock.
    """

    def __init__(self, path: Path, connection: aiosqlite.Connection) -> None:
        """Use `Store.open`."""
        self.path = path
        self._connection = connection
        self._batches: deque[Batch] = deque()
        self._committing: Batch | None = None
        self._connection_lock = asyncio.Lock()
        self._transaction_task: asyncio.Task[object] | None = None
        self._something_pending = asyncio.Event()
        self._commit_now = asyncio.Event()
        self._closing = False
        self._failure: StoreError | None = None
        self._commit_callbacks: list[Callable[[int], object]] = []
        self._writer = asyncio.create_task(self._write_until_closed(), name="store writer")

    @classmethod
    async def open(cls, path: Path, clock: Clock, *, busy_timeout_ms: int = BUSY_TIMEOUT_MS) -> Self:
        """Open, create or migrate the database at `path`; `clock` dates migrations.

        Raises StoreError when the file is not Sidebeat's, damaged, newer than this version, or may not be written.
        """
        await asyncio.to_thread(prepare, path, clock, busy_timeout_ms)
        try:
            async with AsyncExitStack() as until_opened:
                connecting = aiosqlite.connect(path, timeout=busy_timeout_ms / 1000, isolation_level=None)
                connection = await until_opened.enter_async_context(connecting)
                await connection.execute("PRAGMA synchronous = FULL")
                await connection.execute(f"PRAGMA journal_size_limit = {_WAL_KEPT_BYTES}")
                until_opened.pop_all()
        except sqlite3.Error as error:
            raise sqlite_failure(path, "open", error) from error
        return cls(path, connection)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()

    @property
    def pending_count(self) -> int:
        """Records that are not committed yet."""
        return sum(map(len, self._batches)) + len(self._committing or ())

    def on_commit(self, callback: Callable[[int], object]) -> Callable[[], None]:
        """Call `callback` in the event loop after each batch with its number of records; returns its removal."""
        self._commit_callbacks.append(callback)
        return lambda: self._commit_callbacks.remove(callback)

    def put(self, write: Write) -> None:
        """Queue one record; it is committed within `BATCH_MS` and seen by readers then.

        Raises StoreError, taking nothing, after a commit failed or the store was closed; ValueError for a number that
        cannot be stored (NaN, infinite, beyond 64 bits).
        """
        self._refuse_when_closed()
        self._raise_failure()
        if not self._batches or len(self._batches[-1]) >= BATCH_RECORDS:
            self._batches.append(Batch())
        batch = self._batches[-1]
        batch.add(write)
        self._something_pending.set()
        if len(batch) >= BATCH_RECORDS:
            self._commit_now.set()

    async def flush(self) -> None:
        """Commit everything put so far; raises StoreError when that fails, keeping it for the next attempt."""
        self._refuse_inside_transaction()
        self._refuse_when_closed()
        # Shielded: a cancelled caller must not cut a commit in two.
        await asyncio.shield(asyncio.ensure_future(self._commit_pending()))
        self._raise_failure()

    async def transaction(self, work: Callable[[aiosqlite.Connection], Awaitable[T]]) -> T:
        """Commit what is pending, then run `work` in a transaction that no other writer can interleave with.

        An exception from `work` rolls back and is raised as it is, one of SQLite's as StoreError. Within `work` read
        with `Queries(connection)` and write with `write_records(connection, ...)`; `put` waits for a later batch.
        A caller cancelled while the transaction commits cannot tell whether it did.
        """
        await self.flush()
        async with self._connection_lock:
            self._transaction_task = asyncio.current_task()
            try:
                await self._connection.execute("BEGIN IMMEDIATE")
                result = await work(self._connection)
                await self._connection.commit()
            except sqlite3.Error as error:
                raise sqlite_failure(self.path, "write to", error) from error
            else:
                return result
            finally:
                self._transaction_task = None
                await self._connection.rollback()  # does nothing after the commit

    async def close(self) -> None:
        """Commit what is pending and close the file; raises StoreError when something could not be stored."""
        if self._closing:
            return
        self._refuse_inside_transaction()
        self._closing = True
        self._something_pending.set()
        self._commit_now.set()
        try:
            await self._writer
            await self._commit_pending()
        finally:
            await self._connection.close()
        if self._failure is not None:
            raise StoreError(
                self.path, f"{self._failure} (records not stored: {self.pending_count})"
            ) from self._failure

    async def _write_until_closed(self) -> None:
        while not self._closing:
            await self._something_pending.wait()
            self._something_pending.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._commit_now.wait(), BATCH_MS / 1000)
            self._commit_now.clear()
            if not self._closing:  # else `close` commits the rest
                await self._commit_pending()

    async def _commit_pending(self) -> None:
        """Commit what there is, batch after batch; a failure is kept in `_failure` and its batch for the next time."""
        async with self._connection_lock:
            for _ in range(len(self._batches)):  # not what comes later, or a steady stream would never let go
                batch = self._batches.popleft()  # sealed: what is put meanwhile goes to the next
                if not batch:
                    continue
                try:
                    await self._commit(batch)
                except sqlite3.Error as error:
                    self._failure = sqlite_failure(self.path, "write to", error)
                    return
                self._failure = None
                self._announce(len(batch))

    async def _commit(self, batch: Batch) -> None:
        self._committing = batch
        try:
            async with AsyncExitStack() as unless_committed:
                unless_committed.push_async_callback(self._connection.rollback)
                unless_committed.callback(self._batches.appendleft, batch)
                await self._connection.execute("BEGIN IMMEDIATE")
                await batch.write_to(self._connection)
                await self._connection.commit()
                unless_committed.pop_all()
        finally:
            self._committing = None

    def _announce(self, record_count: int) -> None:
        # Scheduled rather than called: a callback's exception reaches the loop's handler and not the writer.
        loop = asyncio.get_running_loop()
        for callback in self._commit_callbacks:
            loop.call_soon(callback, record_count)

    def _raise_failure(self) -> None:
        if self._failure is not None:
            raise StoreError(self.path, str(self._failure)) from self._failure
        if self._writer.done():
            self._writer.result()  # raises what ended it

    def _refuse_when_closed(self) -> None:
        if self._closing:
            raise StoreError(self.path, f"cannot write to {self.path}: it is closed; open it again first")

    def _refuse_inside_transaction(self) -> None:
        if self._transaction_task is not None and self._transaction_task is asyncio.current_task():
            raise RuntimeError("flush, transaction and close would wait for the transaction that calls them")
