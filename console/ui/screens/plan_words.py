"""Signs and words of where a criterion, a requirement and a phase stand."""

from __future__ import annotations

from typing import Final, LiteralString

from console.engine.plan import CriterionStatus, Measured, PhaseStatus, RequirementStatus, State
from console.engine.plan.wording import criterion_state, state_told
from console.ui.text import EMPTY, SafeText, foreign, join, own, styled, words

SIGNS: Final[dict[State, tuple[LiteralString, LiteralString]]] = {
    "met": ("✔", "$success"),
    "not met": ("✖", "$error"),
    "not settled": ("?", "$warning"),
    "no evidence": ("\N{EN DASH}", "$text-muted"),
    "awaiting signature": ("✍", "$accent"),
}
"""Sign and style of a state."""

TOO_FEW: Final = own("…", "$warning")
"""In place of the question mark where there are only too few yet."""


def criterion_mark(status: CriterionStatus) -> SafeText:
    """One cell that tells how far a criterion is."""
    if status.state == "not settled" and all(_has_too_few(item) for item in status.decisive):
        return TOO_FEW
    return own(*SIGNS[status.state])


def requirement_mark(status: RequirementStatus) -> SafeText:
    """One cell that tells how far a requirement is."""
    return TOO_FEW if status.state == "not settled" and _has_too_few(status) else own(*SIGNS[status.state])


def criterion_words(status: CriterionStatus) -> SafeText:
    """The criterion's state in its colour; what a signature took the place of is in that of a warning."""
    if status.override is not None:
        return styled(own("met by signature") if status.state == "met" else own("not met by signature"), "$warning")
    return styled(foreign(criterion_state(status)), SIGNS[status.state][1])


def requirement_words(status: RequirementStatus) -> SafeText:
    """The requirement's state in its colour."""
    return styled(foreign(state_told(status.state, status.needed)), SIGNS[status.state][1])


def phase_words(status: PhaseStatus) -> SafeText:
    """How far a phase is: met, so many of so many, without evidence, or closed."""
    signed = EMPTY if status.signed is None else foreign(f"signed: {status.signed.decision}", "$success")
    if status.closed_by is not None:
        return join([signed, own("✖ closed by a guardrail", "$error")], "  ")
    if status.complete:
        return join([signed, own("✔ met", "$success")], "  ")
    if not status.touched:
        return join([signed, own("\N{EN DASH} no evidence", "$text-muted")], "  ")
    bar = join([own("━" * status.met, "$success"), own("━" * (status.total - status.met), "$text-disabled")])
    return join([signed, bar, words("◐ {met} of {total}", met=status.met, total=status.total)], "  ")


def _has_too_few(status: RequirementStatus) -> bool:
    return isinstance(status.requirement, Measured) and 0 < status.n < status.requirement.min_n
