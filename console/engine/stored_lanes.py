"""The lanes as the last launch left them, from stored rows: a new console takes up where an earlier one ended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from console.engine.events import Step
from console.engine.lane_state import LaneSnapshot
from console.engine.step_metrics import STEP_METRICS
from store import Queries
from store.records import IssueRecord, LaunchRecord, RunRecord


@dataclass(frozen=True, slots=True)
class StoredLanes:
    """The newest launch, a snapshot for each of its runs, and their issues."""

    launch: LaunchRecord
    snapshots: tuple[LaneSnapshot, ...]
    issues: tuple[IssueRecord, ...]


async def latest_lanes(queries: Queries) -> StoredLanes | None:
    """What the newest launch left, those of experiments aside; None without any."""
    launches = await queries.launches(limit=1, without_kind="trial")
    found = await queries.launch(launches[0].id) if launches else None
    if found is None or not found.runs:
        return None
    runs = sorted(found.runs, key=lambda run: run.lane_index)
    snapshots = [await _snapshot(queries, run) for run in runs]
    issues = [issue for run in runs if (issue := await queries.issue(run.issue_id)) is not None]
    return StoredLanes(found.launch, tuple(snapshots), tuple(issues))


async def _snapshot(queries: Queries, run: RunRecord) -> LaneSnapshot:
    samples = await queries.process_samples(run.id)
    changes = await queries.session_events(run.agent_id, run.adapter_type, run.task_key)
    own_changes = [change for change in changes if change.run_id == run.id]
    metrics = {metric.name: metric.value for metric in await queries.metrics(run.id)}
    return LaneSnapshot(
        run=run,
        step_took_ms=tuple(_steps(metrics)),
        requests=tuple(request for request in await queries.model_requests(run.id) if not request.auxiliary),
        sample=samples[-1] if samples else None,
        peak_rss_bytes=max((sample.rss_bytes for sample in samples), default=0),
        session_change=own_changes[-1] if own_changes else None,
        verdict=await queries.resume_verdict(run.id),
    )


def _steps(metrics: Mapping[str, float]) -> Iterator[tuple[Step, float]]:
    """How long the steps took, as far as the run's numbers tell."""
    yield from ((step, metrics[name]) for step, name in STEP_METRICS.items() if name in metrics)
    marks = {
        Step.SPAWNED: "execute_to_spawn_ms",
        Step.FIRST_REQUEST: "execute_to_first_request_ms",
        Step.RESULT: "execute_ms",
    }
    before_ms = 0.0
    for step, name in marks.items():
        if name in metrics:
            yield step, max(0.0, metrics[name] - before_ms)
            before_ms = metrics[name]
