"""The plan's screen: what it shows, and that what is written there is stored and shown at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from textual.widgets import OptionList

from console.engine.events import RunChanged
from console.ui.modals.document import DocumentModal
from console.ui.modals.picker import PickerModal
from console.ui.modals.sign_off import Signature, SignOffModal
from console.ui.modals.write import WriteModal
from console.ui.screens.experiments import ExperimentsScreen
from console.ui.screens.phases import PhasesScreen
from console.ui.screens.run_detail import RunDetailScreen
from console.ui.text import own
from console.ui.widgets.words import Words
from console.ui.widgets.writing import WritingArea, WritingLine
from store.records import EvidenceRecord, MeasurementRecord, RuntimeRecord, Write
from tests.ui.driving import NARROW, WIDE, Driver, app_over, until
from tests.ui.evidence_samples import evidence
from tests.ui.filed_driving import (
    BOTH_SIZES,
    SnapCompare,
    document_text,
    go_to,
    item_list,
    items,
    look,
    on_top,
    open_with_key,
    press_all,
    summary,
    takes_keys,
    unfold_phase_1,
)
from tests.ui.filed_engine import FakeStoringEngine, filed_engine
from tests.ui.filed_samples import DIFFERING_RUN, filed, hostile

FIRST_QUESTION = "criterion:phase-0.question.1"
OPEN_EXIT = "criterion:phase-0.exit.2"
RECOMMENDATION = "criterion:phase-1.exit.3"
FLOW = "criterion:phase-1.verify.1"
LONG = "an agent that hangs, or one that loses what it was told"


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[FakeStoringEngine]:
    yield from filed_engine(tmp_path, filed())


@pytest.fixture
def experiment_engine(tmp_path: Path) -> Iterator[FakeStoringEngine]:
    yield from filed_engine(tmp_path, [*filed(), *evidence(), _runtime("agentos_local/pi")])


@pytest.fixture
def closed_engine(tmp_path: Path) -> Iterator[FakeStoringEngine]:
    yield from filed_engine(tmp_path, [*filed(), *evidence(), *_heavy()])


@pytest.fixture
def hostile_engine(tmp_path: Path) -> Iterator[FakeStoringEngine]:
    yield from filed_engine(tmp_path, hostile())


@BOTH_SIZES
def test_hostile_text_in_the_plan_is_shown_and_does_nothing(
    snap_compare: SnapCompare, hostile_engine: FakeStoringEngine, size: tuple[int, int]
) -> None:
    async def bring_about(pilot: Driver) -> None:
        await open_with_key(pilot, "p")
        await unfold_phase_1(pilot)
        await go_to(pilot, "answer:answer-h")

    assert look(snap_compare, hostile_engine, bring_about, size=size)


@BOTH_SIZES
def test_what_a_criterion_requires_and_why_a_phase_is_closed(
    snap_compare: SnapCompare, closed_engine: FakeStoringEngine, size: tuple[int, int]
) -> None:
    async def bring_about(pilot: Driver) -> None:
        await open_with_key(pilot, "p")
        await unfold_phase_1(pilot)
        await go_to(pilot, "criterion:phase-1.exit.2")
        await press_all(pilot, ["enter"])
        await _open_section(pilot, "phase-2", "documented capability schema")

    assert look(snap_compare, closed_engine, bring_about, size=size)


async def test_a_signature_is_stored_and_shown_at_once(engine: FakeStoringEngine) -> None:
    async with app_over(engine).run_test(size=NARROW) as pilot:
        await open_with_key(pilot, "p")
        await unfold_phase_1(pilot)
        assert _line(pilot, "explicit recommendation").startswith("    ✍")
        await _open_sign_off(pilot, RECOMMENDATION)
        await press_all(pilot, ["enter", *"five", "ctrl+s"])
        await until(pilot, lambda: _line(pilot, "explicit recommendation").endswith("signed: continue"))
        assert "1 of 7" in _line(pilot, "Phase 1")
        assert any("five" in item and "Ada" in item for item in items(pilot))
    stored = await engine.queries.signoffs("phase-1.exit.3")
    assert [(row.decision, row.statement, row.signed_by) for row in stored] == [("continue", "five", "Ada")]


async def test_not_met_leaves_the_criterion_open(engine: FakeStoringEngine) -> None:
    async with app_over(engine).run_test(size=NARROW) as pilot:
        await open_with_key(pilot, "p")
        await _open_section(pilot, "phase-2", "documented capability schema")
        await _open_sign_off(pilot, "criterion:phase-2.exit.1")
        await press_all(pilot, ["down", "enter", *"no", "ctrl+s"])
        await until(pilot, lambda: _line(pilot, "documented capability schema").endswith("signed: not met"))
        assert "0 of 3" in _line(pilot, "Phase 2")


async def test_an_override_is_shown_as_signed_and_what_was_found_beside_it(engine: FakeStoringEngine) -> None:
    async with app_over(engine).run_test(size=NARROW) as pilot:
        await open_with_key(pilot, "p")
        await unfold_phase_1(pilot)
        modal = await _open_sign_off(pilot, FLOW)
        assert _decisions(modal) == ["override", "not met"]
        await press_all(pilot, ["enter", *"seen", "ctrl+s"])
        await until(pilot, lambda: _line(pilot, "checkout and heartbeat flow").endswith("met by signature"))
        assert "found not settled: agentos_local/pi 0 of 2" in _item(pilot, "checkout and heartbeat flow")


async def test_a_phase_is_signed_with_one_of_its_own_decisions(engine: FakeStoringEngine) -> None:
    async with app_over(engine).run_test(size=NARROW) as pilot:
        await open_with_key(pilot, "p")
        modal = await _open_sign_off(pilot, "section:phase-0")
        assert _decisions(modal) == ["continue", "pause", "abandon"]
        await press_all(pilot, ["down", "enter", *"wait", "ctrl+s"])
        await until(pilot, lambda: "signed: pause" in _line(pilot, "Phase 0"))
    assert [row.decision for row in await engine.queries.signoffs("phase-0")] == ["pause"]


async def test_an_incomplete_signature_is_not_stored(engine: FakeStoringEngine) -> None:
    async with app_over(engine).run_test(size=NARROW) as pilot:
        await open_with_key(pilot, "p")
        modal = await _open_sign_off(pilot, OPEN_EXIT)
        await press_all(pilot, ["ctrl+s"])
        assert "Say what" in modal.query_one(".complaint", Words).shown.plain
        await press_all(pilot, ["escape"])
        on_top(pilot, PhasesScreen)
    assert await engine.queries.signoffs("phase-0.exit.2") == []


async def test_the_sign_off_takes_no_key_before_it_is_armed(engine: FakeStoringEngine) -> None:
    left: list[Signature | None] = []
    async with app_over(engine).run_test(size=NARROW) as pilot:
        modal = SignOffModal(own("It binds."), ["met"], signed_by="Ada", guard_s=3_600)
        pilot.app.push_screen(modal, left.append)
        await until(pilot, lambda: pilot.app.screen is modal)
        await press_all(pilot, [*"x", "enter", "tab", "ctrl+s", "escape", "q"])
        assert pilot.app.screen is modal
        assert modal.query_one(WritingArea).text == ""
        assert not takes_keys(modal)
    assert left == []


async def test_an_answer_is_stored_with_its_author_and_meets_its_question(engine: FakeStoringEngine) -> None:
    async with app_over(engine).run_test(size=NARROW) as pilot:
        await open_with_key(pilot, "p")
        await _answer(pilot, "hangs")
        await until(pilot, lambda: _line(pilot, "what failure modes").endswith("not met"))
        assert "has 5 of at least 40 characters" in _item(pilot, "what failure modes")
        await _answer(pilot, f" is {LONG}")
        await until(pilot, lambda: _line(pilot, "what failure modes").endswith("  met"))
    stored = await engine.queries.answers("phase-0.question.3")
    assert [(row.body, row.author) for row in stored] == [(f"hangs is {LONG}", "Ada"), ("hangs", "Ada")]


async def test_an_answer_without_a_name_is_not_taken(engine: FakeStoringEngine) -> None:
    async with app_over(engine).run_test(size=NARROW) as pilot:
        modal = WriteModal(own("Answer"), author="")
        pilot.app.push_screen(modal)
        await until(pilot, lambda: pilot.app.screen is modal)
        await press_all(pilot, [*"so", "ctrl+s"])
        assert "Give a name" in modal.query_one(".complaint", Words).shown.plain
        assert pilot.app.screen is modal
        assert modal.query_one(WritingLine).value == ""


async def test_a_criterion_opens_to_what_it_requires_and_that_to_the_runs_behind_it(engine: FakeStoringEngine) -> None:
    async with app_over(engine).run_test(size=NARROW) as pilot:
        await open_with_key(pilot, "p")
        await unfold_phase_1(pilot)
        await go_to(pilot, FLOW)
        await press_all(pilot, ["enter"])
        required = _item(pilot, "at least 90% by Wilson's 95% interval")
        assert "→ 3 runs" in required
        await go_to(pilot, "requirement:phase-1.verify.1:flow")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, PickerModal))
        await press_all(pilot, ["r", "e", "m", "e", "enter"])
        await until(pilot, lambda: isinstance(pilot.app.screen, RunDetailScreen) and "remember" in summary(pilot))


async def test_a_number_of_an_experiment_opens_the_experiment(experiment_engine: FakeStoringEngine) -> None:
    async with app_over(experiment_engine).run_test(size=WIDE) as pilot:
        await open_with_key(pilot, "p")
        await unfold_phase_1(pilot)
        await go_to(pilot, "criterion:phase-1.exit.2")
        await press_all(pilot, ["enter"])
        await go_to(pilot, "requirement:phase-1.exit.2:experiment")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, PickerModal))
        await press_all(pilot, ["enter"])
        await until(pilot, lambda: isinstance(pilot.app.screen, ExperimentsScreen))


async def test_what_has_nothing_behind_it_says_so(engine: FakeStoringEngine) -> None:
    async with app_over(engine).run_test(size=NARROW) as pilot:
        await open_with_key(pilot, "p")
        await unfold_phase_1(pilot)
        await go_to(pilot, "criterion:phase-1.verify.2")
        await press_all(pilot, ["enter"])
        await go_to(pilot, "requirement:phase-1.verify.2:resume")
        await press_all(pilot, ["enter"])
        on_top(pilot, PhasesScreen)


async def test_what_runs_claimed_of_a_measured_criterion_is_read_in_full_only(engine: FakeStoringEngine) -> None:
    async with app_over(engine).run_test(size=NARROW) as pilot:
        await open_with_key(pilot, "p")
        await unfold_phase_1(pilot)
        await go_to(pilot, FLOW)
        await press_all(pilot, ["enter"])
        assert not any("checked out, ran and was released" in item for item in items(pilot))
        await press_all(pilot, ["d"])
        assert "beat 0 checked out, ran and was released" in document_text(pilot)


async def test_older_notes_are_folded_until_their_criterion_is_opened(engine: FakeStoringEngine) -> None:
    for number in range(5):
        await engine.put(_note(number))
    async with app_over(engine).run_test(size=NARROW) as pilot:
        await open_with_key(pilot, "p")
        await _open_section(pilot, "phase-2", "documented capability schema")
        assert not any("note 0" in item for item in items(pilot))
        await go_to(pilot, "criterion:phase-2.exit.1")
        await press_all(pilot, ["enter"])
        assert any("note 0" in item for item in items(pilot))
        assert _line(pilot, "documented capability schema").endswith("awaiting signature")


async def test_a_run_that_ends_is_counted_without_a_key(engine: FakeStoringEngine) -> None:
    async with app_over(engine).run_test(size=NARROW) as pilot:
        await open_with_key(pilot, "p")
        await unfold_phase_1(pilot)
        run = replace(DIFFERING_RUN, id="run-new", status="succeeded")
        await engine.put(run)
        engine.say([RunChanged(run)])
        await until(pilot, lambda: "agentos_local/pi 2 of 3" in _item(pilot, "one agent type can run reliably"))


async def test_a_guardrail_closes_the_later_phases_until_it_is_overridden_with_a_reason(
    engine: FakeStoringEngine,
) -> None:
    for record in _heavy():
        await engine.put(record)
    async with app_over(engine).run_test(size=NARROW) as pilot:
        await open_with_key(pilot, "p")
        assert _line(pilot, "Phase 2").endswith("✖ closed by a guardrail")
        await _open_section(pilot, "phase-2", "documented capability schema")
        assert "runtime_packages: agentos_local/pi 900 against pi_local 100" in _item(pilot, "operational burden")
        assert any("sign `override` on guardrail.4" in item for item in items(pilot))
        await go_to(pilot, "criterion:phase-2.exit.1")
        screen = on_top(pilot, PhasesScreen)
        assert not screen.is_available("sign")
        assert not screen.is_available("answer")
        assert screen.is_available("history")
        modal = await _open_sign_off(pilot, "opens:phase-2")
        assert _decisions(modal) == ["override", "not met"]
        await press_all(pilot, ["enter", *"worth", "ctrl+s"])
        await until(pilot, lambda: _line(pilot, "Phase 2").endswith("no evidence"))
    stored = await engine.queries.signoffs("guardrail.4")
    assert [(row.decision, row.statement) for row in stored] == [("override", "worth")]


async def test_the_title_tells_the_target_and_which_phase_is_worked_on(engine: FakeStoringEngine) -> None:
    async with app_over(engine).run_test(size=NARROW) as pilot:
        await open_with_key(pilot, "p")
        left, right = on_top(pilot, PhasesScreen).title_ends()
        assert "target pi_local" in left.plain
        assert right.plain == "phase 1 of 5 · 0 met"


async def test_everything_known_of_a_criterion_is_read_in_full(engine: FakeStoringEngine) -> None:
    async with app_over(engine).run_test(size=NARROW) as pilot:
        await open_with_key(pilot, "p")
        await go_to(pilot, FIRST_QUESTION)
        await press_all(pilot, ["d"])
        on_top(pilot, DocumentModal)
        assert "and sees where they part." in document_text(pilot)
        await press_all(pilot, ["escape"])
        on_top(pilot, PhasesScreen)


async def test_evidence_without_a_run_leads_nowhere(engine: FakeStoringEngine) -> None:
    record = EvidenceRecord(
        id="e-alone", criterion_id="phase-0.exit.2", kind="note", statement="agreed by mail", recorded_at="2030"
    )
    await engine.put(record)
    async with app_over(engine).run_test(size=WIDE) as pilot:
        await open_with_key(pilot, "p")
        await go_to(pilot, "evidence:e-alone")
        await press_all(pilot, ["enter"])
        on_top(pilot, PhasesScreen)


def _item(pilot: Driver, said: str) -> str:
    """The item that has these words, as one line."""
    found = [item for item in items(pilot) if said in " ".join(item.split())]
    return " ".join(found[0].split())


def _line(pilot: Driver, start: str) -> str:
    """The first line of the item that has these words."""
    found = [item for item in items(pilot) if start in item]
    return found[0].splitlines()[0].rstrip()


def _decisions(modal: SignOffModal) -> list[str]:
    choices = modal.query_one(OptionList)
    return [str(choices.get_option_at_index(index).prompt) for index in range(choices.option_count)]


def _note(number: int) -> EvidenceRecord:
    return EvidenceRecord(
        id=f"note-{number}",
        criterion_id="phase-2.exit.1",
        kind="note",
        statement=f"note {number}",
        recorded_at=f"2030-01-0{number + 1}",
    )


def _heavy() -> Iterator[Write]:
    """Nine times as many packages as the existing adapter has."""
    for number, (key, packages) in enumerate({"pi_local": 100, "agentos_local/pi": 900}.items()):
        yield _runtime(key)
        yield MeasurementRecord(
            id=f"heavy-{number}",
            subject=key,
            name="runtime_packages",
            value=packages,
            unit="packages",
            sample_count=1,
            statement="counted",
            provenance_json="{}",
            measured_at="2030-01-01",
        )


def _runtime(key: str) -> RuntimeRecord:
    is_vm = key.startswith("agentos")
    return RuntimeRecord(
        key=key, adapter_type=key, title=key, experimental=is_vm, definition_json="{}", seen_at="2030-01-01"
    )


async def _open_section(pilot: Driver, key: str, shows: str) -> None:
    await go_to(pilot, f"section:{key}")
    await pilot.press("enter")
    await until(pilot, lambda: any(shows in item for item in items(pilot)))


async def _answer(pilot: Driver, text: str) -> None:
    """Write more of the answer to the third question."""
    await go_to(pilot, "criterion:phase-0.question.3")
    await pilot.press("a")
    await until(pilot, lambda: isinstance(pilot.app.screen, WriteModal))
    await press_all(pilot, [*("space" if letter == " " else letter for letter in text), "ctrl+s"])
    await until(pilot, lambda: isinstance(pilot.app.screen, PhasesScreen))


async def _open_sign_off(pilot: Driver, key: str) -> SignOffModal:
    await go_to(pilot, key)
    assert item_list(pilot).has_focus
    await pilot.press("s")
    await until(pilot, lambda: isinstance(pilot.app.screen, SignOffModal) and takes_keys(pilot.app.screen))
    return on_top(pilot, SignOffModal)
