"""What a run resumed, the session before and after it, side by side or as one, and the session's timeline."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, Final, LiteralString, cast

from console.engine.resume.timeline import TimelineItem
from console.engine.session_rules import FINGERPRINT_KEY
from console.ui.layout import padded, wrapped
from console.ui.resume_view import timeline_lines, verdict_part
from console.ui.screens.run_pages import heading, nothing
from console.ui.text import EMPTY, SafeText, foreign, join, own, styled
from console.ui.widgets.documents import Document, Lines, Together, json_difference
from store.records import ResumeVerdictRecord, RunRecord, SessionAction, SessionEventRecord

_BAR: Final = own(" │ ", "$panel-lighten-2")


@dataclass(frozen=True, slots=True)
class SessionStory:
    """What is stored of a run's session, beside the run."""

    history: Sequence[SessionEventRecord] = ()
    verdict: ResumeVerdictRecord | None = None
    timeline: Sequence[TimelineItem] = ()
    """Of the whole issue."""


def session_page(run: RunRecord, story: SessionStory, *, width_cells: int, side_by_side: bool) -> Document:
    """What the model saw of earlier beats; what the adapter was handed, and what it handed back; all beats."""
    before, after = _without_fingerprint(run.session_before_json), _without_fingerprint(run.session_after_json)
    parts: list[Document] = []
    if story.verdict is not None:
        parts += [heading(own("What the beat resumed"), first=True), verdict_part(story.verdict)]
        parts.append(heading(own("The session, before and after")))
    parts.append(Lines([_summary(run, story.history)], 2))
    if before is None and after is None:
        parts.append(nothing(own("No session before the run, and none after it.")))
    elif side_by_side:
        parts.append(Lines(list(_beside(before or "", after or "", width_cells))))
    else:
        parts.append(Lines(list(_as_one(before or "", after or "")), 4))
    if story.timeline:
        parts += [heading(own("Timeline of this session")), timeline_lines(story.timeline, run.id)]
    return Together(parts)


def _summary(run: RunRecord, history: Sequence[SessionEventRecord]) -> SafeText:
    parts: list[SafeText] = []
    if run.fresh_session_reason:
        parts.append(join([own("Started fresh:", "bold $warning"), foreign(run.fresh_session_reason)], " "))
    elif run.session_before_json is None:
        parts.append(own("There was no session to resume.", "bold"))
    changes = [event for event in history if event.run_id == run.id]
    if changes:
        parts.append(styled(_ACTIONS[changes[-1].action], "bold"))
    return join(parts, "  ") if parts else own("Nothing was told of this session.", "$text-muted")


def _without_fingerprint(session_json: str | None) -> str | None:
    """The session without upstream's fingerprint of the configuration, which is no part of what the adapter sees."""
    try:
        session: Any = json.loads(session_json or "null")
    except (ValueError, RecursionError):
        return session_json
    if not isinstance(session, dict) or FINGERPRINT_KEY not in session:
        return session_json
    shown = cast("dict[str, Any]", session)
    return json.dumps({name: value for name, value in shown.items() if name != FINGERPRINT_KEY}, ensure_ascii=False)


def _beside(before: str, after: str, width_cells: int) -> Iterator[SafeText]:
    half = max(10, (width_cells - _BAR.cell_length) // 2)
    yield _pair(own("before", "bold $secondary"), own("after", "bold $secondary"), half)
    for old, new, same in json_difference(before, after):
        left_style: LiteralString = "$foreground" if same else "$error"
        right_style: LiteralString = "$foreground" if same else "$success"
        lefts = [foreign(line, left_style) for line in old]
        rights = [foreign(line, right_style) for line in new]
        for left, right in zip_longest(lefts, rights, fillvalue=EMPTY):
            pairs = zip_longest(wrapped(left, half), wrapped(right, half), fillvalue=EMPTY)
            yield from (_pair(left_row, right_row, half) for left_row, right_row in pairs)


def _as_one(before: str, after: str) -> Iterator[SafeText]:
    yield _NAMES
    for old, new, same in json_difference(before, after):
        if same:
            yield from (join([own("  "), foreign(line, "$text-muted")]) for line in new)
            continue
        yield from (join([own("- ", "bold $error"), foreign(line, "$error")]) for line in old)
        yield from (join([own("+ ", "bold $success"), foreign(line, "$success")]) for line in new)


def _pair(left: SafeText, right: SafeText, half: int) -> SafeText:
    return join([padded(left, half), _BAR, right])


_ACTIONS: Final[dict[SessionAction, SafeText]] = {
    "bind": own("The adapter returned a first session."),
    "rebind": own("The adapter returned another session."),
    "keep": own("The session was kept."),
    "clear": own("The session was cleared."),
    "reject": own("The stored session was refused."),
    "reset": own("The session was reset by hand."),
}
_NAMES: Final = join([own("- before", "$error"), own("+ after", "$success")], "   ")
