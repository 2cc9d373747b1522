"""The lane's model requests: stored as they come, and marked in the transcript."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from adapters.model_endpoint import OFF_SCRIPT_TEXT, ModelRequest, ScriptedReply, ScriptedTurn
from console.engine.beat.step_clock import StepClock
from console.engine.clock import iso_utc
from console.engine.events import EventFeed, RequestSeen, Step
from console.engine.run_log import RunLog
from store import Store
from store.records import ModelReplyRecord, ModelRequestRecord

OFF_SCRIPT_BRANCH = "off-script"


@dataclass(slots=True)
class RequestJournal:
    """Takes each request of one beat twice: as it arrives, and when it is answered."""

    run_id: str
    store: Store
    feed: EventFeed
    steps: StepClock
    log: RunLog | None = None
    """Where requests are marked; None until the bridge is there."""
    beat_key: str | None = None
    """Names this beat's requests at the endpoint; None until it has begun there."""
    turns: Sequence[ScriptedTurn] = ()
    """The beat's script in the words of the agent's tools; empty where a real model answers."""
    answered: list[ModelRequest] = field(default_factory=list[ModelRequest])
    _marked_count: int = 0

    async def take(self, request: ModelRequest) -> None:
        """The endpoint took a request, or has answered it; one of an earlier beat, or of none, is not ours."""
        if self.beat_key is None or request.beat_key != self.beat_key:
            return
        at_ms = self.steps.at_ms_of_epoch(request.received_at_epoch)
        record = _record(self.run_id, request, at_ms)
        self.store.put(record)
        self.feed.publish(RequestSeen(record))
        if request.is_answered:
            self.answered.append(request)
            reply = reply_record(self.run_id, request, self.turns)
            if reply is not None:
                self.store.put(reply)
        elif not request.auxiliary:
            self._mark(request, at_ms)

    def _mark(self, request: ModelRequest, at_ms: float) -> None:
        self.steps.mark(Step.FIRST_REQUEST)
        self._marked_count += 1
        if self.log is not None:
            title = f"{request.input_tokens:,} tokens in {request.message_count} messages"
            self.log.mark_request(self._marked_count, title, "", at_ms=at_ms)


def reply_record(run_id: str, request: ModelRequest, turns: Sequence[ScriptedTurn]) -> ModelReplyRecord | None:
    """What the script answered, as it was sent; None for any other answer, and for one that did not arrive whole."""
    if not turns or request.auxiliary or request.interrupted or request.response_status >= 400:
        return None
    if request.off_script:
        branch, reply = OFF_SCRIPT_BRANCH, ScriptedReply(text=OFF_SCRIPT_TEXT)
    elif request.turn_index is not None and request.turn_index < len(turns):
        branch, reply = request.branch or "plain", _branch_of(turns[request.turn_index], request.branch)
    else:
        return None
    return ModelReplyRecord(
        run_id=run_id,
        ordinal=request.index,
        branch=branch,
        text=reply.text,
        thinking=reply.thinking,
        tool_calls_json=json.dumps([call.model_dump() for call in reply.tool_calls], ensure_ascii=False),
    )


def _branch_of(turn: ScriptedTurn, branch: str | None) -> ScriptedReply:
    return turn.otherwise if branch == "otherwise" and turn.otherwise is not None else turn


def _record(run_id: str, request: ModelRequest, at_ms: float) -> ModelRequestRecord:
    """While a request is not answered, nothing is said of its answer."""
    answered = request.is_answered
    return ModelRequestRecord(
        run_id=run_id,
        ordinal=request.index,
        at_ms=at_ms,
        received_at=iso_utc(request.received_at_epoch),
        duration_ms=request.duration_ms if answered else None,
        path=request.path,
        body_bytes=request.body_bytes,
        message_count=request.message_count,
        message_roles_json=json.dumps(request.message_roles),
        role_sequence_sha256=request.role_sequence_sha256,
        input_tokens=request.input_tokens,
        output_tokens=request.output_tokens if answered else None,
        status=request.response_status if answered else None,
        auxiliary=request.auxiliary,
        off_script=request.off_script,
        turn_index=request.turn_index,
        response_kind=request.response_kind if answered else None,
        body=request.body,
    )
