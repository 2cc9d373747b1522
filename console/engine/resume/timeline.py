"""An issue's session from beat to beat: what happened to it, why, and what each beat resumed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from store import Queries
from store.records import ChainStepRecord, ResumeVerdictRecord, RunRecord, SessionEventRecord

ItemKind = Literal["beat", "verdict", "session", "chain"]

_MOST_BEATS: Final = 10_000
_RANK: Final[Mapping[ItemKind, int]] = {"beat": 0, "verdict": 1, "session": 2, "chain": 3}
"""The order of what happened in the same millisecond."""


@dataclass(frozen=True, slots=True)
class TimelineItem:
    """One thing that happened. `word` is a run's status, a verdict, a session's action or a manipulation's key.

    `at` is ISO-8601 UTC text. `statement` may quote an agent, an adapter or a file: it is foreign text.
    """

    at: str
    kind: ItemKind
    word: str
    statement: str
    run_id: str | None = None
    beat_index: int | None = None
    runtime_key: str | None = None
    session_display_id: str | None = None
    state: str | None = None
    """Of a manipulation: done, refused or failed."""


async def session_timeline(queries: Queries, issue_id: str) -> tuple[TimelineItem, ...]:
    """Everything on this issue, in order of time: beats, verdicts, session events, manipulations."""
    runs = sorted(await queries.runs(issue_id=issue_id, limit=_MOST_BEATS), key=lambda run: run.beat_index)
    verdicts = [await queries.resume_verdict(run.id) for run in runs]
    sessions = dict.fromkeys((run.agent_id, run.adapter_type, run.task_key) for run in runs)
    events = [event for key in sessions for event in await queries.session_events(*key)]
    items = [
        *_beats(runs),
        *_verdicts(runs, [verdict for verdict in verdicts if verdict is not None]),
        *_events(runs, events),
        *_steps(runs, await queries.chain_steps_on(issue_id)),
    ]
    return tuple(sorted(items, key=lambda item: (item.at, _RANK[item.kind])))


def _beats(runs: Sequence[RunRecord]) -> Iterator[TimelineItem]:
    for run in runs:
        started_at = run.started_at or run.created_at
        statement = run.error_message or run.summary or ""
        yield TimelineItem(started_at, "beat", run.status, statement, run.id, run.beat_index, run.runtime_key)


def _verdicts(runs: Sequence[RunRecord], verdicts: Sequence[ResumeVerdictRecord]) -> Iterator[TimelineItem]:
    known = {run.id: run for run in runs}
    for verdict in verdicts:
        run = known[verdict.run_id]
        reason, key = verdict.reason, run.runtime_key
        yield TimelineItem(verdict.judged_at, "verdict", verdict.verdict, reason, run.id, run.beat_index, key)


def _events(runs: Sequence[RunRecord], events: Sequence[SessionEventRecord]) -> Iterator[TimelineItem]:
    known = {run.id: run for run in runs}
    for event in events:
        run = known.get(event.run_id or "")
        yield TimelineItem(
            event.at,
            "session",
            event.action,
            event.reason,
            event.run_id,
            run.beat_index if run is not None else None,
            run.runtime_key if run is not None else None,
            event.session_display_id,
        )


def _steps(runs: Sequence[RunRecord], steps: Sequence[ChainStepRecord]) -> Iterator[TimelineItem]:
    """What was done to the session by hand; a chain's beats stand as runs already."""
    runtime_key = runs[0].runtime_key if runs else None
    for step in steps:
        if step.action != "beat":
            yield TimelineItem(
                step.at, "chain", step.action, step.statement, step.run_id, None, runtime_key, None, step.state
            )
