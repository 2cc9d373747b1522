"""What the lanes look like in their rarer states."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from console.engine.events import EngineEvent, NodePackagesProgressed, RunChanged
from console.ui.themes import DARK
from tests.ui.driving import NARROW, WIDE, Driver, app_over, ready, tell
from tests.ui.fake_engine import FakeEngine
from tests.ui.samples import HOSTILE, begun, run

SnapCompare = Callable[..., bool]
Size = tuple[int, int]

INSTALLING = NodePackagesProgressed(fetched=212, total=480, current="@agentos-software/pi")
HOSTILE_RUN = run(
    0,
    "pi_local",
    id="run-hostile",
    status="failed",
    upstream_status="failed",
    observed_status=HOSTILE,
    error_message=HOSTILE,
)

BOTH_SIZES = pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])


def look(
    snap_compare: SnapCompare,
    engine: FakeEngine,
    size: Size,
    *,
    events: Sequence[EngineEvent] = (),
    keys: Sequence[str] = (),
    theme: str = DARK.name,
) -> bool:
    """Whether the screen looks as recorded after these events and keys."""

    async def bring_about(pilot: Driver) -> None:
        await tell(pilot, engine, events)
        for key in keys:
            await pilot.press(key)
        await ready(pilot)

    return snap_compare(app_over(engine, theme), run_before=bring_about, terminal_size=size)


def test_a_race_says_that_nothing_is_timed(snap_compare: SnapCompare, engine: FakeEngine) -> None:
    assert look(snap_compare, engine, NARROW, events=begun("race"))


def test_the_terminals_own_colours(snap_compare: SnapCompare, engine: FakeEngine) -> None:
    assert look(snap_compare, engine, NARROW, events=begun(), theme="ansi-dark")


@BOTH_SIZES
def test_packages_being_installed(snap_compare: SnapCompare, engine: FakeEngine, size: Size) -> None:
    assert look(snap_compare, engine, size, events=[*begun(), INSTALLING])


def test_packages_that_could_not_be_installed(snap_compare: SnapCompare, engine: FakeEngine) -> None:
    failure = NodePackagesProgressed(212, 480, "", failure="the registry did not answer; check the network")
    assert look(snap_compare, engine, NARROW, events=[failure])


def test_hostile_text_is_shown_and_does_nothing(snap_compare: SnapCompare, engine: FakeEngine) -> None:
    assert look(snap_compare, engine, (100, 40), events=[RunChanged(HOSTILE_RUN)])


def test_a_zoomed_lane_of_three(snap_compare: SnapCompare, engine: FakeEngine) -> None:
    assert look(snap_compare, engine, NARROW, events=begun(), keys=["plus", "1", "z"])


def test_three_lanes_of_which_two_fit(snap_compare: SnapCompare, engine: FakeEngine) -> None:
    assert look(snap_compare, engine, NARROW, events=begun(), keys=["plus"])


def test_four_lanes(snap_compare: SnapCompare, engine: FakeEngine) -> None:
    assert look(snap_compare, engine, WIDE, events=begun(), keys=["plus", "plus"])
