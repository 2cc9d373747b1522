"""What a finished run says about the plan's criteria."""

from __future__ import annotations

from console.engine.evidence import FAILURES, FLOW, RELIABLE_RUN, RESUME, TRANSCRIPTS, run_evidence
from console.engine.plan import load_plan
from store.records import RunRecord
from tests.unit.store_samples import sample

NOW = "2026-01-01T00:00:00.000Z"


def run(**fields: object) -> RunRecord:
    chosen = {"experimental": True, "status": "succeeded", "beat_index": 1, "error_message": None, **fields}
    return sample(RunRecord, **chosen)


def criteria(record: RunRecord) -> list[str]:
    return [row.criterion_id for row in run_evidence(record, row_count=8, recorded_at=NOW)]


def test_every_criterion_that_runs_speak_to_is_in_the_plan() -> None:
    known = {criterion.id for criterion in load_plan().criteria()}
    assert {RELIABLE_RUN, FLOW, RESUME, TRANSCRIPTS, FAILURES} <= known


def test_a_first_beat_says_nothing_of_resuming() -> None:
    assert criteria(run()) == [RELIABLE_RUN, FLOW, TRANSCRIPTS]


def test_a_later_beat_speaks_of_resuming_and_a_failure_of_itself() -> None:
    failed = run(beat_index=2, status="failed", error_message="it broke", error_code="x")
    assert criteria(failed) == [RELIABLE_RUN, FLOW, RESUME, TRANSCRIPTS, FAILURES]
    statements = [row.statement for row in run_evidence(failed, row_count=8, recorded_at=NOW)]
    assert all("it broke" in statement for statement in statements[:3])


def test_runs_on_the_host_are_no_evidence_for_the_experiment() -> None:
    assert criteria(run(experimental=False)) == []


def test_each_row_leads_to_its_run() -> None:
    record = run()
    assert {row.run_id for row in run_evidence(record, row_count=8, recorded_at=NOW)} == {record.id}
