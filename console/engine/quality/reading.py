"""The quality of a stored run's transcript, from its rows alone."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from console.engine.quality.measure import measure_view
from console.engine.quality.paperclip_view import paperclip_rows
from console.engine.quality.result import ErrorVisibility, TranscriptQuality
from console.engine.quality.shown import ShownRow, sidebeat_rows
from console.engine.quality.truth import read_truth
from console.engine.quality.usage import compare_usage
from console.engine.quality.visibility import error_visibility
from store import Queries
from store.records import ModelReplyRecord, ModelRequestRecord, RunRecord


@dataclass(frozen=True, slots=True)
class BothViews:
    """What Paperclip's UI would show of a run, and what the console shows."""

    upstream: tuple[ShownRow, ...]
    sidebeat: tuple[ShownRow, ...]


async def both_views(queries: Queries, run_id: str) -> BothViews:
    """Both views of a run, as stored by now."""
    entries = await queries.transcript_entries(run_id)
    stderr = await queries.log_chunks(run_id, stream="stderr")
    rows = await queries.transcript_rows(run_id)
    upstream = await asyncio.to_thread(paperclip_rows, run_id, entries, stderr)
    return BothViews(tuple(upstream), tuple(sidebeat_rows(rows)))


async def transcript_quality(queries: Queries, run: RunRecord) -> TranscriptQuality | None:
    """What both views show of what the scripted model did; None where no scripted answer is stored."""
    replies = await queries.model_replies(run.id)
    if not replies:
        return None
    views = await both_views(queries, run.id)
    requests = await queries.model_requests(run.id, with_bodies=True)
    return await asyncio.to_thread(_measured, run, views, replies, requests)


async def visible_errors(queries: Queries, run: RunRecord) -> ErrorVisibility | None:
    """Whether a failed run shows its failure; it needs no scripted answer."""
    views = await both_views(queries, run.id)
    return error_visibility(run, views.upstream, views.sidebeat)


def why_no_quality(run: RunRecord) -> str:
    """Why `transcript_quality` is None for a run."""
    if run.model_mode != "scripted":
        return "a real model answered: what it said is known from the transcript alone"
    return "no answer of the scripted model is stored: none reached the agent, or the run is older than their storing"


def _measured(
    run: RunRecord, views: BothViews, replies: Sequence[ModelReplyRecord], requests: Sequence[ModelRequestRecord]
) -> TranscriptQuality | None:
    truth = read_truth(replies, requests)
    if not truth.items:
        return None
    return TranscriptQuality(
        run_id=run.id,
        items=truth.items,
        upstream=measure_view("upstream", truth, views.upstream),
        sidebeat=measure_view("sidebeat", truth, views.sidebeat),
        usage=compare_usage(run, requests),
        errors=error_visibility(run, views.upstream, views.sidebeat),
    )
