"""A lane is what the events of its run make of it."""

from __future__ import annotations

from functools import reduce
from typing import Any

import pytest

from console.engine.events import (
    EngineEvent,
    LaunchFinished,
    ProcessesSampled,
    RequestSeen,
    ResumeJudged,
    RowsChanged,
    RunChanged,
    SessionChanged,
    Step,
    StepReached,
)
from console.engine.lane_state import FINAL_STATUSES, LaneSnapshot, fold
from store.records import (
    ModelRequestRecord,
    ProcessSampleRecord,
    ResumeVerdictRecord,
    RunRecord,
    SessionEventRecord,
    TranscriptRowRecord,
)
from tests.unit.store_samples import sample


def run(run_id: str = "r1", **fields: Any) -> RunChanged:
    return RunChanged(sample(RunRecord, **{"id": run_id, "lane_index": 0, "status": "running", **fields}))


def request(ordinal: int, at_ms: float, **fields: Any) -> RequestSeen:
    known = {"duration_ms": None, "auxiliary": False, "input_tokens": 10, "output_tokens": None, **fields}
    return RequestSeen(sample(ModelRequestRecord, run_id="r1", ordinal=ordinal, at_ms=at_ms, **known))


def rows(*numbers: int, run_id: str = "r1") -> RowsChanged:
    return RowsChanged(run_id, tuple(sample(TranscriptRowRecord, run_id=run_id, row_no=number) for number in numbers))


def sampled(rss_bytes: int, run_id: str = "r1") -> ProcessesSampled:
    return ProcessesSampled(sample(ProcessSampleRecord, run_id=run_id, rss_bytes=rss_bytes))


def folded(*events: EngineEvent) -> LaneSnapshot:
    return reduce(fold, events, LaneSnapshot())


def test_a_lane_before_its_first_run_is_empty_and_idle() -> None:
    assert not LaneSnapshot().is_running
    assert folded(rows(0), sampled(5), StepReached("r1", Step.ROOT, 0.0, 1.0)) == LaneSnapshot()


@pytest.mark.parametrize(
    ("status", "is_running"), [("queued", True), ("running", True), *((status, False) for status in FINAL_STATUSES)]
)
def test_a_lane_runs_until_its_run_has_a_final_status(status: str, is_running: bool) -> None:
    assert folded(run(), run(status=status)).is_running is is_running


def test_steps_are_kept_in_order_with_their_times() -> None:
    lane = folded(run(), StepReached("r1", Step.ROOT, 0.0, 1.0), StepReached("r1", Step.ENDPOINT, 0.0, 2.0))
    assert lane.step is Step.ENDPOINT
    assert lane.step_took_ms == ((Step.ROOT, 1.0), (Step.ENDPOINT, 2.0))


def test_rows_are_counted_by_their_numbers_and_replaced_ones_only_once() -> None:
    assert folded(run(), rows(0, 1), rows(1), rows(2), rows()).row_count == 3


def test_a_request_is_seen_as_it_comes_and_again_with_its_answer() -> None:
    lane = folded(
        run(),
        request(0, 100.0),
        request(0, 100.0, duration_ms=50.0, output_tokens=4),
        request(2, 400.0, duration_ms=10.0, output_tokens=1),
        request(1, 300.0, auxiliary=True, duration_ms=90.0),
    )
    assert [seen.ordinal for seen in lane.requests] == [0, 2]
    assert (lane.input_tokens, lane.output_tokens, lane.model_ms) == (20, 5, 60.0)
    assert lane.between_requests_ms == 250.0


def test_the_last_sample_and_the_highest_memory_are_shown() -> None:
    lane = folded(run(), sampled(5), sampled(9), sampled(7))
    assert lane.sample is not None
    assert (lane.sample.rss_bytes, lane.peak_rss_bytes) == (7, 9)


def test_a_session_change_is_shown() -> None:
    change = sample(SessionEventRecord, run_id="r1", action="bind")
    assert folded(run(), SessionChanged(change)).session_change == change


def test_what_a_beat_resumed_is_shown_and_the_last_word_counts() -> None:
    first, final = (sample(ResumeVerdictRecord, run_id="r1", verdict=word) for word in ("fresh", "recap"))
    assert folded(run(), ResumeJudged(first), ResumeJudged(final)).verdict == final
    assert folded(run(), ResumeJudged(first), run("r2")).verdict is None


def test_a_new_run_of_the_lane_starts_from_nothing() -> None:
    lane = folded(run(), rows(0), sampled(5), run("r2", status="queued"))
    assert (lane.run.id if lane.run else None, lane.row_count, lane.peak_rss_bytes) == ("r2", 0, 0)


def test_what_happens_in_other_lanes_and_launches_changes_nothing() -> None:
    lane = folded(run(), rows(0))
    change = sample(SessionEventRecord, run_id="r9")
    others: list[EngineEvent] = [
        run("r9", lane_index=1), rows(5, run_id="r9"), sampled(5, run_id="r9"), SessionChanged(change),
        StepReached("r9", Step.ROOT, 0.0, 1.0), LaunchFinished("l1"),
        ResumeJudged(sample(ResumeVerdictRecord, run_id="r9")),
    ]  # fmt: skip
    assert reduce(fold, others, lane) == lane
