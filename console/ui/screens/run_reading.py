"""What the screen of one run reads from the store."""

from __future__ import annotations

from dataclasses import dataclass, field

from console.engine.resume.timeline import session_timeline
from console.ui.engine_port import EnginePort
from console.ui.screens.session_page import SessionStory
from store.records import MetricRecord, ModelRequestRecord, ProcessSampleRecord, RunRecord


@dataclass(frozen=True, slots=True)
class StoredRun:
    """What was read of the run, without its transcript and log."""

    run: RunRecord
    issue: str
    requests: tuple[ModelRequestRecord, ...] = ()
    metrics: tuple[MetricRecord, ...] = ()
    samples: tuple[ProcessSampleRecord, ...] = ()
    session: SessionStory = field(default_factory=SessionStory)


async def read_run(engine: EnginePort, run_id: str) -> StoredRun | None:
    """The run; None where there is none of this id."""
    queries = engine.queries
    run = await queries.run(run_id)
    if run is None:
        return None
    issue = await queries.issue(run.issue_id)
    return StoredRun(
        run=run,
        issue=issue.identifier if issue is not None else run.issue_id,
        requests=tuple(await queries.model_requests(run_id)),
        metrics=tuple(await queries.metrics(run_id)),
        samples=tuple(await queries.process_samples(run_id)),
        session=SessionStory(
            await queries.session_events(run.agent_id, run.adapter_type, run.task_key),
            await queries.resume_verdict(run_id),
            await session_timeline(queries, run.issue_id),
        ),
    )
