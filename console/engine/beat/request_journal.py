"""The lane's model requests: stored as they come, and marked in the transcript."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from adapters.model_endpoint import ModelRequest
from console.engine.beat.step_clock import StepClock
from console.engine.clock import iso_utc
from console.engine.events import EventFeed, RequestSeen, Step
from console.engine.run_log import RunLog
from store import Store
from store.records import ModelRequestRecord


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
        elif not request.auxiliary:
            self._mark(request, at_ms)

    def _mark(self, request: ModelRequest, at_ms: float) -> None:
        self.steps.mark(Step.FIRST_REQUEST)
        self._marked_count += 1
        if self.log is not None:
            title = f"{request.input_tokens:,} tokens in {request.message_count} messages"
            self.log.mark_request(self._marked_count, title, "", at_ms=at_ms)


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
