"""Bringing the screens beside the lanes into a state."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar, cast

import pytest
from textual.screen import Screen
from textual.widgets import OptionList
from textual.worker import Worker

from console.ui.messages import RunChosen
from console.ui.modals.sign_off import SignOffModal
from console.ui.screens.issues import IssuesScreen
from console.ui.screens.phases import PhasesScreen
from console.ui.screens.run_detail import RunDetailScreen
from console.ui.screens.runs import RunsScreen
from console.ui.themes import DARK
from console.ui.widgets.document_view import DocumentView
from console.ui.widgets.item_list import ItemList
from console.ui.widgets.words import Words
from tests.ui.driving import NARROW, WIDE, Driver, app_over, ready, until
from tests.ui.fake_engine import FakeEngine

SnapCompare = Callable[..., bool]
ScreenT = TypeVar("ScreenT", bound=Screen[Any])

BOTH_SIZES = pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])


def on_top(pilot: Driver, kind: type[ScreenT]) -> ScreenT:
    """The screen on top, which is of this kind."""
    screen: object = pilot.app.screen
    assert isinstance(screen, kind)
    return screen


def item_list(pilot: Driver) -> ItemList:
    """The list of the screen on top."""
    return pilot.app.screen.query_one(ItemList)


def items(pilot: Driver) -> list[str]:
    """What its items say."""
    shown = item_list(pilot)
    return [str(shown.get_option_at_index(index).prompt) for index in range(shown.option_count)]


def document_text(pilot: Driver) -> str:
    """The whole document of the screen on top."""
    document = pilot.app.screen.query_one(DocumentView).document
    return "\n".join(document.line(number).plain for number in range(document.line_count))


def summary(pilot: Driver) -> str:
    """What stands above the parts of a run."""
    return pilot.app.screen.query_one(".summary", Words).shown.plain


async def open_with_key(pilot: Driver, key: str) -> None:
    """Open the plan, the runs or the issues, and wait for what it shows."""
    kind = cast("type[Screen[None]]", {"p": PhasesScreen, "h": RunsScreen, "i": IssuesScreen}[key])
    await ready(pilot)
    await pilot.press(key)
    await until(pilot, lambda: isinstance(pilot.app.screen, kind) and _has_read(pilot))


def _has_read(pilot: Driver) -> bool:
    return item_list(pilot).option_count > 0 or pilot.app.screen.has_class("-none")


async def open_run(pilot: Driver, run_id: str) -> None:
    """Open one run."""
    await ready(pilot)
    pilot.app.screen.post_message(RunChosen(run_id))
    await until(pilot, lambda: isinstance(pilot.app.screen, RunDetailScreen) and summary(pilot))


async def press_all(pilot: Driver, keys: Sequence[str]) -> None:
    """One key after the other, and everything drawn."""
    for key in keys:
        await pilot.press(key)
    workers = cast("Iterable[Worker[object]]", pilot.app.workers)
    await until(pilot, lambda: all(worker.is_finished or _waits_for_a_dialog(worker) for worker in workers))


def _waits_for_a_dialog(worker: Worker[object]) -> bool:
    """Workers that ask something stay until it is answered."""
    return worker.group == "default"


async def open_thread(pilot: Driver) -> None:
    """Open the issue with comments."""
    await open_with_key(pilot, "i")
    await go_to(pilot, "issue-1")
    await until(pilot, lambda: "Comments (3)" in document_text(pilot))


async def unfold_phase_1(pilot: Driver) -> None:
    """Show the criteria of phase 1."""
    if any("Suggested scope" in item for item in items(pilot)):
        return
    await go_to(pilot, "section:phase-1")
    await pilot.press("enter")
    await until(pilot, lambda: any("What to verify" in item for item in items(pilot)))


def takes_keys(modal: SignOffModal) -> bool:
    """Whether the moment in which the sign-off takes no key is over."""
    return not modal.query_one(OptionList).disabled


async def go_to(pilot: Driver, key: str) -> None:
    """Put the cursor of the list on an item."""
    item_list(pilot).go_to(key)
    await until(pilot, lambda: item_list(pilot).highlighted_key == key)


def look(
    snap_compare: SnapCompare,
    engine: FakeEngine,
    bring_about: Callable[[Driver], object],
    *,
    size: tuple[int, int] = NARROW,
    theme: str = DARK.name,
) -> bool:
    """Whether the screen looks as recorded."""
    return snap_compare(app_over(engine, theme), terminal_size=size, run_before=bring_about)
