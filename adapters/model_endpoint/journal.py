"""The journal: one record for each request that reached the model endpoint."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Literal

from pydantic import BaseModel, ConfigDict


class ModelRequest(BaseModel):
    """One request and how it was answered; times as the endpoint saw them."""

    model_config = ConfigDict(extra="allow", frozen=True, protected_namespaces=())

    index: int
    """From 0, in the order of arrival within the beat."""
    is_answered: bool
    """False for the first report of a request, as it arrives; what concerns its response is not known then."""
    beat_key: str | None
    """Which `begin_beat` it belongs to; None for what came between beats, such as an adapter's environment probe."""
    auxiliary: bool
    """Not a turn of the conversation: no tools on offer (an agent's title request), or no model request at all."""
    off_script: bool
    """The script had no turn for it; a fixed sentence answered."""
    turn_index: int | None
    """From 0: the scripted turn that answered. A retry has the same one."""
    branch: Literal["plain", "seen", "otherwise"] | None
    """`seen` or `otherwise` for a turn with `if_seen`."""
    received_at_epoch: float
    """Seconds since 1970, with milliseconds."""
    first_byte_ms: float | None
    """From arrival to the first byte of the response body."""
    duration_ms: float
    method: str
    path: str
    model: str | None = None
    message_roles: tuple[str, ...]
    """In request order; the Responses API's items are mapped to chat roles, a function call to `assistant`."""
    tool_names: tuple[str, ...]
    body_bytes: int
    body_sha256: str
    body: str
    """The whole request body, as received."""
    response_status: int
    response_kind: Literal["text", "tool_calls", "error", "none"]
    interrupted: bool
    """The connection closed before the response was complete."""
    input_tokens: int
    output_tokens: int
    token_basis: str
    """Where the token counts come from: `characters / 4`, or the provider's usage."""

    @property
    def message_count(self) -> int:
        """How many messages the request carried."""
        return len(self.message_roles)

    @property
    def finished_at_epoch(self) -> float:
        """When the response ended, in seconds since 1970."""
        return self.received_at_epoch + self.duration_ms / 1000

    @property
    def role_sequence_sha256(self) -> str:
        """A hash of the message roles in order: the shape of the conversation without its words."""
        return role_sequence_sha256(self.message_roles)


def role_sequence_sha256(roles: Iterable[str]) -> str:
    """SHA-256 of the roles, joined by spaces."""
    return hashlib.sha256(" ".join(roles).encode()).hexdigest()
