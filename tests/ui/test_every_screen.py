"""What every screen looks like: narrow and wide, in a dark and in a light theme."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from console.engine.events import LaunchFinished, RunChanged
from console.ui.modals.document import DocumentModal
from console.ui.modals.sign_off import SignOffModal
from console.ui.modals.write import WriteModal
from console.ui.screens.issues import IssuesScreen
from console.ui.screens.phases import PhasesScreen
from console.ui.screens.run_detail import PARTS
from console.ui.screens.runs import RunsScreen
from store import Queries
from tests.ui.driving import Driver, app_over, lanes, ready, tell, text_of, until
from tests.ui.fake_engine import FakeEngine, fill
from tests.ui.filed_driving import go_to, open_run, open_thread, open_with_key, press_all, takes_keys, unfold_phase_1
from tests.ui.filed_samples import filed
from tests.ui.gallery import EVERY_LOOK, Gallery
from tests.ui.quality_samples import quality_of
from tests.ui.samples import VM_RUN, begun, failed, finished

DIALOGS = {"S": "scenarios", "r": "runtimes", "M": "models", "t": "themes"}


@pytest.fixture(scope="module")
def filed_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("filed") / "sidebeat.sqlite"
    fill(path, [*filed(), *quality_of("run-0")])
    return path


@pytest.fixture
def filed_engine(filed_database: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeEngine]:
    monkeypatch.chdir(filed_database.parent)
    queries = asyncio.run(Queries.open(Path(filed_database.name)))
    yield FakeEngine(Path(filed_database.name), queries)
    asyncio.run(queries.close())


@EVERY_LOOK
async def test_the_lanes_and_their_dialogs(
    snapshot: SnapshotAssertion, engine: FakeEngine, size: tuple[int, int], theme: str
) -> None:
    async with app_over(engine, theme).run_test(size=size) as pilot:
        gallery = Gallery(snapshot, pilot)
        await ready(pilot)
        await gallery.look("idle")
        for key, name in DIALOGS.items():
            await _look_over_the_lanes(pilot, gallery, key, name)
        engine.experimental_enabled = False
        await _look_over_the_lanes(pilot, gallery, "X", "experimental")
        engine.experimental_enabled = True
        await pilot.press("question_mark")
        await until(pilot, lambda: pilot.app.screen is not lanes(pilot) and text_of(pilot, "#page"))
        await gallery.look("help")
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is lanes(pilot))
        await tell(pilot, engine, begun())
        await gallery.look("running")
        await _look_over_the_lanes(pilot, gallery, "c", "cancel")
        await tell(pilot, engine, [RunChanged(finished(VM_RUN, 2.2)), LaunchFinished("launch-1")])
        await gallery.look("finished")
        await pilot.press("w")
        await gallery.look("raw-log")
    assert gallery.differing == []


@EVERY_LOOK
async def test_a_failure_says_what_happened_and_where_upstream_disagrees(
    snapshot: SnapshotAssertion, engine: FakeEngine, size: tuple[int, int], theme: str
) -> None:
    async with app_over(engine, theme).run_test(size=size) as pilot:
        gallery = Gallery(snapshot, pilot)
        await tell(pilot, engine, failed())
        await gallery.look("failed")
    assert gallery.differing == []


@EVERY_LOOK
async def test_every_part_of_a_run(
    snapshot: SnapshotAssertion, filed_engine: FakeEngine, size: tuple[int, int], theme: str
) -> None:
    async with app_over(filed_engine, theme).run_test(size=size) as pilot:
        gallery = Gallery(snapshot, pilot)
        await open_run(pilot, "run-0")
        for digit in range(1, len(PARTS) + 1):
            await press_all(pilot, [str(digit % 10)])
            await gallery.look(f"part-{digit}")
        await press_all(pilot, ["0", "down", "enter"])
        await gallery.look("finding")
        await press_all(pilot, ["1", "v"])
        await gallery.look("upstream-view")
        await press_all(pilot, ["v", "4", "d"])
        await gallery.look("session-as-one")
        await press_all(pilot, ["7", "enter"])
        await until(pilot, lambda: isinstance(pilot.app.screen, DocumentModal))
        await gallery.look("request-body")
        await press_all(pilot, ["escape", "escape"])
        await open_run(pilot, "run-1")
        for digit, name in (("1", "transcript"), ("6", "outcome")):
            await press_all(pilot, [digit])
            await gallery.look(f"upstream-disagrees-{name}")
    assert gallery.differing == []


@EVERY_LOOK
async def test_the_history_and_the_issues(
    snapshot: SnapshotAssertion, filed_engine: FakeEngine, size: tuple[int, int], theme: str
) -> None:
    async with app_over(filed_engine, theme).run_test(size=size) as pilot:
        gallery = Gallery(snapshot, pilot)
        await open_with_key(pilot, "h")
        await gallery.look("history")
        await pilot.press("r")
        await until(pilot, lambda: not isinstance(pilot.app.screen, RunsScreen))
        await gallery.look("history-filter")
        await press_all(pilot, ["escape", "escape"])
        await open_thread(pilot)
        await gallery.look("issues")
        await press_all(pilot, ["enter", "G"])
        await gallery.look("thread-end")
        await pilot.press("c")
        await until(pilot, lambda: isinstance(pilot.app.screen, WriteModal))
        await gallery.look("comment")
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, IssuesScreen))
    assert gallery.differing == []


@EVERY_LOOK
async def test_the_plan_and_what_is_written_there(
    snapshot: SnapshotAssertion, filed_engine: FakeEngine, size: tuple[int, int], theme: str
) -> None:
    async with app_over(filed_engine, theme).run_test(size=size) as pilot:
        gallery = Gallery(snapshot, pilot)
        await open_with_key(pilot, "p")
        await gallery.look("plan")
        await go_to(pilot, "criterion:phase-0.question.1")
        for key, dialog in (("d", DocumentModal), ("a", WriteModal)):
            await pilot.press(key)
            await until(pilot, lambda dialog=dialog: isinstance(pilot.app.screen, dialog))
            await gallery.look("criterion-in-full" if key == "d" else "answer")
            await pilot.press("escape")
            await until(pilot, lambda: isinstance(pilot.app.screen, PhasesScreen))
        await go_to(pilot, "criterion:phase-0.exit.2")
        await pilot.press("s")
        await until(pilot, lambda: isinstance(pilot.app.screen, SignOffModal) and takes_keys(pilot.app.screen))
        await gallery.look("sign-off")
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, PhasesScreen))
        await unfold_phase_1(pilot)
        await go_to(pilot, "criterion:phase-1.verify.2")
        await gallery.look("evidence")
    assert gallery.differing == []


async def _look_over_the_lanes(pilot: Driver, gallery: Gallery, key: str, name: str) -> None:
    """The dialog that a key of the lanes opens."""
    await pilot.press(key)
    await until(pilot, lambda: pilot.app.screen is not lanes(pilot))
    await gallery.look(name)
    await pilot.press("escape")
    await until(pilot, lambda: pilot.app.screen is lanes(pilot))
