"""The resume bench: how a chain looks, and what its keys ask of the engine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion
from textual.notifications import Notification

from console.engine.chain import MANIPULATIONS
from console.engine.events import ChainChanged, ResumeJudged, Step, StepReached
from console.ui.keys import actions_of
from console.ui.modals.confirm import ConfirmModal
from console.ui.modals.document import DocumentModal
from console.ui.modals.picker import PickerModal
from console.ui.modals.write import WriteModal
from console.ui.request_diff_modal import RequestDiffModal
from console.ui.screens.experiments import ExperimentsScreen
from console.ui.screens.resume_bench import ResumeBenchScreen
from console.ui.screens.run_detail import RunDetailScreen
from console.ui.widgets.writing import WritingArea
from store import StoreError
from store.records import Write
from tests.ui.chain_samples import CHAIN_ID, RUNTIMES, beat_run, chain, chain_rows, step, verdict
from tests.ui.driving import NARROW, WIDE, Driver, app_over, ready, text_of, until
from tests.ui.filed_driving import document_text, on_top, press_all
from tests.ui.filed_engine import FakeStoringEngine, filed_engine
from tests.ui.gallery import EVERY_LOOK, Gallery
from tests.ui.samples import HOSTILE


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[FakeStoringEngine]:
    yield from filed_engine(tmp_path, chain_rows())


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[FakeStoringEngine]:
    yield from filed_engine(tmp_path, [])


@pytest.fixture
def running(tmp_path: Path) -> Iterator[FakeStoringEngine]:
    """Lane A has a fourth beat under way."""
    yield from filed_engine(tmp_path, [*chain_rows(), *_fourth_beat()])


@pytest.fixture
def hostile_engine(tmp_path: Path) -> Iterator[FakeStoringEngine]:
    """What agents, adapters and files say tries to fool the terminal."""
    rows = [*chain_rows(), replace(verdict(0, 3, "fresh", HOSTILE)), step(10, 0, "view", HOSTILE, before_json=HOSTILE)]
    bad = [replace(row, scenario=HOSTILE) for row in (chain(),)]
    run = replace(beat_run(0, 3), error_message=HOSTILE, fresh_session_reason=HOSTILE)
    yield from filed_engine(tmp_path, [*rows, *bad, run])


def _fourth_beat() -> list[Write]:
    run = replace(beat_run(0, 4), status="running", finished_at=None, observed_status=None)
    return [run, step(10, 0, "beat", "beat 4 began", "begun", run_id=run.id)]


async def open_bench(pilot: Driver) -> ResumeBenchScreen:
    """The bench, with the newest chain read."""
    await ready(pilot)
    await pilot.press("u")
    await until(pilot, lambda: isinstance(pilot.app.screen, ResumeBenchScreen))
    screen = on_top(pilot, ResumeBenchScreen)
    await until(pilot, lambda: screen.has_class("-none") or "beat" in text_of(pilot, ".seen-title"))
    return screen


def lane_text(pilot: Driver, index: int) -> str:
    return text_of(pilot, f"#chain-lane-{index}")


def notices(pilot: Driver) -> list[str]:
    shown: list[Notification] = list(pilot.app._notifications)  # pyright: ignore[reportPrivateUsage]  # there is no other way to them
    return [notice.message for notice in shown]


async def answer(pilot: Driver, kind: type[object], *keys: str) -> None:
    """Wait for a dialog, and press keys in it."""
    await until(pilot, lambda: isinstance(pilot.app.screen, kind))
    await press_all(pilot, keys)


@EVERY_LOOK
async def test_a_chain_looks_as_drawn(
    snapshot: SnapshotAssertion, engine: FakeStoringEngine, size: tuple[int, int], theme: str
) -> None:
    async with app_over(engine, theme).run_test(size=size) as pilot:
        gallery = Gallery(snapshot, pilot)
        await open_bench(pilot)
        await gallery.look("fresh-after-a-deleted-store")
        await pilot.press("left")
        await until(pilot, lambda: "beat 2 of A" in text_of(pilot, ".seen-title"))
        await gallery.look("native")
        await press_all(pilot, ["tab", "left"])
        await until(pilot, lambda: "beat 2 of B" in text_of(pilot, ".seen-title"))
        await gallery.look("recap")
        await pilot.press("s")
        await until(pilot, lambda: isinstance(pilot.app.screen, DocumentModal))
        await gallery.look("steps")
        await press_all(pilot, ["escape", "k"])
        await until(pilot, lambda: isinstance(pilot.app.screen, ConfirmModal))
        await gallery.look("confirm")
    assert gallery.differing == []


@EVERY_LOOK
async def test_before_the_first_chain_it_says_how_to_begin(
    snapshot: SnapshotAssertion, empty: FakeStoringEngine, size: tuple[int, int], theme: str
) -> None:
    async with app_over(empty, theme).run_test(size=size) as pilot:
        gallery = Gallery(snapshot, pilot)
        await open_bench(pilot)
        await gallery.look("none")
    assert gallery.differing == []


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])
async def test_hostile_text_stays_text(
    snapshot: SnapshotAssertion, hostile_engine: FakeStoringEngine, size: tuple[int, int]
) -> None:
    async with app_over(hostile_engine).run_test(size=size) as pilot:
        gallery = Gallery(snapshot, pilot)
        await open_bench(pilot)
        await gallery.look("hostile")
        await press_all(pilot, ["s"])
        await until(pilot, lambda: isinstance(pilot.app.screen, DocumentModal))
        await press_all(pilot, ["G"])
        await gallery.look("hostile-steps")
    assert gallery.differing == []


async def test_between_beats_stands_what_was_done_and_not_what_was_refused(engine: FakeStoringEngine) -> None:
    async with app_over(engine).run_test(size=WIDE) as pilot:
        await open_bench(pilot)
        assert "beat 2 ✔ ◄ native ► ──[deleted session store]──▸ beat 3 ✖ ◇ fresh 1 fallback, then?" in lane_text(
            pilot, 0
        )
        assert "beat 2 ✔ ≈ recap ──[killed sidecar]──▸ beat 3 ✖ failed" in lane_text(pilot, 1)
        assert "killed sidecar" not in lane_text(pilot, 0)


async def test_what_the_model_saw_stands_beside_the_beat_before(engine: FakeStoringEngine) -> None:
    async with app_over(engine).run_test(size=WIDE) as pilot:
        await open_bench(pilot)
        await pilot.press("left")
        await until(pilot, lambda: "beat 2 of A" in text_of(pilot, ".seen-title"))
        told = document_text(pilot)
        assert "5 earlier messages stand as messages of their own" in told
        assert "beat 1, last request: 4 messages" in told
        assert "beat 2, first request: 6 messages" in told
        await press_all(pilot, ["equals_sign"])
        await until(pilot, lambda: isinstance(pilot.app.screen, RequestDiffModal))
        await press_all(pilot, ["escape", "left"])
        await until(pilot, lambda: "beat 1 of A" in text_of(pilot, ".seen-title"))
        assert "marmalade-7141" in document_text(pilot)


async def test_a_beat_without_a_request_says_so_and_opens_its_run(engine: FakeStoringEngine) -> None:
    async with app_over(engine).run_test(size=NARROW) as pilot:
        await open_bench(pilot)
        await press_all(pilot, ["2"])
        await until(pilot, lambda: "No request of this beat reached the model endpoint." in document_text(pilot))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, RunDetailScreen))


@pytest.mark.parametrize(
    ("keys", "call"),
    [
        (["b"], f"beat {CHAIN_ID} all"),
        (["tab", "B"], f"beat {CHAIN_ID} [1]"),
        (["o"], f"copy {CHAIN_ID} 0 None"),
        (["2", "O"], f"copy-stamped {CHAIN_ID} 1 None"),
        (["I"], f"copy-id {CHAIN_ID} 0 None"),
        (["w"], f"move-root {CHAIN_ID} 0 None"),
        (["r"], f"restart-bridge {CHAIN_ID} 0 None"),
    ],
)
async def test_a_key_does_it_to_the_active_lane(engine: FakeStoringEngine, keys: list[str], call: str) -> None:
    async with app_over(engine).run_test(size=NARROW) as pilot:
        await open_bench(pilot)
        await press_all(pilot, keys)
        await until(pilot, lambda: call in engine.calls)


@pytest.mark.parametrize(
    ("key", "call"),
    [
        ("x", f"clear {CHAIN_ID} 0 None"),
        ("d", f"delete-store {CHAIN_ID} 0 None"),
        ("k", f"kill-sidecar {CHAIN_ID} 0 None"),
        ("R", f"restart-console {CHAIN_ID} 0 None"),
    ],
)
async def test_what_destroys_something_is_asked_first(engine: FakeStoringEngine, key: str, call: str) -> None:
    async with app_over(engine).run_test(size=NARROW) as pilot:
        await open_bench(pilot)
        await pilot.press(key)
        await answer(pilot, ConfirmModal, "n")
        await until(pilot, lambda: isinstance(pilot.app.screen, ResumeBenchScreen))
        assert call not in engine.calls
        await pilot.press(key)
        await answer(pilot, ConfirmModal, "y")
        await until(pilot, lambda: call in engine.calls)


async def test_a_duration_is_chosen(engine: FakeStoringEngine) -> None:
    async with app_over(engine).run_test(size=NARROW) as pilot:
        await open_bench(pilot)
        await pilot.press("a")
        await answer(pilot, PickerModal, "up", "enter")
        await until(pilot, lambda: f"age-store {CHAIN_ID} 0 72h" in engine.calls)
        await pilot.press("W")
        await answer(pilot, PickerModal, "enter")
        await until(pilot, lambda: f"wait {CHAIN_ID} 0 5s" in engine.calls)


async def test_the_stored_session_is_shown(engine: FakeStoringEngine) -> None:
    async with app_over(engine).run_test(size=NARROW) as pilot:
        await open_bench(pilot)
        await pilot.press("v")
        await until(pilot, lambda: isinstance(pilot.app.screen, DocumentModal))
        assert '"sessionId": "ses_1"' in document_text(pilot)


async def test_an_edit_is_checked_before_it_is_stored(engine: FakeStoringEngine) -> None:
    async with app_over(engine).run_test(size=NARROW) as pilot:
        await open_bench(pilot)
        await pilot.press("e")
        await until(pilot, lambda: isinstance(pilot.app.screen, WriteModal))
        area = pilot.app.screen.query_one(WritingArea)
        assert '"cwd": "/work/r"' in area.text
        first = pilot.app.screen
        area.text = "{not json"
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, WriteModal) and pilot.app.screen is not first)
        area = pilot.app.screen.query_one(WritingArea)
        assert area.text == "{not json"
        area.text = "cwd=/elsewhere"
        await pilot.press("ctrl+s")
        await until(pilot, lambda: f"edit {CHAIN_ID} 0 cwd=/elsewhere" in engine.calls)


async def test_a_refusal_is_a_sentence(engine: FakeStoringEngine) -> None:
    engine.chains.answer = ("refused", "lane A runs no sidecar")
    async with app_over(engine).run_test(size=NARROW) as pilot:
        await open_bench(pilot)
        await pilot.press("r")
        await until(pilot, lambda: notices(pilot) == ["lane A runs no sidecar"])
        engine.chains.refusal = "experiment 3 runs; pause it first"
        await pilot.press("b")
        await until(pilot, lambda: "experiment 3 runs; pause it first" in notices(pilot))


async def test_an_error_of_the_store_is_told_and_the_bench_stays(engine: FakeStoringEngine) -> None:
    engine.chains.error = StoreError(Path("sidebeat.sqlite"), "the disk is full; make room")
    async with app_over(engine).run_test(size=NARROW) as pilot:
        await open_bench(pilot)
        await pilot.press("w")
        await until(pilot, lambda: any("the disk is full; make room" in told for told in notices(pilot)))
        assert isinstance(pilot.app.screen, ResumeBenchScreen)


async def test_a_console_that_does_not_open_again_ends_with_the_reason(engine: FakeStoringEngine) -> None:
    engine.chains.error = StoreError(Path("sidebeat.sqlite"), "it is locked; close the other console")
    async with app_over(engine).run_test(size=NARROW) as pilot:
        await open_bench(pilot)
        await pilot.press("R")
        await answer(pilot, ConfirmModal, "y")
        await until(pilot, lambda: pilot.app.return_code == 3)


async def test_a_running_beat_is_told_live_and_nothing_else_starts(running: FakeStoringEngine) -> None:
    async with app_over(running).run_test(size=WIDE) as pilot:
        screen = await open_bench(pilot)
        await until(pilot, lambda: screen.running_lanes == (0,))
        running.say([StepReached("chain-run-0-4", Step.FIRST_REQUEST, 0.0, 3.0)])
        await until(pilot, lambda: "beat 4 ● first request" in lane_text(pilot, 0))
        running.say([ResumeJudged(verdict(0, 4, "native", "5 earlier messages"))])
        await until(pilot, lambda: "beat 4 ● ◄ native ►" in lane_text(pilot, 0))
        await press_all(pilot, ["b", "w", "o"])
        assert running.calls == []
        await pilot.press("c")
        await answer(pilot, ConfirmModal, "y")
        await until(pilot, lambda: running.calls == ["cancel_all"])


async def test_a_step_that_is_done_elsewhere_appears(engine: FakeStoringEngine) -> None:
    async with app_over(engine).run_test(size=WIDE) as pilot:
        await open_bench(pilot)
        done = step(10, 0, "age-store", "aged 1 file")
        await engine.put(done)
        engine.say([ChainChanged(chain(), done)])
        await until(pilot, lambda: "──[aged session store]──▸" in lane_text(pilot, 0))


async def test_a_new_chain_asks_for_scenario_runtimes_and_bridge(empty: FakeStoringEngine) -> None:
    async with app_over(empty).run_test(size=NARROW) as pilot:
        await open_bench(pilot)
        await pilot.press("n")
        for keys in (["enter"], [*"pi_local", "enter"], [*"agentos_local/pi", "enter"], ["enter"], [*"warm", "enter"]):
            before = pilot.app.screen
            await until(pilot, lambda before=before: isinstance(pilot.app.screen, PickerModal))
            shown = pilot.app.screen
            await press_all(pilot, keys)
            await until(pilot, lambda shown=shown: pilot.app.screen is not shown)
        await until(pilot, lambda: bool(empty.chains.orders))
        (order,) = empty.chains.orders
        assert (order.scenario, order.runtime_keys, order.bridge_mode) == ("remember", RUNTIMES, "warm")


async def test_the_key_of_everywhere_that_the_bench_takes_works_elsewhere(engine: FakeStoringEngine) -> None:
    async with app_over(engine).run_test(size=NARROW) as pilot:
        await open_bench(pilot)
        await press_all(pilot, ["escape", "e"])
        await until(pilot, lambda: isinstance(pilot.app.screen, ExperimentsScreen))


def test_every_manipulation_has_a_key() -> None:
    methods = {action.id for action in actions_of("resume")}
    named = {"view": "view_session", "edit": "edit_session", "clear": "clear_session", "copy": "copy_session",
             "copy-stamped": "copy_session_stamped", "copy-id": "copy_session_id"}  # fmt: skip
    assert {named.get(each.key, each.key.replace("-", "_")) for each in MANIPULATIONS} <= methods
