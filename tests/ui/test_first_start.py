"""The first start: a recording plays on the operator's lanes until the Node packages are there."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from console.engine.events import NodePackagesProgressed
from console.engine.recorded_engine import SHIPPED_RECORDING, RecordedEngine
from console.ui.app import Recorded, SidebeatApp
from console.ui.screens.lanes import LanesScreen
from console.ui.screens.run_detail import RunDetailScreen
from console.ui.themes import DARK
from tests.ui.driving import WIDE, Driver, lanes, until
from tests.ui.fake_engine import FakeClock, FakeEngine
from tests.ui.filed_driving import on_top, summary

FETCHING = NodePackagesProgressed(fetched=212, total=480, current="@agentos-software/pi")
FETCHED = NodePackagesProgressed(fetched=480, total=480, current="", done=True)


@asynccontextmanager
async def first_start(engine: FakeEngine, folder: Path) -> AsyncGenerator[tuple[Driver, RecordedEngine]]:
    """The console over an engine without packages, when the whole recording has been played."""
    engine.node_packages_ready = False
    demo = await RecordedEngine.open(SHIPPED_RECORDING, speed=0, config=folder / "config", cache=folder / "cache")
    try:
        app = SidebeatApp(engine, clock=FakeClock(), theme=DARK.name, recording=Recorded(demo, demo.clock))
        async with app.run_test(size=WIDE) as pilot:
            demo.play()
            await until(pilot, lambda: _has_ended(on_top(pilot, LanesScreen)))
            yield pilot, demo
    finally:
        await demo.close()


def _has_ended(screen: LanesScreen) -> bool:
    runs = [lane.snapshot.run for lane in screen.state.lanes]
    return all(run is not None and run.status == "succeeded" for run in runs) and not screen.state.is_busy


async def test_the_recording_lies_on_the_operators_lanes(engine: FakeEngine, tmp_path: Path) -> None:
    async with first_start(engine, tmp_path) as (pilot, demo):
        shown = on_top(pilot, LanesScreen)
        assert shown.engine is demo
        assert lanes(pilot).engine is engine
        assert [lane.snapshot.run for lane in lanes(pilot).state.lanes] == [None, None]
        assert "begin_install" in engine.calls


async def test_a_recorded_run_opens_from_the_recording(engine: FakeEngine, tmp_path: Path) -> None:
    async with first_start(engine, tmp_path) as (pilot, _demo):
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, RunDetailScreen) and summary(pilot))
        assert "There is no run" not in summary(pilot)
        assert "remember" in summary(pilot)


async def test_fetched_packages_uncover_the_operators_lanes_which_then_have_the_keys(
    engine: FakeEngine, tmp_path: Path
) -> None:
    async with first_start(engine, tmp_path) as (pilot, demo):
        engine.say([FETCHING])
        await until(pilot, lambda: lanes(pilot).state.packages == FETCHING)
        assert on_top(pilot, LanesScreen).engine is demo
        await pilot.press("s")
        await pilot.pause()
        assert engine.orders == []
        engine.node_packages_ready = True
        engine.say([FETCHED])
        await until(pilot, lambda: pilot.app.screen is lanes(pilot))
        await pilot.press("s")
        await until(pilot, lambda: engine.orders)
    assert [choice.runtime_key for choice in engine.orders[0].lanes] == ["pi_local", "agentos_local/pi"]
