"""One run: every part of what is stored, and what changes while it goes on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from console.engine.events import RequestSeen, RowsChanged, RunChanged
from console.ui.modals.document import DocumentModal
from console.ui.screens.issues import IssuesScreen
from console.ui.screens.run_detail import PARTS, RunDetailScreen
from console.ui.widgets.document_view import DocumentView
from console.ui.widgets.transcript_view import TranscriptView
from store.records import LogChunkRecord
from tests.ui.driving import NARROW, WIDE, Driver, app_over, until
from tests.ui.filed_driving import (
    SnapCompare,
    document_text,
    item_list,
    items,
    look,
    on_top,
    open_run,
    press_all,
    summary,
)
from tests.ui.filed_engine import FakeStoringEngine, filed_engine
from tests.ui.filed_samples import FULL_RUN, filed, hostile
from tests.ui.quality_samples import hostile_quality_of
from tests.ui.samples import request, row

EVERY_PART = pytest.mark.parametrize("digit", [str((number + 1) % 10) for number in range(len(PARTS))])


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[FakeStoringEngine]:
    yield from filed_engine(tmp_path, filed())


@pytest.fixture
def hostile_engine(tmp_path: Path) -> Iterator[FakeStoringEngine]:
    yield from filed_engine(tmp_path, [*hostile(), *hostile_quality_of("run-hostile")])


@pytest.fixture
def long_log(tmp_path: Path) -> Iterator[FakeStoringEngine]:
    chunks = [
        LogChunkRecord(run_id="run-0", seq=seq, ts="2030", stream="stdout", chunk=f"chunk {seq} {'x' * 190}\n")
        for seq in range(4, 20_000)
    ]
    yield from filed_engine(tmp_path, [*filed(), *chunks])


@EVERY_PART
def test_hostile_text_in_each_part(snap_compare: SnapCompare, hostile_engine: FakeStoringEngine, digit: str) -> None:
    async def bring_about(pilot: Driver) -> None:
        await open_run(pilot, "run-hostile")
        await press_all(pilot, [digit])

    assert look(snap_compare, hostile_engine, bring_about)


async def test_tab_goes_through_all_parts_and_back(engine: FakeStoringEngine) -> None:
    async with app_over(engine).run_test(size=NARROW) as pilot:
        await open_run(pilot, "run-0")
        await press_all(pilot, ["tab", "tab"])
        assert '"exitCode": 0' in document_text(pilot)
        await press_all(pilot, ["shift+tab"] * 4)
        assert "Provenance" in document_text(pilot)


async def test_enter_on_a_request_shows_its_body(engine: FakeStoringEngine) -> None:
    async with app_over(engine).run_test(size=NARROW) as pilot:
        await open_run(pilot, "run-0")
        await press_all(pilot, ["7", "down", "enter"])
        await until(pilot, lambda: isinstance(pilot.app.screen, DocumentModal))
        assert '"role": "tool"' in document_text(pilot)
        await press_all(pilot, ["escape"])
        on_top(pilot, RunDetailScreen)


async def test_both_outcomes_are_shown_with_why_they_part(engine: FakeStoringEngine) -> None:
    async with app_over(engine).run_test(size=WIDE) as pilot:
        await open_run(pilot, "run-1")
        assert "upstream's rule says succeeded" in summary(pilot)
        await press_all(pilot, ["6"])
        assert "✖ notes.txt is gone" in document_text(pilot)


async def test_the_session_can_be_compared_in_two_ways(engine: FakeStoringEngine) -> None:
    async with app_over(engine).run_test(size=WIDE) as pilot:
        await open_run(pilot, "run-0")
        await press_all(pilot, ["4"])
        assert "│" in document_text(pilot)
        assert "another session" in document_text(pilot)
        assert "Fingerprint" not in document_text(pilot)
        await press_all(pilot, ["d"])
        assert "- " + '  "sessionId": "01a2b3c4-179c",' in document_text(pilot)
        assert "+ " + '  "branch"' in document_text(pilot)
        assert "- " + '  "cwd"' not in document_text(pilot)


async def test_a_long_result_is_laid_out_only_where_it_is_looked_at(engine: FakeStoringEngine) -> None:
    await engine.put(replace(FULL_RUN, result_json=json.dumps({f"member {n}": "x" * 50 for n in range(50_000)})))
    async with app_over(engine).run_test(size=NARROW) as pilot:
        await open_run(pilot, "run-0")
        await press_all(pilot, ["3", "G"])
        view = pilot.app.screen.query_one(DocumentView)
        assert "member 49999" in str(view.render())
        await press_all(pilot, ["g"])
        assert str(view.render()).startswith("{")


async def test_a_long_raw_log_opens_at_its_start_and_goes_to_its_end(long_log: FakeStoringEngine) -> None:
    async with app_over(long_log).run_test(size=NARROW) as pilot:
        await open_run(pilot, "run-0")
        await press_all(pilot, ["2"])
        assert any("tty" in line for line in _transcript(pilot).lines)
        await press_all(pilot, ["end"])
        assert any("chunk 19999" in line for line in _transcript(pilot).lines)


async def test_a_run_that_goes_on_is_shown_as_it_goes_on(engine: FakeStoringEngine) -> None:
    running = replace(FULL_RUN, status="running", finished_at=None, upstream_status=None, observed_status=None)
    await engine.put(running)
    async with app_over(engine).run_test(size=WIDE) as pilot:
        await open_run(pilot, "run-0")
        assert "running" in summary(pilot)
        engine.say([RowsChanged("run-0", (row("run-0", 12, 900, "assistant", "one word more"),))])
        await until(pilot, lambda: any("one word more" in line for line in _transcript(pilot).lines))
        last = request("run-0", 7, 900, 5_000, 9)
        await engine.put(last.request)
        engine.say([last, RunChanged(FULL_RUN)])
        await until(pilot, lambda: "succeeded" in summary(pilot))
        await press_all(pilot, ["7"])
        assert any("5,000 / 9" in item for item in items(pilot))


async def test_a_request_that_is_answered_takes_its_own_place(engine: FakeStoringEngine) -> None:
    async with app_over(engine).run_test(size=NARROW) as pilot:
        await open_run(pilot, "run-0")
        await press_all(pilot, ["7"])
        answered = request("run-0", 1, 110, 8_888, 9).request
        engine.say([RequestSeen(answered)])
        await until(pilot, lambda: any("8,888" in item for item in items(pilot)))
        assert item_list(pilot).option_count == 3


async def test_the_issue_of_a_run_is_a_key_away(engine: FakeStoringEngine) -> None:
    async with app_over(engine).run_test(size=NARROW) as pilot:
        await open_run(pilot, "run-1")
        await press_all(pilot, ["o"])
        await until(
            pilot, lambda: isinstance(pilot.app.screen, IssuesScreen) and "Comments (3)" in document_text(pilot)
        )
        assert item_list(pilot).highlighted_key == "issue-1"


async def test_a_run_that_is_not_there_is_said_to_be_missing(engine: FakeStoringEngine) -> None:
    async with app_over(engine).run_test(size=NARROW) as pilot:
        await open_run(pilot, "run-nowhere")
        assert summary(pilot) == "There is no run run-nowhere."


def _transcript(pilot: Driver) -> TranscriptView:
    return pilot.app.screen.query_one(TranscriptView)
