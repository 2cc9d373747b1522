"""Bringing a screen into a state, and waiting until it is there."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import cast

from textual.pilot import Pilot

from console.engine.events import EngineEvent, NodePackagesProgressed, RunChanged
from console.ui.app import SidebeatApp
from console.ui.lanes_state import LanesState
from console.ui.screens.lanes import LanesScreen
from console.ui.themes import DARK
from console.ui.widgets.lane import LaneColumn
from console.ui.widgets.words import Words
from tests.ui.fake_engine import FakeClock, FakeEngine

NARROW = (80, 24)
WIDE = (160, 45)

Driver = Pilot[None]


def app_over(engine: FakeEngine, theme: str = DARK.name) -> SidebeatApp:
    """The real app over a fake engine, at a time that stands still."""
    return SidebeatApp(engine, clock=FakeClock(), theme=theme)


async def until(pilot: Driver, condition: Callable[[], object], timeout_s: float = 20.0) -> None:
    """Let the app work until the condition holds and everything is drawn."""
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, "the app did not come to this state"
        await pilot.pause()
    await pilot.pause()
    await pilot.pause()


def lanes(pilot: Driver) -> LanesScreen:
    """The lanes screen, whatever lies on it."""
    return cast("LanesScreen", pilot.app.screen_stack[0])


def lane(pilot: Driver, index: int) -> LaneColumn:
    """One lane's column."""
    return lanes(pilot).query_one(f"#lane-{index}", LaneColumn)


def text_of(pilot: Driver, selector: str) -> str:
    """What a widget of the screen on top says."""
    return pilot.app.screen.query_one(selector, Words).shown.plain


async def ready(pilot: Driver) -> None:
    """Wait until the plan has been read, which is the last that happens by itself."""
    await until(pilot, lambda: lanes(pilot).state.phases_met is not None)


async def tell(pilot: Driver, engine: FakeEngine, events: Iterable[EngineEvent]) -> None:
    """Publish events, and wait until the lanes show them."""
    await ready(pilot)
    said = list(events)
    engine.say(said)
    await until(pilot, lambda: _reflects(lanes(pilot).state, said))


def _reflects(state: LanesState, events: list[EngineEvent]) -> bool:
    last_runs = {event.run.lane_index: event.run for event in events if isinstance(event, RunChanged)}
    installs = [event for event in events if isinstance(event, NodePackagesProgressed)]
    has_runs = all(state.lanes[index].snapshot.run == run for index, run in last_runs.items())
    return has_runs and (not installs or state.packages == installs[-1])
