"""A resume verdict with its numbers and canaries, and a session's timeline, as parts of documents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, LiteralString

from console.engine.resume.evidence import FoundMarker, markers_of
from console.engine.resume.timeline import TimelineItem
from console.ui.figures import run_state
from console.ui.layout import padded
from console.ui.resume_words import VERDICTS, short_id, standing_mark, verdict_mark
from console.ui.run_words import moment
from console.ui.text import EMPTY, SafeText, foreign, join, own, styled, words
from console.ui.widgets.documents import Document, Lines, Together
from store.records import ResumeVerdictRecord

_NAME_CELLS: Final = 16
_MARK_CELLS: Final = 14
_SHOWN_CHARACTERS: Final = 60

_PLACES: Final[Mapping[str, LiteralString]] = {"prompt": "prompt", "tool_result": "tool result", "reply": "reply"}

SESSION_ACTIONS: Final[Mapping[str, tuple[LiteralString, LiteralString]]] = {
    "bind": ("◆ bound", "$success"),
    "rebind": ("◆ replaced", "$warning"),
    "keep": ("◆ kept", "$success"),
    "clear": ("◇ cleared", "$warning"),
    "reject": ("✖ rejected", "$error"),
    "reset": ("◇ reset", "$warning"),
}
"""Sign and word of what happened to a session, and their style."""

_STEP_STATES: Final[Mapping[str, tuple[LiteralString, LiteralString]]] = {
    "done": ("✎ done", "$primary"),
    "refused": ("✖ refused", "$warning"),
    "failed": ("✖ failed", "$error"),
}


def verdict_part(verdict: ResumeVerdictRecord) -> Document:
    """The verdict, why, its numbers, and where each canary stands."""
    reason = join([styled(verdict_mark(verdict.verdict), "bold"), foreign(verdict.reason)], "  ")
    facts = [_fact(name, value) for name, value in _numbers(verdict)]
    markers = markers_of(verdict.canaries_json)
    canaries = [_marker_line(marker) for marker in markers]
    return Together([Lines([reason], 2), Lines(facts, _NAME_CELLS), Lines(canaries, 2)])


def _numbers(verdict: ResumeVerdictRecord) -> Iterator[tuple[SafeText, SafeText]]:
    before = words("{n} in the last request of run", n=verdict.previous_message_count)
    compared = join([before, foreign(verdict.previous_run_id[:8], "$primary")], " ")
    yield own("messages"), join([words("{n},", n=verdict.message_count), compared], " ")
    yield own("kept"), words("{kept} of its messages beside the system prompt", kept=verdict.kept_messages)
    yield own("common prefix"), words("{n} messages, the system prompt included", n=verdict.common_prefix_messages)
    yield own("added"), words("{n:+,} tokens, {m:+,} bytes", n=verdict.added_tokens, m=verdict.added_bytes)
    if verdict.compaction is not None:
        yield own("compaction"), foreign(verdict.compaction)
    if verdict.role_sequence_sha256 is not None:
        yield own("roles, hashed"), foreign(verdict.role_sequence_sha256[:12], "$text-muted")


def _fact(name: SafeText, value: SafeText) -> SafeText:
    return join([padded(styled(name, "$text-muted"), _NAME_CELLS), value])


def _marker_line(marker: FoundMarker) -> SafeText:
    text = marker.text if len(marker.text) <= _SHOWN_CHARACTERS else f"{marker.text[:_SHOWN_CHARACTERS]}…"
    place = words("{place} of beat {n}", "$text-muted", place=own(_PLACES[marker.planted_in]), n=marker.beat)
    where = EMPTY
    if marker.message_index is not None:
        where = words(
            "in {role} message {n}", "$text-muted", role=foreign(marker.role or ""), n=marker.message_index + 1
        )
    return join([standing_mark(marker.standing), foreign(text, "bold"), place, where], "  ")


def timeline_lines(items: Sequence[TimelineItem], run_id: str | None = None) -> Lines:
    """One line each; those of the run are marked."""
    return Lines([_timeline_line(item, run_id) for item in items], 23)


def _timeline_line(item: TimelineItem, run_id: str | None) -> SafeText:
    here = own("● ", "$primary") if run_id is not None and item.run_id == run_id else own("  ")
    at = styled(moment(item.at), "$text-muted")
    return join([join([here, at]), padded(_item_mark(item), _MARK_CELLS), *_item_words(item)], "  ")


def _item_mark(item: TimelineItem) -> SafeText:
    if item.kind == "beat":
        return run_state(item.word)
    if item.kind == "session":
        text, style = SESSION_ACTIONS.get(item.word, ("· changed", "$text-muted"))
        return own(text, style)
    if item.kind == "chain":
        text, style = _STEP_STATES.get(item.state or "", ("· tried", "$text-muted"))
        return own(text, style)
    return next((verdict_mark(word) for word in VERDICTS if word == item.word), foreign(item.word))


def _item_words(item: TimelineItem) -> Iterator[SafeText]:
    if item.kind == "beat" and item.beat_index is not None:
        yield words("beat {n} on {key}", "bold", n=item.beat_index, key=foreign(item.runtime_key or ""))
    elif item.kind == "verdict" and item.beat_index is not None:
        yield words("beat {n}", "bold", n=item.beat_index)
    elif item.kind == "chain":
        yield foreign(item.word, "bold")
    if item.session_display_id:
        yield styled(short_id(item.session_display_id), "$primary")
    if item.statement:
        yield foreign(item.statement)
