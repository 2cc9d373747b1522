"""What the beats of a console share, on a real store in a folder of the test's own, without Node."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from adapters.node_runtime import default_layout
from adapters.process_tree import ProcessIdentity
from console.engine.beat.order import Services
from console.engine.control_plane import ControlPlane
from console.engine.events import EventFeed
from console.engine.paths import ConsolePaths
from store import Queries, Store
from tests.unit.store_samples import fixed_clock
from tests.unit.test_control_plane import FakeClock


def paths_below(folder: Path) -> ConsolePaths:
    """All folders of a console below one."""
    return ConsolePaths(folder / "sidebeat.sqlite", folder / "data", folder / "config", folder / "cache")


@asynccontextmanager
async def open_services(folder: Path) -> AsyncGenerator[Services]:
    """Services on an empty database, closed again."""
    paths = paths_below(folder)
    async with await Store.open(paths.database, fixed_clock) as store, await Queries.open(paths.database) as queries:
        clock, feed = FakeClock(), EventFeed()
        plane = ControlPlane(store, feed, clock)
        node = default_layout(paths.cache)
        yield Services(store, queries, feed, clock, plane, paths, node, ProcessIdentity(1, 1.0))
