"""Resume verdicts from stored rows alone."""

from __future__ import annotations

from store import Queries
from store.records import ResumeVerdictRecord, RunRecord


async def judge_run(queries: Queries, run: RunRecord, *, judged_at: str = "") -> ResumeVerdictRecord | None:
    """What a run resumed of the beat before it on its issue; None when no earlier beat reached the model."""
    return await queries.resume_verdict(run.id) if judged_at else None
