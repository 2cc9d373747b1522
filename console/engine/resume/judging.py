"""Resume verdicts from stored rows alone."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from pydantic import TypeAdapter, ValidationError

from console.engine.clock import epoch_of
from console.engine.resume.compaction import told_compaction
from console.engine.resume.conversation import read_conversation
from console.engine.resume.evidence import EarlierBeat, JudgedBeat, Marker, SeenRequest, Verdict, markers_json
from console.engine.resume.markers import newest_turn
from console.engine.resume.verdict import judge
from store import Queries
from store.records import UNFINISHED_RUN_STATUSES, ModelRequestRecord, ResumeVerdictRecord, RunRecord

_MOST_BEATS: Final = 10_000
_CANARIES: Final = TypeAdapter(tuple[Marker, ...])


async def judge_run(queries: Queries, run: RunRecord) -> ResumeVerdictRecord | None:
    """What a run resumed of the beats before it on its issue; None when none of them reached the model.

    Compares with the nearest earlier beat that sent a request. The same rows give the same verdict at any time.
    """
    earlier = await _earlier(queries, run)
    if earlier is None:
        return None
    before, last, skipped = earlier
    ordinals = await _conversation_ordinals(queries, run)
    first = await queries.model_request(run.id, ordinals[0]) if ordinals else None
    beat = JudgedBeat(
        beat=run.beat_index,
        prompt=run.prompt or "",
        first_request=seen_request(first) if first is not None else None,
        why_fresh=_why_fresh(run),
        failure=run.error_message or _ended_as(run),
    )
    compaction = await _compaction(queries, run, before, last, first)
    continued = await _earlier_beat(queries, before, last, skipped)
    canaries = canaries_of(run.canaries_json or before.canaries_json)
    verdict = judge(continued, beat, canaries, compaction)
    if any(marker.standing == "absent" for marker in verdict.markers) and len(ordinals) > 1:
        later = [request for ordinal in ordinals[1:] if (request := await queries.model_request(run.id, ordinal))]
        beat = replace(beat, later_requests=tuple(map(seen_request, later)))
        verdict = judge(continued, beat, canaries, compaction)
    judged_at = first.received_at if first is not None else run.started_at or run.created_at
    return _record(verdict, run, before, judged_at)


async def last_request_before(queries: Queries, run: RunRecord) -> tuple[RunRecord, ModelRequestRecord] | None:
    """The request, with its body, that this run's are compared with, and the run that sent it."""
    earlier = await _earlier(queries, run)
    return None if earlier is None else (earlier[0], earlier[1])


def seen_request(request: ModelRequestRecord) -> SeenRequest:
    """A stored request, with its body, as the model had it."""
    conversation = read_conversation(request.body)
    return SeenRequest(conversation.messages, conversation.tokens, request.body_bytes, conversation.problem)


def canaries_of(canaries_json: str | None) -> tuple[Marker, ...]:
    """The scenario's canaries as a run stores them; none for what is not of that form."""
    try:
        return _CANARIES.validate_json(canaries_json or "[]")
    except ValidationError:
        return ()


def stored_canaries(canaries: Sequence[Marker]) -> str:
    """As `RunRecord.canaries_json` holds them."""
    listed = [{"text": item.text, "beat": item.beat, "planted_in": item.planted_in} for item in canaries]
    return json.dumps(listed, ensure_ascii=False)


async def _conversation_ordinals(queries: Queries, run: RunRecord) -> list[int]:
    """The run's requests of the conversation: titles and the like are none."""
    return [request.ordinal for request in await queries.model_requests(run.id) if not request.auxiliary]


async def _earlier(queries: Queries, run: RunRecord) -> tuple[RunRecord, ModelRequestRecord, tuple[int, ...]] | None:
    """The nearest earlier beat that sent a request, its last one, and the beats between."""
    runs = await queries.runs(issue_id=run.issue_id, limit=_MOST_BEATS)
    before = [other for other in runs if other.agent_id == run.agent_id and other.beat_index < run.beat_index]
    skipped: list[int] = []
    for other in sorted(before, key=lambda item: item.beat_index, reverse=True):
        ordinals = await _conversation_ordinals(queries, other)
        last = await queries.model_request(other.id, ordinals[-1]) if ordinals else None
        if last is not None:
            return other, last, tuple(reversed(skipped))
        skipped.append(other.beat_index)
    return None


async def _earlier_beat(
    queries: Queries, run: RunRecord, last: ModelRequestRecord, skipped: tuple[int, ...]
) -> EarlierBeat:
    request = seen_request(last)
    prompt = run.prompt or _last_users_text(request)
    replies = [reply.text for reply in await queries.model_replies(run.id)]
    if not replies:
        own_turn = request.messages[newest_turn(request.messages, prompt) :]
        replies = [message.text for message in own_turn if message.role == "assistant"]
    return EarlierBeat(run.beat_index, request, prompt, tuple(replies), skipped)


def _last_users_text(request: SeenRequest) -> str:
    """What a run asked whose prompt was not stored."""
    return next((message.text for message in reversed(request.messages) if message.role == "user"), "")


async def _compaction(
    queries: Queries,
    run: RunRecord,
    before: RunRecord,
    last: ModelRequestRecord,
    first: ModelRequestRecord | None,
) -> str | None:
    """Told after the earlier beat's last request and before this beat's first one."""
    until_s = epoch_of(first.received_at) if first is not None else math.inf
    since_s = epoch_of(last.received_at)
    for log in (run, before):
        told = told_compaction(await queries.log_chunks(log.id), since_s=since_s, until_s=until_s)
        if told is not None:
            return told
    return None


def _why_fresh(run: RunRecord) -> str:
    if run.fresh_session_reason:
        return f"the stored session was not handed over: {run.fresh_session_reason}"
    if run.session_before_json is None:
        return "there was no stored session to hand over"
    return "the adapter was handed the stored session"


def _ended_as(run: RunRecord) -> str | None:
    return None if run.status in UNFINISHED_RUN_STATUSES else f"the run {run.status.replace('_', ' ')}"


def _record(verdict: Verdict, run: RunRecord, before: RunRecord, judged_at: str) -> ResumeVerdictRecord:
    return ResumeVerdictRecord(
        run_id=run.id,
        verdict=verdict.word,
        reason=verdict.reason,
        previous_run_id=before.id,
        message_count=verdict.message_count,
        previous_message_count=verdict.previous_message_count,
        role_sequence_sha256=verdict.role_sequence_sha256,
        common_prefix_messages=verdict.common_prefix_messages,
        kept_messages=verdict.kept_messages,
        added_bytes=verdict.added_bytes,
        added_tokens=verdict.added_tokens,
        canaries_json=markers_json(verdict.markers),
        compaction=verdict.compaction,
        judged_at=judged_at,
    )
