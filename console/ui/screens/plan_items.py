"""The plan as a list of items: what is folded away, what is open, and what each line leads to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final, LiteralString

from console.engine.plan import WHOLE_PLAN, CriterionStatus, PhaseStatus, Plan, PlanStatus
from console.ui.layout import clipped_block, paragraph
from console.ui.run_words import moment
from console.ui.text import EMPTY, SafeText, foreign, foreign_block, join, own, styled, words
from console.ui.widgets.item_list import Item
from store.records import CriterionKind, EvidenceRecord, SignoffRecord

SHOWN_EVIDENCE: Final = 3
"""So many pieces of evidence are shown of a criterion, the newest, until it is opened."""

_SHOWN_ANSWER_LINES: Final = 4

SUCCESS, GUARDRAILS, RISKS, ABOUT = "success", "guardrails", "risks", "about"
"""Sections that are no phase."""

_KIND_HEADINGS: Final[tuple[tuple[CriterionKind, LiteralString], ...]] = (
    ("question", "Questions to lock down"),
    ("deliverable", "Deliverables"),
    ("verify", "What to verify"),
    ("exit", "Exit criteria"),
)


@dataclass(frozen=True, slots=True)
class PlanItem(Item):
    """An item, and what it is about."""

    subject_id: str | None = None
    """What an answer or a signature given here is about."""
    run_id: str | None = None
    """The run that it leads to."""
    section: str | None = None
    """The section that it folds."""


@dataclass(frozen=True, slots=True)
class Folding:
    """What is open: sections, and criteria that show all of their evidence."""

    sections: frozenset[str] = field(default_factory=frozenset[str])
    criteria: frozenset[str] = field(default_factory=frozenset[str])


def plan_items(plan: Plan, status: PlanStatus, folding: Folding) -> list[PlanItem]:
    """All lines of the screen, from top to bottom."""
    items: list[PlanItem] = []
    for phase in status.phases:
        items += _phase_items(phase, folding)
    items += _criteria_section(SUCCESS, own("Success condition"), status.success, folding)
    items += _criteria_section(GUARDRAILS, own("Guardrails"), status.guardrails, folding)
    items += _risk_section(plan, folding)
    items += _about_section(plan, status, folding)
    return items


def section_keys(plan: Plan) -> frozenset[str]:
    """Every section there is."""
    return frozenset({*(phase.key for phase in plan.phases), SUCCESS, GUARDRAILS, RISKS, ABOUT})


def criterion_mark(status: CriterionStatus) -> SafeText:
    """One cell that tells how far a criterion is."""
    if status.signed is not None:
        return own("✔", "$success") if status.settled else own("✖", "$error")
    return own("○", "$text-muted") if status.state == "no evidence" else own("◐", "$accent")


def state_words(status: CriterionStatus) -> SafeText:
    """The criterion's state in its colour."""
    if status.signed is not None:
        return foreign(status.state, "$success" if status.settled else "$error")
    return foreign(status.state, "$text-muted" if status.state == "no evidence" else "$accent")


def _phase_items(status: PhaseStatus, folding: Folding) -> Iterator[PlanItem]:
    phase = status.phase
    yield _header(phase.key, foreign(phase.title), _progress(status), folding, subject_id=phase.key)
    if phase.key not in folding.sections:
        return
    yield _text(f"objective:{phase.key}", own("    "), foreign_block(phase.objective, "italic $text-muted"), phase.key)
    yield from _signoff_items(phase.key, status.signoffs, 4)
    for kind, heading in _KIND_HEADINGS:
        of_kind = [found for found in status.criteria if found.criterion.kind == kind]
        if of_kind:
            yield _heading(f"heading:{phase.key}:{kind}", own(heading))
        for found in of_kind:
            yield from _criterion_items(found, folding)
    for number, note in enumerate(phase.notes):
        yield _heading(f"heading:{phase.key}:note:{number}", foreign(note.heading))
        for line, text in enumerate(note.items):
            key = f"note:{phase.key}:{number}:{line}"
            yield _text(key, own("      · ", "$text-muted"), foreign(text, "$text-muted"), phase.key)


def _progress(status: PhaseStatus) -> SafeText:
    open_count = status.total - status.met
    bar = join([own("━" * status.met, "$success"), own("━" * open_count, "$text-disabled")])
    counted = words("{done} of {total} signed", done=status.met, total=status.total)
    touched = words("◐ {n}", "$accent", n=status.touched) if status.touched else EMPTY
    if status.signed is not None:
        decision = styled(join([own("signed:"), foreign(status.signed.decision)], " "), "$success")
        return join([decision, bar, counted], "  ")
    return join([touched, bar, styled(counted, "$text-muted")], "  ")


def _criteria_section(
    key: str, title: SafeText, criteria: Sequence[CriterionStatus], folding: Folding
) -> Iterator[PlanItem]:
    settled = sum(status.settled for status in criteria)
    counted = words("{done} of {total} signed", "$text-muted", done=settled, total=len(criteria))
    yield _header(key, title, counted, folding)
    if key not in folding.sections:
        return
    for status in criteria:
        yield from _criterion_items(status, folding)


def _risk_section(plan: Plan, folding: Folding) -> Iterator[PlanItem]:
    yield _header(RISKS, own("Risks"), words("{n}", "$text-muted", n=len(plan.risks)), folding)
    if RISKS not in folding.sections:
        return
    for number, risk in enumerate(plan.risks):
        body = join([foreign(risk.title, "bold"), foreign(risk.text)], "  ")
        yield _text(f"risk:{number}", own("    · ", "$text-muted"), body)


def _about_section(plan: Plan, status: PlanStatus, folding: Folding) -> Iterator[PlanItem]:
    signed = status.signoffs[-1] if status.signoffs else None
    tail = foreign(f"signed: {signed.decision}", "$success") if signed else EMPTY
    title = own("The plan: goal, non-goals, sequencing")
    yield _header(ABOUT, title, tail, folding, subject_id=WHOLE_PLAN)
    if ABOUT not in folding.sections:
        return
    yield _text("goal", own("    "), foreign_block(plan.goal, "italic"), WHOLE_PLAN)
    yield from _signoff_items(WHOLE_PLAN, status.signoffs, 4)
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
            yield _text(f"{key}:{number}", own("      · ", "$text-muted"), foreign(text), WHOLE_PLAN)


def _criterion_items(status: CriterionStatus, folding: Folding) -> Iterator[PlanItem]:
    criterion = status.criterion
    lead = join([own("    "), criterion_mark(status), own(" ")])
    body, tail = foreign(criterion.text), state_words(status)
    yield PlanItem(f"criterion:{criterion.id}", partial(paragraph, lead, body, tail), subject_id=criterion.id)
    yield from _evidence_items(status, folding)
    if status.answer is not None:
        body = clipped_block(foreign_block(status.answer.body), _SHOWN_ANSWER_LINES)
        signed_by = join([foreign(status.answer.author), moment(status.answer.written_at)], " · ")
        lead = own("        ✎ ", "$primary")
        whole = join([body, styled(signed_by, "$text-muted")], "  ")
        yield _text(f"answer:{status.answer.id}", lead, whole, criterion.id)
    yield from _signoff_items(criterion.id, status.signoffs, 8)


def _evidence_items(status: CriterionStatus, folding: Folding) -> Iterator[PlanItem]:
    criterion_id = status.criterion.id
    newest_first = status.evidence[::-1]
    shown = newest_first if criterion_id in folding.criteria else newest_first[:SHOWN_EVIDENCE]
    for record in shown:
        yield _evidence_item(record)
    hidden = len(newest_first) - len(shown)
    if hidden:
        text = words("… {n} older, ⏎ shows all", "$text-muted", n=hidden)
        yield PlanItem(f"older:{criterion_id}", lambda _: join([own("        "), text]), subject_id=criterion_id)


def _evidence_item(record: EvidenceRecord) -> PlanItem:
    lead = own("        └ ", "$text-muted")
    tail = foreign(f"→ run {record.run_id[:8]}", "$primary") if record.run_id else EMPTY
    body = foreign(record.statement)
    return PlanItem(
        f"evidence:{record.id}",
        partial(paragraph, lead, body, tail),
        subject_id=record.criterion_id,
        run_id=record.run_id,
    )


def _signoff_items(subject_id: str, signoffs: Sequence[SignoffRecord], indent: int) -> Iterator[PlanItem]:
    """The newest sign-off; the others are read in full elsewhere."""
    if not signoffs:
        return
    newest = signoffs[-1]
    lead = join([foreign(" " * indent), own("§ ", "$secondary")])
    heads = [foreign(newest.decision, "bold"), foreign(newest.signed_by), moment(newest.signed_at)]
    body = join([join(heads, " · "), clipped_block(foreign_block(newest.statement), 4)], "  ")
    yield _text(f"signoff:{newest.id}", lead, body, subject_id)


def _header(key: str, title: SafeText, tail: SafeText, folding: Folding, *, subject_id: str | None = None) -> PlanItem:
    sign = own("▾ ", "$primary") if key in folding.sections else own("▸ ", "$primary")
    lay_out = partial(paragraph, sign, styled(title, "bold"), tail)
    return PlanItem(f"section:{key}", lay_out, subject_id=subject_id, section=key)


def _heading(key: str, text: SafeText) -> PlanItem:
    return PlanItem(key, lambda _: join([own("    "), styled(text, "$secondary")]), is_heading=True)


def _text(key: str, lead: SafeText, body: SafeText, subject_id: str | None = None) -> PlanItem:
    return PlanItem(key, partial(_hanging, lead, body), subject_id=subject_id)


def _hanging(lead: SafeText, body: SafeText, width_cells: int) -> SafeText:
    return paragraph(lead, body, EMPTY, width_cells)
