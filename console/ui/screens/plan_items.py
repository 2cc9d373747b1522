"""The plan as a list of items: what is folded away, what is open, and what each line leads to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final, LiteralString

from console.engine.plan import WHOLE_PLAN, CriterionStatus, PhaseStatus, Plan, PlanStatus
from console.engine.plan.wording import how_to_open
from console.ui.layout import paragraph
from console.ui.screens.plan_criteria import Folding, PlanItem, criterion_items, signoff_items, text_item
from console.ui.screens.plan_words import phase_words
from console.ui.text import EMPTY, SafeText, foreign, foreign_block, join, own, styled, words
from store.records import CriterionKind

SUCCESS, GUARDRAILS, RISKS, ABOUT = "success", "guardrails", "risks", "about"
"""Sections that are no phase."""

_KIND_HEADINGS: Final[tuple[tuple[CriterionKind, LiteralString], ...]] = (
    ("question", "Questions to lock down"),
    ("deliverable", "Deliverables"),
    ("verify", "What to verify"),
    ("exit", "Exit criteria"),
)


def plan_items(plan: Plan, status: PlanStatus, folding: Folding) -> list[PlanItem]:
    """All lines of the screen, from top to bottom."""
    items: list[PlanItem] = []
    for phase in status.phases:
        items += _phase_items(phase, folding, how_to_open(status))
    items += _criteria_section(SUCCESS, own("Success condition"), status.success, folding)
    items += _criteria_section(GUARDRAILS, own("Guardrails"), status.guardrails, folding)
    items += _risk_section(plan, folding)
    items += _about_section(plan, status, folding)
    return items


def section_keys(plan: Plan) -> frozenset[str]:
    """Every section there is."""
    return frozenset({*(phase.key for phase in plan.phases), SUCCESS, GUARDRAILS, RISKS, ABOUT})


def _phase_items(status: PhaseStatus, folding: Folding, opens: str) -> Iterator[PlanItem]:
    phase = status.phase
    yield _header(phase.key, foreign(phase.title), phase_words(status), folding, subject_id=phase.key)
    if phase.key not in folding.sections:
        return
    yield from _closed_items(status, opens)
    yield text_item(
        f"objective:{phase.key}", own("    "), foreign_block(phase.objective, "italic $text-muted"), phase.key
    )
    yield from signoff_items(phase.key, status.signoffs, 4)
    for kind, heading in _KIND_HEADINGS:
        of_kind = [found for found in status.criteria if found.criterion.kind == kind]
        if of_kind:
            yield _heading(f"heading:{phase.key}:{kind}", own(heading))
        for found in of_kind:
            yield from criterion_items(found, folding)
    for number, note in enumerate(phase.notes):
        yield _heading(f"heading:{phase.key}:note:{number}", foreign(note.heading))
        for line, text in enumerate(note.items):
            key = f"note:{phase.key}:{number}:{line}"
            yield text_item(key, own("      · ", "$text-muted"), foreign(text, "$text-muted"), phase.key)


def _closed_items(status: PhaseStatus, opens: str) -> Iterator[PlanItem]:
    """Why a guardrail closes the phase, and how to open it; signing here signs the guardrail."""
    gate = status.closed_by
    if gate is None:
        return
    guardrail, lead = gate.status.criterion.id, own("    ✖ ", "$error")
    yield text_item(f"closed:{status.phase.key}", lead, foreign(gate.reason, "$error"), guardrail)
    yield text_item(f"opens:{status.phase.key}", own("      "), foreign(opens), guardrail)


def _criteria_section(
    key: str, title: SafeText, criteria: Sequence[CriterionStatus], folding: Folding
) -> Iterator[PlanItem]:
    settled = sum(status.settled for status in criteria)
    counted = words("{done} of {total} met", "$text-muted", done=settled, total=len(criteria))
    yield _header(key, title, counted, folding)
    if key not in folding.sections:
        return
    for status in criteria:
        yield from criterion_items(status, folding)


def _risk_section(plan: Plan, folding: Folding) -> Iterator[PlanItem]:
    yield _header(RISKS, own("Risks"), words("{n}", "$text-muted", n=len(plan.risks)), folding)
    if RISKS not in folding.sections:
        return
    for number, risk in enumerate(plan.risks):
        body = join([foreign(risk.title, "bold"), foreign(risk.text)], "  ")
        yield text_item(f"risk:{number}", own("    · ", "$text-muted"), body)


def _about_section(plan: Plan, status: PlanStatus, folding: Folding) -> Iterator[PlanItem]:
    signed = status.signoffs[-1] if status.signoffs else None
    tail = foreign(f"signed: {signed.decision}", "$success") if signed else EMPTY
    title = own("The plan: goal, non-goals, sequencing")
    yield _header(ABOUT, title, tail, folding, subject_id=WHOLE_PLAN)
    if ABOUT not in folding.sections:
        return
    yield text_item("goal", own("    "), foreign_block(plan.goal, "italic"), WHOLE_PLAN)
    yield from signoff_items(WHOLE_PLAN, status.signoffs, 4)
    lists: tuple[tuple[str, LiteralString, Sequence[str]], ...] = (
        ("decision", "Decision summary", plan.decision_summary),
        ("non-goal", "Non-goals", plan.non_goals),
        ("sequencing", "Recommended sequencing", plan.sequencing_reasons),
        ("next", "Proposed next action", (plan.next_action,) if plan.next_action else ()),
    )
    for key, heading, texts in lists:
        if texts:
            yield _heading(f"heading:{key}", own(heading))
        for number, text in enumerate(texts):
            yield text_item(f"{key}:{number}", own("      · ", "$text-muted"), foreign(text), WHOLE_PLAN)


def _header(key: str, title: SafeText, tail: SafeText, folding: Folding, *, subject_id: str | None = None) -> PlanItem:
    sign = own("▾ ", "$primary") if key in folding.sections else own("▸ ", "$primary")
    lay_out = partial(paragraph, sign, styled(title, "bold"), tail)
    return PlanItem(f"section:{key}", lay_out, subject_id=subject_id, section=key)


def _heading(key: str, text: SafeText) -> PlanItem:
    return PlanItem(key, lambda _: join([own("    "), styled(text, "$secondary")]), is_heading=True)
