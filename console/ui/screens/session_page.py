"""The session before and after a run, side by side or as one, and the session's history."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Any, Final, LiteralString, cast

from console.engine.session_rules import FINGERPRINT_KEY
from console.ui.layout import padded, wrapped
from console.ui.run_words import moment
from console.ui.screens.run_pages import heading, nothing
from console.ui.text import EMPTY, SafeText, foreign, join, own, styled
from console.ui.widgets.documents import Document, Lines, Together, json_difference
from store.records import RunRecord, SessionAction, SessionEventRecord

_BAR: Final = own(" │ ", "$panel-lighten-2")


def session_page(
    run: RunRecord, history: Sequence[SessionEventRecord], *, width_cells: int, side_by_side: bool
) -> Document:
    """What the adapter was handed, and what it handed back."""
    before, after = _without_fingerprint(run.session_before_json), _without_fingerprint(run.session_after_json)
    parts: list[Document] = [Lines([_summary(run, history)], 2)]
    if before is None and after is None:
        parts.append(nothing(own("No session before the run, and none after it.")))
    elif side_by_side:
        parts.append(Lines(list(_beside(before or "", after or "", width_cells))))
    else:
        parts.append(Lines(list(_as_one(before or "", after or "")), 4))
    if history:
        parts += [heading(own("History of this session")), Lines([_event_line(event, run.id) for event in history], 23)]
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


def _event_line(event: SessionEventRecord, run_id: str) -> SafeText:
    here = own("● ", "$primary") if event.run_id == run_id else own("  ")
    shown_id = foreign(event.session_display_id or "", "$primary")
    at = styled(moment(event.at), "$text-muted")
    return join([join([here, at]), foreign(event.action, "bold"), shown_id, foreign(event.reason)], "  ")


_ACTIONS: Final[dict[SessionAction, SafeText]] = {
    "bind": own("The adapter returned a first session."),
    "rebind": own("The adapter returned another session."),
    "keep": own("The session was kept."),
    "clear": own("The session was cleared."),
    "reject": own("The stored session was refused."),
    "reset": own("The session was reset by hand."),
}
_NAMES: Final = join([own("- before", "$error"), own("+ after", "$success")], "   ")
