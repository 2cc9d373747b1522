"""The experiments' screen: what it shows of each state, and what its keys order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion
from textual.notifications import Notification

from console.engine.events import ExperimentChanged
from console.ui.modals.confirm import ConfirmModal
from console.ui.modals.picker import PickerModal
from console.ui.screens.experiment_form import ExperimentFormModal
from console.ui.screens.experiment_margin import MarginModal
from console.ui.screens.experiments import ExperimentsScreen
from console.ui.screens.metrics import MetricsScreen
from console.ui.screens.metrics_pairs import PairsScreen
from console.ui.screens.run_detail import RunDetailScreen
from console.ui.widgets.item_list import ItemList
from console.ui.widgets.words import Words
from store.records import ExperimentRecord
from tests.ui.driving import NARROW, WIDE, Driver, app_over, ready, until
from tests.ui.evidence_samples import CHANGED, PLANNED, UNCHECKED, UNSETTLED, evidence, hostile_evidence, made_up
from tests.ui.filed_driving import on_top, press_all, summary
from tests.ui.filed_engine import FakeStoringEngine, filed_engine
from tests.ui.gallery import EVERY_LOOK, Gallery


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[FakeStoringEngine]:
    yield from filed_engine(tmp_path, evidence())


@pytest.fixture
def short(tmp_path: Path) -> Iterator[FakeStoringEngine]:
    """Few pairs, which are read quickly: for what the keys do."""
    sketches = (replace(CHANGED, pairs=6, failing_pair=3), replace(UNSETTLED, pairs=3), PLANNED)
    yield from filed_engine(tmp_path, [row for sketch in sketches for row in made_up(sketch)])


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[FakeStoringEngine]:
    yield from filed_engine(tmp_path, [])


@pytest.fixture
def hostile_engine(tmp_path: Path) -> Iterator[FakeStoringEngine]:
    yield from filed_engine(tmp_path, hostile_evidence())


@EVERY_LOOK
async def test_every_state_of_an_experiment(
    snapshot: SnapshotAssertion, engine: FakeStoringEngine, size: tuple[int, int], theme: str
) -> None:
    async with app_over(engine, theme).run_test(size=size) as pilot:
        gallery = Gallery(snapshot, pilot)
        await open_experiments(pilot)
        for sketch, name in ((PLANNED, "planned"), (UNSETTLED, "running"), (UNCHECKED, "hidden"), (CHANGED, "changed")):
            await choose(pilot, sketch.id)
            await gallery.look(name)
        await press_all(pilot, ["tab", "G"])
        await gallery.look("changed-end")
        for key, modal in (("n", ExperimentFormModal), ("c", PickerModal)):
            await pilot.press(key)
            await until(pilot, lambda modal=modal: isinstance(pilot.app.screen, modal))
            await gallery.look("form" if key == "n" else "margin-of-which")
            if key == "n":
                await pilot.press("escape")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, MarginModal))
        await gallery.look("margin")
    assert gallery.differing == []


@EVERY_LOOK
async def test_without_an_experiment_it_says_how_to_begin(
    snapshot: SnapshotAssertion, empty: FakeStoringEngine, size: tuple[int, int], theme: str
) -> None:
    async with app_over(empty, theme).run_test(size=size) as pilot:
        gallery = Gallery(snapshot, pilot)
        await ready(pilot)
        await pilot.press("e")
        await until(pilot, lambda: pilot.app.screen.has_class("-none"))
        await gallery.look("none")
    assert gallery.differing == []


async def test_hostile_text_in_an_experiment_is_shown_and_does_nothing(
    snapshot: SnapshotAssertion, hostile_engine: FakeStoringEngine
) -> None:
    async with app_over(hostile_engine).run_test(size=WIDE) as pilot:
        gallery = Gallery(snapshot, pilot)
        await open_experiments(pilot)
        await gallery.look("hostile")
    assert gallery.differing == []


async def test_verdicts_are_hidden_until_the_self_check_says_no_difference(engine: FakeStoringEngine) -> None:
    async with app_over(engine).run_test(size=WIDE) as pilot:
        await open_experiments(pilot)
        await choose(pilot, UNCHECKED.id)
        shown = results(pilot)
        assert "no verdict is shown before opencode_local was run against itself" in shown[0]
        assert not any("✔ within" in line or "✖ over" in line for line in shown)
        assert any("◌ hidden" in line for line in shown)


async def test_a_changed_margin_stays_marked_with_its_reason(engine: FakeStoringEngine) -> None:
    async with app_over(engine).run_test(size=WIDE) as pilot:
        await open_experiments(pilot)
        await choose(pilot, CHANGED.id)
        assert any("1.5\N{MULTIPLICATION SIGN} ⚑" in line for line in results(pilot))
        assert any("after 20 pairs  people wait for the model much longer" in line for line in results(pilot))


async def test_a_result_leads_to_its_pairs_and_a_failure_to_its_run(short: FakeStoringEngine) -> None:
    async with app_over(short).run_test(size=NARROW) as pilot:
        await open_experiments(pilot)
        await choose(pilot, CHANGED.id)
        await press_all(pilot, ["enter", "down", "enter"])
        await until(pilot, lambda: isinstance(pilot.app.screen, PairsScreen) and pairs_shown(pilot) == 6)
        await press_all(pilot, ["escape"])
        pilot.app.screen.query_one("#results", ItemList).go_to("failure:run-2-03-b")
        await press_all(pilot, ["enter"])
        await until(pilot, lambda: isinstance(pilot.app.screen, RunDetailScreen) and "failed" in summary(pilot))


async def test_success_leads_to_the_runs_of_the_arm(short: FakeStoringEngine) -> None:
    async with app_over(short).run_test(size=WIDE) as pilot:
        await open_experiments(pilot)
        await choose(pilot, CHANGED.id)
        pilot.app.screen.query_one("#results", ItemList).go_to("success:1")
        await press_all(pilot, ["tab", "enter"])
        await until(pilot, lambda: isinstance(pilot.app.screen, PairsScreen) and pairs_shown(pilot) == 6)
        await press_all(pilot, ["enter"])
        await until(pilot, lambda: isinstance(pilot.app.screen, RunDetailScreen) and "agentos_local/pi" in title(pilot))


async def test_keys_order_what_the_state_allows(short: FakeStoringEngine) -> None:
    async with app_over(short).run_test(size=NARROW) as pilot:
        await open_experiments(pilot)
        await choose(pilot, PLANNED.id)
        await press_all(pilot, ["space", "s"])
        await choose(pilot, UNSETTLED.id)
        await press_all(pilot, ["s", "space"])
        await pilot.press("S")
        await until(pilot, lambda: isinstance(pilot.app.screen, ConfirmModal))
        await press_all(pilot, ["y"])
        await choose(pilot, CHANGED.id)
        await press_all(pilot, ["s", "space", "S"])
        assert short.calls == [f"start {PLANNED.id}", f"pause {UNSETTLED.id}", f"stop {UNSETTLED.id}"]


async def test_a_paused_experiment_goes_on(short: FakeStoringEngine) -> None:
    async with app_over(short).run_test(size=NARROW) as pilot:
        await open_experiments(pilot)
        await choose(pilot, UNSETTLED.id)
        paused = replace(record_of(UNSETTLED.id), state="paused")
        await short.put(paused)
        short.say([ExperimentChanged(paused)])
        await until(pilot, lambda: "‖ paused" in text(pilot, ".head"))
        await press_all(pilot, ["space"])
        assert short.calls == [f"resume {UNSETTLED.id}"]


async def test_progress_is_shown_as_it_is_made(short: FakeStoringEngine) -> None:
    async with app_over(short).run_test(size=WIDE) as pilot:
        await open_experiments(pilot)
        await choose(pilot, UNSETTLED.id)
        assert "pair 3 of 20" in text(pilot, ".head")
        further = [row for row in made_up(replace(UNSETTLED, pairs=5)) if getattr(row, "pair_no", 0) > 4]
        for row in further:
            await short.put(row)
        short.say([ExperimentChanged(record_of(UNSETTLED.id))])
        await until(pilot, lambda: "pair 5 of 20" in text(pilot, ".head"))


async def test_a_new_experiment_is_planned_after_its_self_check(short: FakeStoringEngine) -> None:
    async with app_over(short).run_test(size=NARROW) as pilot:
        await open_experiments(pilot)
        await pilot.press("n")
        await until(pilot, lambda: isinstance(pilot.app.screen, ExperimentFormModal))
        await press_all(pilot, ["tab", "tab", *["backspace"] * 2, *"30", "ctrl+s"])
        await until(pilot, lambda: len(short.experiments.orders) == 2)
        check, order = short.experiments.orders
        assert (check.kind, check.runtime_keys, check.max_pairs) == ("self-check", ("pi_local",), 30)
        assert (order.kind, order.runtime_keys) == ("comparison", ("pi_local", "agentos_local/pi"))
        assert (order.scenarios, order.min_pairs, order.temperature) == (("hello-tool",), 10, "cold")
        assert order.margins == {"execute_to_first_request_ms": 1.25}


async def test_a_form_that_cannot_be_run_says_why_and_stays(short: FakeStoringEngine) -> None:
    async with app_over(short).run_test(size=NARROW) as pilot:
        await open_experiments(pilot)
        await pilot.press("n")
        await until(pilot, lambda: isinstance(pilot.app.screen, ExperimentFormModal))
        form = on_top(pilot, ExperimentFormModal)
        await press_all(pilot, ["tab", "tab", *["backspace"] * 2, "x", "ctrl+s"])
        assert "pairs at most is not a number" in form.query_one(".complaint", Words).shown.plain
        await press_all(pilot, ["backspace", "5", "ctrl+s"])
        assert "the fewest pairs are 1 to the 5" in form.query_one(".complaint", Words).shown.plain
        await press_all(pilot, ["escape"])
        assert short.experiments.orders == []


async def test_a_refused_order_is_told(short: FakeStoringEngine) -> None:
    short.experiments.refusal = "experiment 9 runs already; wait for it or pause it"
    async with app_over(short).run_test(size=NARROW) as pilot:
        await open_experiments(pilot)
        await choose(pilot, PLANNED.id)
        await press_all(pilot, ["s"])
        await until(pilot, lambda: any("runs already" in str(note.message) for note in notices(pilot)))
        assert short.calls == []


async def test_another_margin_takes_a_reason(short: FakeStoringEngine) -> None:
    async with app_over(short).run_test(size=NARROW) as pilot:
        await open_experiments(pilot)
        await choose(pilot, CHANGED.id)
        await pilot.press("c")
        await until(pilot, lambda: isinstance(pilot.app.screen, PickerModal))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, MarginModal))
        modal = on_top(pilot, MarginModal)
        await press_all(pilot, ["ctrl+s"])
        assert "That is the margin now" in modal.query_one(".complaint", Words).shown.plain
        await press_all(pilot, [*["backspace"] * 3, *"1.4", "ctrl+s"])
        assert "Give a reason" in modal.query_one(".complaint", Words).shown.plain
        await press_all(pilot, ["enter", *"haste", "ctrl+s"])
        await until(pilot, lambda: short.calls)
        assert short.calls == ["margin of execute_to_first_request_ms in experiment-2 to 1.4: haste"]


async def test_its_metrics_are_one_key_away(short: FakeStoringEngine) -> None:
    async with app_over(short).run_test(size=NARROW) as pilot:
        await open_experiments(pilot)
        await choose(pilot, CHANGED.id)
        await press_all(pilot, ["o"])
        await until(
            pilot, lambda: isinstance(pilot.app.screen, MetricsScreen) and "Experiment 2" in text(pilot, ".scope")
        )


async def open_experiments(pilot: Driver) -> None:
    await ready(pilot)
    await pilot.press("e")
    await until(pilot, lambda: isinstance(pilot.app.screen, ExperimentsScreen) and bool(results(pilot)))
    await press_all(pilot, [])


async def choose(pilot: Driver, experiment_id: str) -> None:
    """Put the cursor on an experiment, and wait for its results."""
    screen = pilot.app.screen
    screen.query_one("#experiments", ItemList).focus()
    screen.query_one("#experiments", ItemList).go_to(experiment_id)
    number = experiment_id.removeprefix("experiment-")
    await until(pilot, lambda: f"Experiment {number} " in text(pilot, ".head"))
    await press_all(pilot, [])


def results(pilot: Driver) -> list[str]:
    shown = pilot.app.screen.query_one("#results", ItemList)
    return [str(shown.get_option_at_index(index).prompt) for index in range(shown.option_count)]


def pairs_shown(pilot: Driver) -> int:
    return pilot.app.screen.query_one(ItemList).option_count


def text(pilot: Driver, selector: str) -> str:
    return pilot.app.screen.query_one(selector, Words).shown.plain


def title(pilot: Driver) -> str:
    return on_top(pilot, RunDetailScreen).title_ends()[0].plain


def record_of(experiment_id: str) -> ExperimentRecord:
    found = (row for row in evidence() if isinstance(row, ExperimentRecord) and row.id == experiment_id)
    return next(found)


def notices(pilot: Driver) -> list[Notification]:
    return list(pilot.app._notifications)  # pyright: ignore[reportPrivateUsage]  # there is no public way to them
