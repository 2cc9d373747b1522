"""What a finished run says about the plan's criteria. It supports; only a person's signature decides."""

from __future__ import annotations

from collections.abc import Iterator

from store.records import EvidenceRecord, RunRecord

RELIABLE_RUN = "phase-1.exit.1"
FLOW = "phase-1.verify.1"
RESUME = "phase-1.verify.2"
TRANSCRIPTS = "phase-1.verify.3"
FAILURES = "phase-1.verify.4"


def run_evidence(run: RunRecord, *, row_count: int, recorded_at: str) -> list[EvidenceRecord]:
    """Evidence rows of one finished run in an experimental runtime; the plan asks nothing of the others."""
    if not run.experimental or run.status in ("queued", "running"):
        return []
    return [
        EvidenceRecord(
            id=f"{run.id}.{criterion_id}",
            criterion_id=criterion_id,
            kind="run",
            statement=statement,
            run_id=run.id,
            recorded_at=recorded_at,
        )
        for criterion_id, statement in _statements(run, row_count)
    ]


def _statements(run: RunRecord, row_count: int) -> Iterator[tuple[str, str]]:
    beat = f"{run.scenario} beat {run.beat_index} on {run.runtime_key}"
    how = f"{beat}: {run.status}" + (f", {run.error_message}" if run.error_message else "")
    yield RELIABLE_RUN, how
    yield FLOW, f"{how}; checked out, released and commented"
    if run.beat_index > 1:
        yield RESUME, f"{how}; {run.fresh_session_reason or _resumed(run)}"
    yield TRANSCRIPTS, f"{beat}: {row_count} rows from {run.log_bytes:,} bytes of log"
    if run.status != "succeeded":
        yield FAILURES, f"{how}; error code {run.error_code}, posted as a comment"


def _resumed(run: RunRecord) -> str:
    same = run.session_before_json is not None and run.session_after_json is not None
    return "the session was handed on" if same else "no session was handed on"
