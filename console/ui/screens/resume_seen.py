"""What the model saw at a beat, beside what it saw the beat before."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, LiteralString

from console.engine.chain import ChainBeat
from console.engine.chain.manipulation import LETTERS
from console.engine.chain.shapes import beat_requests
from console.engine.lane_state import FINAL_STATUSES
from console.engine.resume.conversation import read_conversation
from console.engine.resume.messages import Message, OfferedTool
from console.engine.resume.request_diff import DiffItem, PartDiff, RequestDiff, State, diff_requests
from console.ui.layout import padded
from console.ui.resume_words import verdict_mark
from console.ui.run_words import byte_count
from console.ui.text import EMPTY, SafeText, foreign, join, own, styled, words
from console.ui.widgets.documents import Document, Lines
from store import Queries
from store.records import ModelRequestRecord

_BAR: Final = own(" │ ", "$panel-lighten-2")
_OPENING_CHARACTERS: Final = 400
_SIGNS: Final[dict[State, tuple[LiteralString, LiteralString]]] = {
    "kept": ("=", "$text-muted"),
    "changed": ("≠", "$warning"),
    "added": ("+", "$success"),
    "removed": ("-", "$error"),
}


@dataclass(frozen=True, slots=True)
class SeenAtBeat:
    """A beat, and its own first request; None while there is none."""

    lane_index: int
    beat: ChainBeat
    first: ModelRequestRecord | None
    diff: RequestDiff | None
    """Its first request against the last of the beat before; None without both."""


async def read_seen(queries: Queries, lane_index: int, beat: ChainBeat, earlier: ChainBeat | None) -> SeenAtBeat:
    """Read the two requests with their bodies. Raises StoreError."""
    requests = await beat_requests(queries, beat.run.id) if beat.run is not None else []
    before = await beat_requests(queries, earlier.run.id) if earlier is not None and earlier.run is not None else []
    diff = await asyncio.to_thread(diff_requests, before[-1], requests[0]) if before and requests else None
    return SeenAtBeat(lane_index, beat, requests[0] if requests else None, diff)


def seen_title(seen: SeenAtBeat) -> SafeText:
    """Which beat of which lane, and what it resumed."""
    letter, verdict = foreign(LETTERS[seen.lane_index]), seen.beat.verdict
    name = words("What the model saw at beat {n} of {lane}", "bold", n=seen.beat.beat_index, lane=letter)
    return join([name, verdict_mark(verdict.verdict) if verdict is not None else EMPTY], "   ")


def seen_document(seen: SeenAtBeat, width_cells: int) -> Document:
    """The verdict's reason, what kept the session back, and both requests message by message."""
    lines = [*_why(seen)]
    if seen.diff is not None:
        lines += _compared(seen.diff, seen.beat.beat_index, width_cells)
    elif seen.first is not None:
        lines += _alone(seen.first)
    elif seen.beat.run is not None:
        ended = seen.beat.status in FINAL_STATUSES
        lines.append(_NO_REQUEST if ended else own("No request yet.", "$text-muted"))
    return Lines(lines)


def _why(seen: SeenAtBeat) -> Iterator[SafeText]:
    verdict, run = seen.beat.verdict, seen.beat.run
    if verdict is not None:
        yield foreign(verdict.reason)
    if run is not None and run.fresh_session_reason:
        yield join([own("Not handed over:", "bold $warning"), foreign(run.fresh_session_reason)], " ")
    if run is not None and run.error_message:
        yield foreign(run.error_message, "$error")


def _compared(diff: RequestDiff, beat_index: int, width_cells: int) -> Iterator[SafeText]:
    half = max(16, (width_cells - _BAR.cell_length - 2) // 2)
    before = words("beat {n}, last request: {k} messages", n=beat_index - 1, k=diff.before_message_count)
    after = words("beat {n}, first request: {k} messages", n=beat_index, k=diff.after_message_count)
    yield _pair(own(" "), styled(before, "bold $secondary"), styled(after, "bold $secondary"), half)
    for part in diff.parts:
        if part.name in ("system", "tools"):
            yield _whole(part, half)
        else:
            yield from (_item(item, half) for item in part.items)
    yield _sizes(diff, half)
    yield from (foreign(problem, "$error") for problem in diff.problems)


def _whole(part: PartDiff, half: int) -> SafeText:
    """A part that is told in one line."""
    state: State = "kept" if part.count("kept") == len(part.items) else "changed"
    name = own("system") if part.name == "system" else words("{n} tools", n=len(part.items))
    sides = [
        join([name, styled(byte_count(size), "$text-muted")], "  ") for size in (part.before_bytes, part.after_bytes)
    ]
    return _pair(_sign(state), sides[0], sides[1], half)


def _item(item: DiffItem, half: int) -> SafeText:
    return _pair(_sign(item.state), _side(item.before, item.state), _side(item.after, item.state), half)


def _side(told: Message | OfferedTool | None, state: State) -> SafeText:
    if told is None:
        return EMPTY
    if isinstance(told, OfferedTool):
        return foreign(told.name)
    style: LiteralString = "$text-muted" if state == "kept" else "$foreground"
    opening = " ".join(told.everything[:_OPENING_CHARACTERS].split())
    role, size = foreign(told.role, "bold"), styled(byte_count(told.wire_bytes), "$text-muted")
    return join([role, size, foreign(opening, style)], " ")


def _sizes(diff: RequestDiff, half: int) -> SafeText:
    pairs = ((diff.before_bytes, diff.before_tokens), (diff.after_bytes, diff.after_tokens))
    sides = [join([byte_count(size), words("about {n} tokens", n=tokens)], ", ") for size, tokens in pairs]
    return _pair(own(" "), styled(sides[0], "$text-muted"), styled(sides[1], "$text-muted"), half)


def _alone(request: ModelRequestRecord) -> Iterator[SafeText]:
    """A first beat's request, which has none to stand beside."""
    conversation = read_conversation(request.body)
    for message in conversation.messages:
        yield join([own("  "), _side(message, "added")])
    tools = words("{n} tools, {k} messages", n=len(conversation.tools), k=len(conversation.messages))
    yield styled(join([own("  "), tools, own(", "), byte_count(request.body_bytes)]), "$text-muted")
    if conversation.problem:
        yield foreign(conversation.problem, "$error")


def _sign(state: State) -> SafeText:
    text, style = _SIGNS[state]
    return own(text, style)


def _pair(sign: SafeText, left: SafeText, right: SafeText, half: int) -> SafeText:
    return join([sign, own(" "), padded(left, half), _BAR, padded(right, half)])


_NO_REQUEST: Final = own("No request of this beat reached the model endpoint.", "bold $warning")
