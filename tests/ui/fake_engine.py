"""An engine that starts nothing: the screens' questions are answered from a filled database."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from pathlib import Path

from adapters.catalogue import RuntimeCatalogue
from adapters.scenario import ScenarioCatalogue
from console.engine.clock import iso_utc, utc_time
from console.engine.events import EngineEvent, EventFeed
from console.engine.launches import LaunchOrder, RefusedOrder
from console.engine.paths import ConsolePaths
from console.engine.plan import SHIPPED, load_plan
from store import Queries, Store
from store.records import CommentRecord, Write
from tests.ui.fake_chains import FakeChains
from tests.ui.fake_experiments import FakeExperiments
from tests.ui.samples import NOW


class FakeClock:
    """Time that stands still."""

    def __init__(self, now: float = NOW) -> None:
        self.now = now
        self._ids = 0

    def epoch_s(self) -> float:
        """The present."""
        return self.now

    def new_id(self) -> str:
        """id-1, id-2, ..."""
        self._ids += 1
        return f"id-{self._ids}"


class FakeEngine:
    """Fits `EnginePort`. Orders and calls are kept to be looked at; `say` publishes events."""

    def __init__(self, database: Path, queries: Queries) -> None:
        folder = database.parent
        self.paths = ConsolePaths(database, folder / "files", folder / "config", folder / "cache")
        self.catalogue = RuntimeCatalogue.load()
        self.scenarios = ScenarioCatalogue.load()
        self.plan = load_plan([SHIPPED])
        self.feed = EventFeed()
        self.queries = queries
        self.experimental_enabled = True
        self.node_packages_ready = True
        self.orders: list[LaunchOrder] = []
        self.calls: list[str] = []
        self.refusal: str | None = None
        self.experiments = FakeExperiments(self.calls)
        self.chains = FakeChains(self.calls)

    def say(self, events: Iterable[EngineEvent]) -> None:
        """Tell the screens."""
        for event in events:
            self.feed.publish(event)

    def begin_install(self) -> None:
        """Nothing is fetched."""
        self.calls.append("begin_install")

    async def enable_experimental(self) -> None:
        """From now on."""
        self.experimental_enabled = True

    async def remember_theme(self, theme: str) -> None:
        """Kept."""
        self.calls.append(f"theme {theme}")

    async def launch(self, order: LaunchOrder) -> str:
        """Kept, or refused with `refusal`."""
        if self.refusal is not None:
            raise RefusedOrder(self.refusal)
        self.orders.append(order)
        return f"launch-{len(self.orders)}"

    async def cancel_run(self, run_id: str) -> None:
        """Kept."""
        self.calls.append(f"cancel_run {run_id}")

    async def cancel_all(self) -> None:
        """Kept."""
        self.calls.append("cancel_all")

    async def comment(self, issue_id: str, body: str) -> CommentRecord:
        """Kept, not stored."""
        self.calls.append(f"comment {issue_id}: {body}")
        return CommentRecord(
            id="comment-1", issue_id=issue_id, author_kind="operator", author="op", body=body, created_at=iso_utc(NOW)
        )

    async def answer(self, subject_id: str, body: str, author: str) -> None:
        """Kept, not stored."""
        self.calls.append(f"answer {subject_id} by {author}: {body}")

    async def sign_off(self, subject_id: str, decision: str, statement: str, signed_by: str) -> None:
        """Kept, not stored."""
        self.calls.append(f"sign {subject_id} {decision} by {signed_by}: {statement}")


def close_without_loop(queries: Queries) -> None:
    """Close what was used in loops that have ended.

    A screen that is left may leave a query behind; its answer then finds the loop closed, which ends aiosqlite's
    thread, and `Queries.close` would wait for that thread for ever.
    """
    connection = queries._connection  # pyright: ignore[reportPrivateUsage]  # there is no other way to its thread
    connection.stop()  # pyright: ignore[reportUnknownMemberType]  # aiosqlite types its future loosely
    connection._thread.join(timeout=2)  # pyright: ignore[reportPrivateUsage]  # as above
    connection._connection = None  # pyright: ignore[reportPrivateUsage]  # as above


def fill(database: Path, writes: Iterable[Write]) -> None:
    """A new database with these records."""

    async def write() -> None:
        async with await Store.open(database, lambda: utc_time(NOW)) as store:
            for record in writes:
                store.put(record)

    asyncio.run(write())
