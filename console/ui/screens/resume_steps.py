"""Everything that was done in a chain, step after step, to be read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, LiteralString

from console.engine.chain import ChainView
from console.engine.chain.manipulation import LETTERS
from console.ui.run_words import moment
from console.ui.text import EMPTY, SafeText, foreign, join, own, styled, words
from console.ui.widgets.documents import Document, ForeignText, Lines, Together, json_difference
from store.records import ChainStepRecord, ChainStepState

_STATES: Final[dict[ChainStepState, tuple[LiteralString, LiteralString]]] = {
    "begun": ("●", "$primary"),
    "done": ("✔", "$success"),
    "refused": ("■", "$warning"),
    "failed": ("✖", "$error"),
}


def steps_document(view: ChainView) -> Document:
    """The steps in order, each with what it changed."""
    if not view.steps:
        return Lines([own("Nothing was done yet.", "$text-muted")])
    return Together([part for step in view.steps for part in _step(step)])


def _step(step: ChainStepRecord) -> Iterator[Document]:
    sign, style = _STATES[step.state]
    number = words("{n}", "$text-muted", n=step.step_no)
    head = [own(sign, style), number, foreign(LETTERS[step.lane_index], "bold"), foreign(step.action, "bold")]
    at = styled(moment(step.at, with_date=False), "$text-muted")
    state = EMPTY if step.state == "done" else foreign(step.state, style)
    yield Lines([join([*head, state, at], " "), join([own("  "), foreign(step.statement)])], 2)
    if step.before_json is not None and step.before_json != step.after_json:
        yield Lines(list(_change(step.before_json, step.after_json or "")), 4)
    yield ForeignText.of("")


def _change(before: str, after: str) -> Iterator[SafeText]:
    for old, new, same in json_difference(before, after):
        if same:
            yield from (join([own("    "), foreign(line, "$text-muted")]) for line in new)
            continue
        yield from (join([own("  - ", "bold $error"), foreign(line, "$error")]) for line in old)
        yield from (join([own("  + ", "bold $success"), foreign(line, "$success")]) for line in new)
