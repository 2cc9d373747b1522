"""What the model saw at a beat: the shape of its requests, message by message."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from console.engine.resume.conversation import read_conversation
from console.engine.resume.messages import Role
from store import Queries
from store.records import ModelRequestRecord

OPENING_CHARACTERS = 24
"""So much of a long message is quoted."""

LONG_FROM_BYTES = 500
"""A user message from this size on is told with its opening and its size: most likely it retells something."""


@dataclass(frozen=True, slots=True)
class MessageShape:
    """One message: who speaks, the how-manieth of that speaker (from 1), how much, and how it begins."""

    role: Role
    ordinal: int
    wire_bytes: int
    opening: str

    @property
    def is_long(self) -> bool:
        """Whether a user says so much that its beginning tells more than its role."""
        return self.role == "user" and self.wire_bytes >= LONG_FROM_BYTES


@dataclass(frozen=True, slots=True)
class RequestShape:
    """One request of the beat itself. `problem` says what of its body could not be read."""

    run_id: str
    ordinal: int
    messages: tuple[MessageShape, ...]
    body_bytes: int
    input_tokens: int | None
    role_sequence_sha256: str
    problem: str | None = None


def request_shape(request: ModelRequestRecord) -> RequestShape:
    """The shape of a request with its body."""
    conversation = read_conversation(request.body)
    spoken: Counter[Role] = Counter()
    messages: list[MessageShape] = []
    for message in conversation.messages:
        spoken[message.role] += 1
        opening = " ".join(message.everything.split())[:OPENING_CHARACTERS]
        messages.append(MessageShape(message.role, spoken[message.role], message.wire_bytes, opening))
    return RequestShape(
        request.run_id,
        request.ordinal,
        tuple(messages),
        request.body_bytes,
        request.input_tokens,
        request.role_sequence_sha256,
        conversation.problem,
    )


async def beat_requests(queries: Queries, run_id: str) -> list[ModelRequestRecord]:
    """The requests of a beat with their bodies; those beside the conversation are left out. Raises StoreError."""
    requests = await queries.model_requests(run_id, with_bodies=True)
    return [request for request in requests if not request.auxiliary]


async def first_shapes(queries: Queries, run_ids: Sequence[str]) -> dict[str, RequestShape]:
    """The shape of each run's first request, of those that made any. Raises StoreError."""
    found = {run_id: await beat_requests(queries, run_id) for run_id in run_ids}
    return {run_id: request_shape(requests[0]) for run_id, requests in found.items() if requests}
