"""The quality of a run's transcript on its screen, and the two views of the transcript."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from console.engine.events import RowsChanged, RunChanged
from console.ui.widgets.item_list import ItemList
from console.ui.widgets.quality_part import QualityPart
from console.ui.widgets.transcript_view import TranscriptView
from store.records import TranscriptEntryRecord
from tests.ui.driving import NARROW, WIDE, Driver, app_over, until
from tests.ui.filed_driving import open_run, press_all
from tests.ui.filed_engine import FakeStoringEngine, filed_engine
from tests.ui.filed_samples import FULL_RUN, filed
from tests.ui.quality_samples import FIRST, quality_of
from tests.ui.samples import row


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[FakeStoringEngine]:
    yield from filed_engine(tmp_path, [*filed(), *quality_of("run-0")])


def findings(pilot: Driver) -> ItemList:
    return pilot.app.screen.query_one(QualityPart).list


def said(pilot: Driver) -> list[str]:
    shown = findings(pilot)
    return [str(shown.get_option_at_index(index).prompt) for index in range(shown.option_count)]


def transcript(pilot: Driver) -> list[str]:
    return pilot.app.screen.query_one(TranscriptView).lines


async def open_quality(pilot: Driver, run_id: str = "run-0") -> None:
    await open_run(pilot, run_id)
    await press_all(pilot, ["0"])
    await until(pilot, lambda: findings(pilot).option_count > 0)


async def test_both_views_stand_side_by_side_with_each_measures_meaning(engine: FakeStoringEngine) -> None:
    async with app_over(engine).run_test(size=WIDE) as pilot:
        await open_quality(pilot)
        lines = {line.split("  ")[0]: line for line in said(pilot)}
        assert lines["shown"].split()[:7] == ["shown", "6", "of", "6", "6", "of", "6"]
        assert "scripted texts, thoughts, calls and results that can be seen" in lines["shown"]
        assert lines["shown again"].split()[:4] == ["shown", "again", "3", "0"]
        assert lines["out of order"].split()[:5] == ["out", "of", "order", "1", "0"]
        assert "6,539 (exact)" not in lines["input tokens"]
        assert "6,539 (off by +62)" in lines["input tokens"]


async def test_enter_on_a_measure_goes_to_what_is_behind_it_and_then_to_its_row(engine: FakeStoringEngine) -> None:
    async with app_over(engine).run_test(size=NARROW) as pilot:
        await open_quality(pilot)
        await press_all(pilot, ["down", "enter"])
        assert findings(pilot).highlighted_key == "finding:upstream:0"
        await press_all(pilot, ["down", "enter"])
        await until(pilot, lambda: any("as Paperclip's UI would show them" in line for line in pilot_text(pilot)))
        await until(pilot, lambda: FIRST[:30] in transcript(pilot)[0])


async def test_a_finding_in_our_view_leads_to_our_transcript(engine: FakeStoringEngine) -> None:
    unknown = row("run-0", 12, 300, "stdout", '{"type":"agent_settled"}')
    await engine.put(unknown)
    async with app_over(engine).run_test(size=NARROW) as pilot:
        await open_quality(pilot)
        findings(pilot).go_to("finding:sidebeat:0")
        await press_all(pilot, ["enter"])
        await until(pilot, lambda: any("agent_settled" in line for line in transcript(pilot)))


async def test_v_switches_between_the_views_and_w_is_the_raw_log_from_both(engine: FakeStoringEngine) -> None:
    async with app_over(engine).run_test(size=WIDE) as pilot:
        await open_run(pilot, "run-0")
        ours = transcript(pilot)
        await press_all(pilot, ["v"])
        await until(pilot, lambda: any("Pi agent started" in line for line in transcript(pilot)))
        await press_all(pilot, ["w"])
        assert any('"type":"session"' in line for line in transcript(pilot))
        await press_all(pilot, ["w"])
        await until(pilot, lambda: any("Pi agent started" in line for line in transcript(pilot)))
        await press_all(pilot, ["v"])
        assert transcript(pilot) == ours


async def test_upstreams_view_of_a_run_that_goes_on_goes_on_too(engine: FakeStoringEngine) -> None:
    running = replace(FULL_RUN, status="running", finished_at=None, upstream_status=None, observed_status=None)
    await engine.put(running)
    async with app_over(engine).run_test(size=WIDE) as pilot:
        await open_run(pilot, "run-0")
        await press_all(pilot, ["v"])
        late = '{"kind": "assistant", "text": "one word more"}'
        await engine.put(
            TranscriptEntryRecord(run_id="run-0", seq=99, at_ms=900, log_seq=9, kind="assistant", entry_json=late)
        )
        engine.say([RunChanged(running), RowsChanged("run-0", (row("run-0", 12, 900, "assistant", "one word more"),))])
        await until(pilot, lambda: any("one word more" in line for line in transcript(pilot)))


async def test_where_nothing_can_be_measured_a_sentence_says_why(engine: FakeStoringEngine) -> None:
    async with app_over(engine).run_test(size=NARROW) as pilot:
        await open_quality(pilot, "run-1")
        await until(pilot, lambda: "no answer of the scripted model is stored" in said(pilot)[0])


def pilot_text(pilot: Driver) -> list[str]:
    """Every line of words on the screen."""
    return [str(widget.render()) for widget in pilot.app.screen.query("Words") if widget.display]
