"""What lies behind a number of the plan: runs, experiments and chains, of which one can be opened."""

from __future__ import annotations

from typing import Final

from console.engine.plan import RequirementStatus
from console.engine.plan.measures.measure import Behind
from console.ui.modals.picker import Choice, PickerModal
from console.ui.screens.plan_criteria import behind_words
from console.ui.text import SafeText, foreign, join, own

_SHOWN_ID_CHARACTERS: Final = 8


def behind_picker(status: RequirementStatus) -> PickerModal:
    """A list of the rows, those that speak against it first; dismissed with `kind:id`, or None."""
    title = join([own("Behind it"), behind_words(status)], " ")
    return PickerModal(title, [_choice(row) for row in status.behind])


def _choice(row: Behind) -> Choice:
    short_id = foreign(row.id[:_SHOWN_ID_CHARACTERS], "$text-muted")
    return Choice(f"{row.kind}:{row.id}", join([_mark(row), short_id, foreign(row.statement)], " "))


def _mark(row: Behind) -> SafeText:
    return own("✔", "$success") if row.supports else own("✖", "$error")
