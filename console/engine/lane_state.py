"""What a lane shows, as a pure fold over the engine's events."""

from __future__ import annotations

from dataclasses import dataclass, replace

from console.engine.events import (
    EngineEvent,
    ProcessesSampled,
    RequestSeen,
    ResumeJudged,
    RowsChanged,
    RunChanged,
    SessionChanged,
    Step,
    StepReached,
)
from store.records import (
    ModelRequestRecord,
    ProcessSampleRecord,
    ResumeVerdictRecord,
    RunRecord,
    SessionEventRecord,
)

FINAL_STATUSES = frozenset({"succeeded", "failed", "cancelled", "timed_out", "interrupted"})


@dataclass(frozen=True, slots=True)
class LaneSnapshot:
    """One lane at one moment. A new run of the lane starts from an empty snapshot."""

    run: RunRecord | None = None
    step: Step | None = None
    step_took_ms: tuple[tuple[Step, float], ...] = ()
    row_count: int = 0
    requests: tuple[ModelRequestRecord, ...] = ()
    """Those of the beat itself; auxiliary ones (titles) are left out."""
    sample: ProcessSampleRecord | None = None
    peak_rss_bytes: int = 0
    session_change: SessionEventRecord | None = None
    verdict: ResumeVerdictRecord | None = None
    """What the beat resumed; None for a first beat, and until its first request."""

    @property
    def is_running(self) -> bool:
        """Whether the lane's run has begun and not ended."""
        return self.run is not None and self.run.status not in FINAL_STATUSES

    @property
    def input_tokens(self) -> int:
        """As the model endpoint counted them, over all requests of the beat."""
        return sum(request.input_tokens or 0 for request in self.requests)

    @property
    def output_tokens(self) -> int:
        """As the model endpoint counted them."""
        return sum(request.output_tokens or 0 for request in self.requests)

    @property
    def model_ms(self) -> float:
        """Time that the model endpoint spent on answers."""
        return sum(request.duration_ms or 0.0 for request in self.requests)

    @property
    def between_requests_ms(self) -> float:
        """From an answer's end to the next request: the agent's tools, and the way to them."""
        gaps = zip(self.requests, self.requests[1:], strict=False)
        return sum(max(0.0, late.at_ms - early.at_ms - (early.duration_ms or 0.0)) for early, late in gaps)


def fold(snapshot: LaneSnapshot, event: EngineEvent) -> LaneSnapshot:
    """The lane after this event; events of other runs leave it as it is."""
    if isinstance(event, RunChanged):
        return _with_run(snapshot, event.run)
    run_id = snapshot.run.id if snapshot.run is not None else None
    if isinstance(event, StepReached) and event.run_id == run_id:
        took = (*snapshot.step_took_ms, (event.step, event.took_ms))
        return replace(snapshot, step=event.step, step_took_ms=took)
    if isinstance(event, RowsChanged) and event.run_id == run_id:
        last = max((row.row_no + 1 for row in event.rows), default=0)
        return replace(snapshot, row_count=max(snapshot.row_count, last))
    if isinstance(event, RequestSeen) and event.request.run_id == run_id:
        return _with_request(snapshot, event.request)
    if isinstance(event, ProcessesSampled) and event.sample.run_id == run_id:
        peak = max(snapshot.peak_rss_bytes, event.sample.rss_bytes)
        return replace(snapshot, sample=event.sample, peak_rss_bytes=peak)
    if isinstance(event, SessionChanged) and event.change.run_id == run_id:
        return replace(snapshot, session_change=event.change)
    if isinstance(event, ResumeJudged) and event.verdict.run_id == run_id:
        return replace(snapshot, verdict=event.verdict)
    return snapshot


def _with_run(snapshot: LaneSnapshot, run: RunRecord) -> LaneSnapshot:
    if snapshot.run is not None and snapshot.run.id == run.id:
        return replace(snapshot, run=run)
    if snapshot.run is not None and snapshot.run.lane_index != run.lane_index:
        return snapshot
    return LaneSnapshot(run=run)


def _with_request(snapshot: LaneSnapshot, request: ModelRequestRecord) -> LaneSnapshot:
    if request.auxiliary:
        return snapshot
    others = [known for known in snapshot.requests if known.ordinal != request.ordinal]
    ordered = tuple(sorted([*others, request], key=lambda known: known.ordinal))
    return replace(snapshot, requests=ordered)
