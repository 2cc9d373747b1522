"""When each thing in a recording happened, so that it can happen again."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import MISSING, dataclass, fields, replace

from console.engine.clock import epoch_of
from console.engine.events import (
    CommentPosted,
    EngineEvent,
    IssueChanged,
    LaunchFinished,
    LaunchStarted,
    LogAppended,
    ProcessesSampled,
    RequestSeen,
    ResumeJudged,
    RowsChanged,
    RunChanged,
    SessionChanged,
    Step,
    StepReached,
)
from console.engine.recording.file import RecordedRecord, Recording
from console.engine.step_metrics import STEP_METRICS
from store import records as r

LONGEST_PAUSE_S = 1.0
"""Between launches an operator thinks; a replay does not."""


@dataclass(frozen=True, slots=True)
class Moment:
    """At `at_s` since the start of the replay, these records are stored and this event is told."""

    at_s: float
    event: EngineEvent
    records: tuple[RecordedRecord, ...]
    recorded_epoch_s: float = 0.0
    """When it happened."""


def timeline(recording: Recording) -> list[Moment]:
    """All moments in order, launch after launch."""
    moments: list[Moment] = []
    began_s = 0.0
    for launch in sorted(recording.of(r.LaunchRecord), key=lambda item: item.started_at):
        own = sorted(_launch_moments(recording, launch), key=lambda moment: moment.at_s)
        zero_s = epoch_of(launch.started_at)
        moments += [
            replace(moment, at_s=began_s + moment.at_s, recorded_epoch_s=zero_s + moment.at_s) for moment in own
        ]
        began_s = moments[-1].at_s + LONGEST_PAUSE_S
    return moments


def _launch_moments(recording: Recording, launch: r.LaunchRecord) -> Iterator[Moment]:
    zero_s = epoch_of(launch.started_at)
    runs: list[r.RunRecord] = [run for run in recording.of(r.RunRecord) if run.launch_id == launch.id]
    yield Moment(0.0, LaunchStarted(launch, tuple(run.id for run in runs)), (launch,))
    end_s = 0.0
    for run in runs:
        queued = _queued(run)
        issue = next((item for item in recording.of(r.IssueRecord) if item.id == run.issue_id), None)
        if issue is not None:
            yield Moment(0.0, IssueChanged(issue), (issue,))
        yield Moment(0.0, RunChanged(queued), (queued,))
        for moment in _run_moments(recording, run):
            at_s = max(0.0, moment.at_s - zero_s)
            end_s = max(end_s, at_s)
            yield replace(moment, at_s=at_s)
    yield Moment(end_s, LaunchFinished(launch.id), ())


def _queued(run: r.RunRecord) -> r.RunRecord:
    """The run as it stood before it began: what was decided at the press of the key, and nothing that came later."""
    came_later = {field.name: field.default for field in fields(r.RunRecord) if field.default is not MISSING}
    return replace(run, **{**came_later, "status": "queued"})


def _run_moments(recording: Recording, run: r.RunRecord) -> Iterator[Moment]:
    """Moments of one run, in epoch seconds."""
    if run.started_at is None or run.finished_at is None:
        return
    started_s, finished_s = epoch_of(run.started_at), epoch_of(run.finished_at)
    metrics = {metric.name: metric.value for metric in recording.of(r.MetricRecord) if metric.run_id == run.id}
    running = replace(
        _queued(run),
        status="running",
        started_at=run.started_at,
        execution_root=run.execution_root,
        root_kind=run.root_kind,
        session_before_json=run.session_before_json,
        fresh_session_reason=run.fresh_session_reason,
        prompt=run.prompt,
        canaries_json=run.canaries_json,
    )
    yield Moment(started_s, RunChanged(running), (running,))
    executed_s = started_s
    for step, metric in STEP_METRICS.items():
        took_ms = metrics.get(metric, 0.0)
        executed_s += took_ms / 1000
        yield Moment(executed_s, StepReached(run.id, step, 0.0, took_ms), ())
    yield Moment(executed_s, StepReached(run.id, Step.EXECUTE, 0.0, 0.0), ())
    for moment in _stream_moments(recording, run, metrics):
        yield replace(moment, at_s=min(finished_s, executed_s + moment.at_s / 1000))
    for verdict in (item for item in recording.of(r.ResumeVerdictRecord) if item.run_id == run.id):
        judged_s = min(finished_s, max(started_s, epoch_of(verdict.judged_at)))
        yield Moment(judged_s, ResumeJudged(verdict), (verdict,))
    for change in (item for item in recording.of(r.SessionEventRecord) if item.run_id == run.id):
        yield Moment(epoch_of(change.at), SessionChanged(change), (change,))
    numbers = tuple(metric for metric in recording.of(r.MetricRecord) if metric.run_id == run.id)
    yield Moment(finished_s, RunChanged(run), (run, *numbers))
    for comment in (item for item in recording.of(r.CommentRecord) if item.run_id == run.id):
        yield Moment(finished_s, CommentPosted(comment), (comment,))


def _stream_moments(recording: Recording, run: r.RunRecord, metrics: dict[str, float]) -> Iterator[Moment]:
    """What streamed while `execute` ran; `at_s` holds milliseconds since its call."""
    spawned_ms, first_ms = metrics.get("execute_to_spawn_ms"), metrics.get("execute_to_first_request_ms")
    if spawned_ms is not None:
        yield Moment(spawned_ms, StepReached(run.id, Step.SPAWNED, spawned_ms, spawned_ms), ())
    if first_ms is not None:
        took_ms = first_ms - (spawned_ms or 0.0)
        yield Moment(first_ms, StepReached(run.id, Step.FIRST_REQUEST, first_ms, took_ms), ())
    replies = {item.ordinal: item for item in recording.of(r.ModelReplyRecord) if item.run_id == run.id}
    for request in (item for item in recording.of(r.ModelRequestRecord) if item.run_id == run.id):
        answered = (request, replies[request.ordinal]) if request.ordinal in replies else (request,)
        yield Moment(request.at_ms + (request.duration_ms or 0.0), RequestSeen(request), answered)
    for sample in (item for item in recording.of(r.ProcessSampleRecord) if item.run_id == run.id):
        yield Moment(sample.at_ms, ProcessesSampled(sample), (sample,))
    entries: list[r.TranscriptEntryRecord] = [
        item for item in recording.of(r.TranscriptEntryRecord) if item.run_id == run.id
    ]
    chunk_at_ms = {entry.log_seq: entry.at_ms for entry in reversed(entries)}
    last_ms = 0.0
    for chunk in (item for item in recording.of(r.LogChunkRecord) if item.run_id == run.id):
        last_ms = chunk_at_ms.get(chunk.seq, last_ms)
        yield Moment(last_ms, LogAppended(chunk), (chunk,))
    for entry in entries:
        yield Moment(entry.at_ms, RowsChanged(run.id, ()), (entry,))
    for row in (item for item in recording.of(r.TranscriptRowRecord) if item.run_id == run.id):
        yield from _row_moments(row, entries)


def _row_moments(row: r.TranscriptRowRecord, entries: Sequence[r.TranscriptEntryRecord]) -> Iterator[Moment]:
    """A row as it streamed: once for each delta that it was made of, then as a whole."""
    body, last_ms = "", row.at_ms
    if row.kind in ("assistant", "thinking") and row.entry_seq >= 0:
        for entry in entries[row.entry_seq :]:
            fields = json.loads(entry.entry_json)
            longer = body + str(fields.get("text", ""))
            if entry.kind == row.kind and fields.get("delta") and row.body.startswith(longer):
                body, last_ms = longer, entry.at_ms
                part = replace(row, body=body, closed=False)
                yield Moment(last_ms, RowsChanged(row.run_id, (part,)), (part,))
            elif entry.kind in ("tool_call", "result"):
                break
    yield Moment(last_ms, RowsChanged(row.run_id, (row,)), (row,))
