"""What lies behind a number of the plan: runs, experiments and chains, of which one can be opened."""

from __future__ import annotations

from console.engine.plan import RequirementStatus
from console.engine.plan.measures.measure import Behind
from console.engine.plan.wording import found
from console.ui.modals.picker import Choice, PickerModal
from console.ui.text import SafeText, foreign, join, own


def behind_picker(status: RequirementStatus) -> PickerModal:
    """A list of the rows, those that speak against it first; dismissed with `kind:id`, or None."""
    return PickerModal(foreign(found(status)), [_choice(row) for row in status.behind])


def _choice(row: Behind) -> Choice:
    return Choice(f"{row.kind}:{row.id}", join([_mark(row), foreign(row.statement)], " "))


def _mark(row: Behind) -> SafeText:
    return own("✔", "$success") if row.supports else own("✖", "$error")
