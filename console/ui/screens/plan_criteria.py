"""A criterion on the plan's screen: its state and numbers, what it requires, and what was written and signed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from console.engine.plan import CriterionStatus, RequirementStatus
from console.engine.plan.wording import asked, found, found_for
from console.ui.layout import Cell, clipped_block, padded, paragraph, stacked, wrapped
from console.ui.run_words import moment
from console.ui.screens.plan_words import criterion_mark, criterion_words, requirement_mark, requirement_words
from console.ui.text import EMPTY, SafeText, foreign, foreign_block, join, own, styled, words
from console.ui.widgets.item_list import Item
from store.records import EvidenceRecord, SignoffRecord

SHOWN_EVIDENCE: Final = 3
"""So many pieces of evidence are shown of a criterion, the newest, until it is opened."""

COLUMNS_FROM_CELLS: Final = 96
"""From this width on a criterion's numbers stand beside its text."""

_SHOWN_ANSWER_LINES: Final = 4
_STATE_CELLS: Final = 21


@dataclass(frozen=True, slots=True)
class PlanItem(Item):
    """An item, and what it is about."""

    subject_id: str | None = None
    """What an answer or a signature given here is about."""
    run_id: str | None = None
    """The run that it leads to."""
    section: str | None = None
    """The section that it folds."""
    requirement: RequirementStatus | None = None
    """The requirement whose rows it leads to."""


@dataclass(frozen=True, slots=True)
class Folding:
    """What is open: sections, and criteria that show what they require and all of their evidence."""

    sections: frozenset[str] = field(default_factory=frozenset[str])
    criteria: frozenset[str] = field(default_factory=frozenset[str])


def criterion_items(status: CriterionStatus, folding: Folding) -> Iterator[PlanItem]:
    """The criterion; when it is open, what it requires; then its notes, its answer and its signature."""
    criterion_id = status.criterion.id
    yield PlanItem(f"criterion:{criterion_id}", partial(_criterion, status), subject_id=criterion_id)
    if criterion_id in folding.criteria:
        for requirement in status.requirements:
            yield requirement_item(criterion_id, requirement)
    yield from _evidence_items(status, folding)
    if status.answer is not None:
        body = clipped_block(foreign_block(status.answer.body), _SHOWN_ANSWER_LINES)
        signed_by = join([foreign(status.answer.author), moment(status.answer.written_at)], " · ")
        lead = own("        ✎ ", "$primary")
        yield text_item(
            f"answer:{status.answer.id}", lead, join([body, styled(signed_by, "$text-muted")], "  "), criterion_id
        )
    yield from signoff_items(criterion_id, status.signoffs, 8)


def requirement_item(criterion_id: str, status: RequirementStatus) -> PlanItem:
    """What is asked, what was found, and what lies behind it."""
    requirement = status.requirement
    subject_id = getattr(requirement, "subject_id", criterion_id)
    return PlanItem(
        f"requirement:{criterion_id}:{requirement.id}",
        partial(_requirement, status),
        subject_id=subject_id,
        requirement=status,
    )


def signoff_items(subject_id: str, signoffs: Sequence[SignoffRecord], indent: int) -> Iterator[PlanItem]:
    """The newest sign-off; the others are read in full elsewhere."""
    if not signoffs:
        return
    newest = signoffs[-1]
    lead = join([foreign(" " * indent), own("§ ", "$secondary")])
    heads = [foreign(newest.decision, "bold"), foreign(newest.signed_by), moment(newest.signed_at)]
    body = join([join(heads, " · "), clipped_block(foreign_block(newest.statement), 4)], "  ")
    yield text_item(f"signoff:{newest.id}", lead, body, subject_id)


def text_item(key: str, lead: SafeText, body: SafeText, subject_id: str | None = None) -> PlanItem:
    """Something to read."""
    return PlanItem(key, partial(_hanging, lead, body), subject_id=subject_id)


def behind_words(status: RequirementStatus) -> SafeText:
    """`→ 73 runs, 1 chain`; empty where nothing lies behind it."""
    counts = (
        (len(status.run_ids), own("run"), own("runs")),
        (len(status.experiment_ids), own("experiment"), own("experiments")),
        (len(status.chain_ids), own("chain"), own("chains")),
    )
    told = [words("{n} {what}", n=n, what=one if n == 1 else several) for n, one, several in counts if n]
    return join([own("→"), join(told, ", ")], " ") if told else EMPTY


def _criterion(status: CriterionStatus, width_cells: int) -> SafeText:
    lead = join([own("    "), criterion_mark(status), own(" ")])
    text, state = foreign(status.criterion.text), criterion_words(status)
    numbers = styled(foreign(_numbers(status)), "$text-muted")
    if width_cells < COLUMNS_FROM_CELLS or not numbers:
        first = paragraph(lead, text, state, width_cells)
        return stacked([first, _hanging(own("      "), numbers, width_cells)]) if numbers else first
    room = width_cells - lead.cell_length - _STATE_CELLS - 4
    text_cells = room * 9 // 20
    return _beside(lead, [Cell(text, text_cells), Cell(numbers, room - text_cells), Cell(state, _STATE_CELLS, True)])


def _numbers(status: CriterionStatus) -> str:
    """What was found; its own answer and signature are shown below it."""
    own_subject = [getattr(item.requirement, "subject_id", None) == status.criterion.id for item in status.decisive]
    if status.override is not None:
        return f"found {status.found_state}: {found_for(status)}"
    return "" if all(own_subject) and status.state == "met" else found_for(status)


def _beside(lead: SafeText, cells: Sequence[Cell]) -> SafeText:
    """Cells that wrap, side by side."""
    columns = [wrapped(cell.text, cell.width_cells) for cell in cells]
    lines: list[SafeText] = []
    for number in range(max(map(len, columns))):
        shown = [
            padded(column[number] if number < len(column) else EMPTY, cell.width_cells, is_right=cell.is_right)
            for column, cell in zip(columns, cells, strict=True)
        ]
        begin = lead if number == 0 else padded(EMPTY, lead.cell_length)
        lines.append(join([begin, join(shown, "  ")]))
    return stacked(lines)


def _requirement(status: RequirementStatus, width_cells: int) -> SafeText:
    lead = join([own("        "), requirement_mark(status), own(" ")])
    first = paragraph(lead, foreign(asked(status.requirement)), requirement_words(status), width_cells)
    body = styled(foreign(found(status)), "$text-muted")
    tail = styled(behind_words(status), "$primary")
    return stacked([first, paragraph(own("          "), body, tail, width_cells)])


def _evidence_items(status: CriterionStatus, folding: Folding) -> Iterator[PlanItem]:
    """Notes; a measured criterion counts its runs itself, and what each run once claimed is read in full only."""
    criterion_id = status.criterion.id
    is_counted = status.criterion.is_measured
    newest_first = [row for row in status.evidence[::-1] if not (is_counted and row.kind == "run")]
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
    return PlanItem(
        f"evidence:{record.id}",
        partial(paragraph, lead, foreign(record.statement), tail),
        subject_id=record.criterion_id,
        run_id=record.run_id,
    )


def _hanging(lead: SafeText, body: SafeText, width_cells: int) -> SafeText:
    return paragraph(lead, body, EMPTY, width_cells)
