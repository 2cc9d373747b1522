"""Two model requests side by side: what the second kept, changed, added and left out of the first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from console.engine.resume.messages import Message, OfferedTool
from store.records import ModelRequestRecord

PartName = Literal["system", "tools", "history", "new"]
State = Literal["kept", "changed", "added", "removed"]


@dataclass(frozen=True, slots=True)
class DiffItem:
    """One message or tool; `before` is None when it was added, `after` when it was removed."""

    state: State
    before: Message | OfferedTool | None
    after: Message | OfferedTool | None


@dataclass(frozen=True, slots=True)
class PartDiff:
    """One part of both requests, with its sizes; tokens are characters / 4."""

    name: PartName
    items: tuple[DiffItem, ...]
    before_bytes: int
    after_bytes: int
    before_tokens: int
    after_tokens: int

    def count(self, state: State) -> int:
        """How many items are in this state."""
        return sum(item.state == state for item in self.items)


@dataclass(frozen=True, slots=True)
class RequestDiff:
    """Part by part. `new` holds the newest turn of `after`: from its last user message on."""

    parts: tuple[PartDiff, ...]
    common_prefix_messages: int
    before_message_count: int
    after_message_count: int
    before_bytes: int
    after_bytes: int
    problems: tuple[str, ...] = ()
    """What could not be read of either body."""


def diff_requests(before: ModelRequestRecord, after: ModelRequestRecord, *, same_turn: bool = False) -> RequestDiff:
    """Compare two requests, with their bodies. `same_turn`: both are of one beat, such as those of two lanes."""
    raise RuntimeError((before, after, same_turn))
