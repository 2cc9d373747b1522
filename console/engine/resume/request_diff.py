"""Two model requests side by side: what the second kept, changed, added and left out of the first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Literal

from console.engine.resume.conversation import Conversation, common_prefix, read_conversation
from console.engine.resume.messages import Message, OfferedTool, estimated_tokens
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
    before_tokens: int
    after_tokens: int
    problems: tuple[str, ...] = ()
    """What could not be read of either body."""


def diff_requests(before: ModelRequestRecord, after: ModelRequestRecord, *, same_turn: bool = False) -> RequestDiff:
    """Compare two requests, with their bodies. `same_turn`: both are of one beat, such as those of two lanes."""
    old, new = read_conversation(before.body), read_conversation(after.body)
    old_history, old_turn = _split(old)
    new_history, new_turn = _split(new)
    if not same_turn:
        # What was the newest turn in a beat before is history in this one.
        old_history, old_turn = [*old_history, *old_turn], []
    parts = (
        _messages_part("system", _system(old), _system(new)),
        _tools_part(old.tools, new.tools),
        _messages_part("history", old_history, new_history),
        _messages_part("new", old_turn, new_turn),
    )
    return RequestDiff(
        parts=parts,
        common_prefix_messages=common_prefix(old.messages, new.messages),
        before_message_count=len(old.messages),
        after_message_count=len(new.messages),
        before_bytes=before.body_bytes,
        after_bytes=after.body_bytes,
        before_tokens=old.tokens,
        after_tokens=new.tokens,
        problems=tuple(dict.fromkeys(problem for problem in (old.problem, new.problem) if problem)),
    )


def _system(conversation: Conversation) -> list[Message]:
    return [message for message in conversation.messages if message.role == "system"]


def _split(conversation: Conversation) -> tuple[list[Message], list[Message]]:
    """What was said before the newest turn, and that turn; without system prompts."""
    newest = conversation.last_user_index
    spoken = [(index, message) for index, message in enumerate(conversation.messages) if message.role != "system"]
    return [item for index, item in spoken if index < newest], [item for index, item in spoken if index >= newest]


def _messages_part(name: PartName, before: Sequence[Message], after: Sequence[Message]) -> PartDiff:
    return PartDiff(
        name,
        tuple(_aligned(before, after)),
        sum(message.wire_bytes for message in before),
        sum(message.wire_bytes for message in after),
        sum(message.tokens for message in before),
        sum(message.tokens for message in after),
    )


def _aligned(before: Sequence[Message], after: Sequence[Message]) -> Iterator[DiffItem]:
    old, new = [item.likeness for item in before], [item.likeness for item in after]
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield from (DiffItem("kept", a, b) for a, b in zip(before[i1:i2], after[j1:j2], strict=True))
        else:
            yield from _replaced(before[i1:i2], after[j1:j2])


def _replaced(before: Sequence[Message], after: Sequence[Message]) -> Iterator[DiffItem]:
    """Messages that stand where others stood: changed ones of the same speaker first, then what has no counterpart."""
    for old, new in zip_longest(before, after):
        if old is not None and new is not None and old.role == new.role:
            yield DiffItem("changed", old, new)
            continue
        if old is not None:
            yield DiffItem("removed", old, None)
        if new is not None:
            yield DiffItem("added", None, new)


def _tools_part(before: Sequence[OfferedTool], after: Sequence[OfferedTool]) -> PartDiff:
    return PartDiff(
        "tools", tuple(_tool_items(before, after)), *map(_bytes, (before, after)), *map(_tokens, (before, after))
    )


def _tool_items(before: Sequence[OfferedTool], after: Sequence[OfferedTool]) -> Iterator[DiffItem]:
    """By name, in the order of the second request; the tools that it lacks come last."""
    known = {tool.name: tool for tool in before}
    for tool in after:
        old = known.pop(tool.name, None)
        if old is None:
            yield DiffItem("added", None, tool)
        else:
            yield DiffItem("kept" if old.definition == tool.definition else "changed", old, tool)
    yield from (DiffItem("removed", tool, None) for tool in known.values())


def _bytes(tools: Sequence[OfferedTool]) -> int:
    return sum(len(tool.definition.encode("utf-8", "surrogatepass")) for tool in tools)


def _tokens(tools: Sequence[OfferedTool]) -> int:
    return estimated_tokens(*(tool.definition for tool in tools))
