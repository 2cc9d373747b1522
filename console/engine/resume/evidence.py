"""What a resume verdict is judged by, and what it says: rows turned into plain values."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from dataclasses import fields as dataclass_fields
from typing import Any, Literal, cast, get_args

from console.engine.resume.messages import Message, Role
from store.records import ResumeWord

PlantedIn = Literal["prompt", "tool_result", "reply"]
"""Where a beat put a text before the model; a reply is the model's own."""

Standing = Literal["message", "quoted", "after a call", "absent"]
"""As an earlier message of its own; within a newer one; only in a tool's result of this very beat; not at all."""


@dataclass(frozen=True, slots=True)
class Marker:
    """A text by which an earlier turn is known again. `is_canary`: the scenario planted it for that."""

    text: str
    beat: int
    planted_in: PlantedIn
    is_canary: bool = True


@dataclass(frozen=True, slots=True)
class FoundMarker:
    """Where a marker stands in the beat's first request; `message_index` counts from 0."""

    text: str
    beat: int
    planted_in: PlantedIn
    is_canary: bool
    standing: Standing
    message_index: int | None = None
    role: Role | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a beat resumed; counts are those of `ResumeVerdictRecord`."""

    word: ResumeWord
    reason: str
    markers: tuple[FoundMarker, ...]
    message_count: int
    previous_message_count: int
    role_sequence_sha256: str | None
    common_prefix_messages: int
    kept_messages: int
    added_bytes: int
    added_tokens: int
    compaction: str | None = None


@dataclass(frozen=True, slots=True)
class SeenRequest:
    """One conversation request: its messages and its size on the wire."""

    messages: tuple[Message, ...]
    tokens: int
    """Of messages and tools, estimated."""
    body_bytes: int
    problem: str | None = None
    """What of its body could not be read."""


@dataclass(frozen=True, slots=True)
class EarlierBeat:
    """The beat that this one should continue, as the model endpoint saw it."""

    beat: int
    last_request: SeenRequest
    prompt: str
    replies: tuple[str, ...]
    """What the model said in it."""
    skipped: tuple[int, ...] = ()
    """Later beats that came to no request, and so left nothing to continue."""


@dataclass(frozen=True, slots=True)
class JudgedBeat:
    """The beat that is judged. `why_fresh` and `failure` explain a verdict, and never decide one."""

    beat: int
    prompt: str
    first_request: SeenRequest | None
    later_requests: tuple[SeenRequest, ...] = ()
    why_fresh: str | None = None
    failure: str | None = None


def markers_json(markers: Iterable[FoundMarker]) -> str:
    """As `ResumeVerdictRecord.canaries_json` holds them."""
    return json.dumps([asdict(marker) for marker in markers], ensure_ascii=False)


def markers_of(canaries_json: str) -> tuple[FoundMarker, ...]:
    """The reverse of `markers_json`; what is not of that form is left out. Texts may hold lone surrogates."""
    try:
        listed: Any = json.loads(canaries_json)
    except (ValueError, RecursionError):
        return ()
    items = cast("list[Any]", listed) if isinstance(listed, list) else []
    return tuple(FoundMarker(**fields) for item in items if (fields := _marker_fields(item)) is not None)


def _marker_fields(item: object) -> dict[str, Any] | None:
    fields = cast("dict[str, Any]", item) if isinstance(item, dict) else {}
    is_whole = set(fields) == {field.name for field in dataclass_fields(FoundMarker)}
    known = fields.get("planted_in") in get_args(PlantedIn) and fields.get("standing") in get_args(Standing)
    return fields if is_whole and known and isinstance(fields["text"], str) else None
