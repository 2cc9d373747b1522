"""The plan's screen: what it shows, and that what is written there is stored and shown at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.widgets import OptionList

from console.ui.modals.document import DocumentModal
from console.ui.modals.sign_off import Signature, SignOffModal
from console.ui.modals.write import WriteModal
from console.ui.screens.phases import PhasesScreen
from console.ui.screens.run_detail import RunDetailScreen
from console.ui.text import own
from console.ui.widgets.words import Words
from console.ui.widgets.writing import WritingArea, WritingLine
from store.records import EvidenceRecord
from tests.ui.driving import NARROW, WIDE, Driver, app_over, until
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
from tests.ui.filed_samples import filed, hostile

FIRST_QUESTION = "criterion:phase-0.question.1"
OPEN_EXIT = "criterion:phase-0.exit.2"


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[FakeStoringEngine]:
    yield from filed_engine(tmp_path, filed())


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


async def test_a_signature_is_stored_and_shown_at_once(engine: FakeStoringEngine) -> None:
    async with app_over(engine).run_test(size=NARROW) as pilot:
        await open_with_key(pilot, "p")
        assert _line(pilot, "measurable comparison criteria").endswith("no evidence")
        await _open_sign_off(pilot, OPEN_EXIT)
        await press_all(pilot, ["enter", *"five", "ctrl+s"])
        await until(pilot, lambda: _line(pilot, "measurable comparison criteria").endswith("signed: met"))
        assert "2 of 2 signed" in _line(pilot, "Phase 0")
        assert any("five" in item and "Ada" in item for item in items(pilot))
    stored = await engine.queries.signoffs("phase-0.exit.2")
    assert [(row.decision, row.statement, row.signed_by) for row in stored] == [("met", "five", "Ada")]


async def test_not_met_leaves_the_criterion_open(engine: FakeStoringEngine) -> None:
    async with app_over(engine).run_test(size=NARROW) as pilot:
        await open_with_key(pilot, "p")
        await _open_sign_off(pilot, OPEN_EXIT)
        await press_all(pilot, ["down", "enter", *"no", "ctrl+s"])
        await until(pilot, lambda: _line(pilot, "measurable comparison criteria").endswith("signed: not met"))
        assert "1 of 2 signed" in _line(pilot, "Phase 0")


async def test_a_phase_is_signed_with_one_of_its_own_decisions(engine: FakeStoringEngine) -> None:
    async with app_over(engine).run_test(size=NARROW) as pilot:
        await open_with_key(pilot, "p")
        modal = await _open_sign_off(pilot, "section:phase-0")
        choices = modal.query_one(OptionList)
        names = [str(choices.get_option_at_index(index).prompt) for index in range(choices.option_count)]
        assert names == ["continue", "pause", "abandon"]
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


async def test_an_answer_is_stored_with_its_author_and_shown_at_once(engine: FakeStoringEngine) -> None:
    async with app_over(engine).run_test(size=NARROW) as pilot:
        await open_with_key(pilot, "p")
        await go_to(pilot, "criterion:phase-0.question.3")
        await pilot.press("a")
        await until(pilot, lambda: isinstance(pilot.app.screen, WriteModal))
        await press_all(pilot, [*"hangs", "ctrl+s"])
        await until(pilot, lambda: _line(pilot, "what failure modes").endswith("answered"))
        assert any("hangs" in item for item in items(pilot))
    stored = await engine.queries.answers("phase-0.question.3")
    assert [(row.body, row.author) for row in stored] == [("hangs", "Ada")]


async def test_an_answer_without_a_name_is_not_taken(engine: FakeStoringEngine) -> None:
    async with app_over(engine).run_test(size=NARROW) as pilot:
        modal = WriteModal(own("Answer"), author="")
        pilot.app.push_screen(modal)
        await until(pilot, lambda: pilot.app.screen is modal)
        await press_all(pilot, [*"so", "ctrl+s"])
        assert "Give a name" in modal.query_one(".complaint", Words).shown.plain
        assert pilot.app.screen is modal
        assert modal.query_one(WritingLine).value == ""


async def test_evidence_opens_its_run(engine: FakeStoringEngine) -> None:
    async with app_over(engine).run_test(size=NARROW) as pilot:
        await open_with_key(pilot, "p")
        await unfold_phase_1(pilot)
        await go_to(pilot, "evidence:evidence-8")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, RunDetailScreen) and "remember" in summary(pilot))


async def test_older_evidence_is_folded_until_its_criterion_is_opened(engine: FakeStoringEngine) -> None:
    async with app_over(engine).run_test(size=NARROW) as pilot:
        await open_with_key(pilot, "p")
        await unfold_phase_1(pilot)
        assert not any("beat 0 checked out" in item for item in items(pilot))
        await go_to(pilot, "criterion:phase-1.verify.1")
        await press_all(pilot, ["enter"])
        assert any("beat 0 checked out" in item for item in items(pilot))


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


def _line(pilot: Driver, start: str) -> str:
    """The first line of the item that has these words."""
    found = [item for item in items(pilot) if start in item]
    return found[0].splitlines()[0].rstrip()


async def _open_sign_off(pilot: Driver, key: str) -> SignOffModal:
    await go_to(pilot, key)
    assert item_list(pilot).has_focus
    await pilot.press("s")
    await until(pilot, lambda: isinstance(pilot.app.screen, SignOffModal) and takes_keys(pilot.app.screen))
    return on_top(pilot, SignOffModal)
