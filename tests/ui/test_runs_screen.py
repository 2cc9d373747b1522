"""The history of runs: its columns, its filters, its search, and paging."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from console.engine.clock import iso_utc
from console.engine.events import RunChanged
from console.ui.screens.run_detail import RunDetailScreen
from console.ui.screens.runs import PAGE_RUNS, RunsScreen
from console.ui.widgets.search_line import SearchLine
from console.ui.widgets.words import Words
from tests.ui.driving import NARROW, WIDE, Driver, app_over, until
from tests.ui.filed_driving import (
    BOTH_SIZES,
    SnapCompare,
    item_list,
    items,
    look,
    on_top,
    open_with_key,
    press_all,
    summary,
)
from tests.ui.filed_engine import FakeStoringEngine, filed_engine
from tests.ui.filed_samples import FULL_RUN, filed, hostile
from tests.ui.samples import NOW, finished, run


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[FakeStoringEngine]:
    yield from filed_engine(tmp_path, filed())


@pytest.fixture
def hostile_engine(tmp_path: Path) -> Iterator[FakeStoringEngine]:
    yield from filed_engine(tmp_path, hostile())


@pytest.fixture
def long_history(tmp_path: Path) -> Iterator[FakeStoringEngine]:
    """Three pages of runs; the oldest is the only one that failed."""
    runs = [
        finished(run(0, "pi_local"), 1.0, id=f"run-{number:04d}", created_at=iso_utc(NOW - 10_000 + number))
        for number in range(3 * PAGE_RUNS)
    ]
    runs[0] = replace(runs[0], status="failed", error_message="the needle")
    yield from filed_engine(tmp_path, runs)


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[FakeStoringEngine]:
    yield from filed_engine(tmp_path, [])


def test_before_the_first_run_it_says_where_to_start(snap_compare: SnapCompare, empty: FakeStoringEngine) -> None:
    async def bring_about(pilot: Driver) -> None:
        await open_with_key(pilot, "h")

    assert look(snap_compare, empty, bring_about)


@BOTH_SIZES
def test_hostile_text_in_the_history(
    snap_compare: SnapCompare, hostile_engine: FakeStoringEngine, size: tuple[int, int]
) -> None:
    async def bring_about(pilot: Driver) -> None:
        await open_with_key(pilot, "h")

    assert look(snap_compare, hostile_engine, bring_about, size=size)


async def test_the_newest_run_comes_first_and_opens(engine: FakeStoringEngine) -> None:
    async with app_over(engine).run_test(size=NARROW) as pilot:
        await open_with_key(pilot, "h")
        assert item_list(pilot).option_count == 8
        assert "PAP-8" in items(pilot)[0]
        assert "≠" in items(pilot)[0]
        await press_all(pilot, ["down", "enter"])
        await until(pilot, lambda: isinstance(pilot.app.screen, RunDetailScreen) and "remember" in summary(pilot))


async def test_a_search_narrows_the_list_and_escape_gives_it_back(engine: FakeStoringEngine) -> None:
    async with app_over(engine).run_test(size=NARROW) as pilot:
        await open_with_key(pilot, "h")
        await press_all(pilot, ["slash", *"opencode hello"])
        await until(pilot, lambda: item_list(pilot).option_count == 2)
        await press_all(pilot, ["enter"])
        assert item_list(pilot).has_focus
        assert "opencode hello" in pilot.app.screen.query_one(".filters", Words).shown.plain
        await press_all(pilot, ["slash", "escape"])
        await until(pilot, lambda: item_list(pilot).option_count == 8)
        assert not pilot.app.screen.query_one(SearchLine).display


@pytest.mark.parametrize(
    ("keys", "count"),
    [
        (["r", *"opencode", "enter"], 1),
        (["s", *"hello", "enter"], 4),
        (["o", *"timed", "enter"], 1),
    ],
)
async def test_a_filter_leaves_the_others_out_and_x_shows_all_again(
    engine: FakeStoringEngine, keys: list[str], count: int
) -> None:
    async with app_over(engine).run_test(size=WIDE) as pilot:
        await open_with_key(pilot, "h")
        await press_all(pilot, keys[:1])
        await until(pilot, lambda: not isinstance(pilot.app.screen, RunsScreen))
        await press_all(pilot, keys[1:])
        await until(pilot, lambda: isinstance(pilot.app.screen, RunsScreen) and item_list(pilot).option_count == count)
        await press_all(pilot, ["x"])
        await until(pilot, lambda: item_list(pilot).option_count == 8)


async def test_no_match_says_so(engine: FakeStoringEngine) -> None:
    async with app_over(engine).run_test(size=NARROW) as pilot:
        await open_with_key(pilot, "h")
        await press_all(pilot, ["slash", *"zzz"])
        await until(pilot, lambda: on_top(pilot, RunsScreen).has_class("-none"))
        assert "No run matches" in pilot.app.screen.query_one(".none", Words).shown.plain


async def test_a_page_is_read_only_when_the_cursor_comes_near_its_end(long_history: FakeStoringEngine) -> None:
    async with app_over(long_history).run_test(size=NARROW) as pilot:
        await open_with_key(pilot, "h")
        assert item_list(pilot).option_count == PAGE_RUNS
        await press_all(pilot, ["end"])
        await until(pilot, lambda: item_list(pilot).option_count == 2 * PAGE_RUNS)
        await press_all(pilot, ["end"])
        await until(pilot, lambda: item_list(pilot).option_count == 3 * PAGE_RUNS)


async def test_a_search_finds_what_lies_on_a_later_page(long_history: FakeStoringEngine) -> None:
    async with app_over(long_history).run_test(size=NARROW) as pilot:
        await open_with_key(pilot, "h")
        await press_all(pilot, ["slash", *"needle"])
        await until(pilot, lambda: item_list(pilot).option_count == 1)


async def test_a_run_changes_in_its_place_and_a_new_one_comes_on_top(engine: FakeStoringEngine) -> None:
    async with app_over(engine).run_test(size=NARROW) as pilot:
        await open_with_key(pilot, "h")
        engine.say([RunChanged(replace(FULL_RUN, status="cancelled")), RunChanged(replace(FULL_RUN, id="run-new"))])
        await until(pilot, lambda: item_list(pilot).option_count == 9)
        assert "succeeded" in items(pilot)[0]
        assert "cancelled" in items(pilot)[2]
