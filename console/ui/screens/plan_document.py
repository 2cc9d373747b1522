"""All that was written, shown and signed for one subject of the plan, to read in full."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from console.engine.plan import WHOLE_PLAN, CriterionStatus, PhaseStatus, Plan, PlanStatus, RequirementStatus
from console.engine.plan.wording import asked, found, how_to_open
from console.ui.run_words import moment
from console.ui.screens.plan_criteria import behind_words
from console.ui.screens.plan_words import criterion_mark, criterion_words, requirement_mark, requirement_words
from console.ui.text import EMPTY, SafeText, foreign, join, own, styled, words
from console.ui.widgets.documents import Document, ForeignText, Lines, Together
from store.records import AnswerRecord, SignoffRecord


def subject_document(plan: Plan, status: PlanStatus, subject_id: str) -> Document:
    """Everything known of a criterion, a phase, or the plan."""
    criterion = status.criterion(subject_id)
    if criterion is not None:
        return _criterion_document(criterion)
    for phase in status.phases:
        if phase.phase.key == subject_id:
            return _phase_document(phase, how_to_open(status))
    return _plan_document(plan, status) if subject_id == WHOLE_PLAN else Lines(())


def _criterion_document(status: CriterionStatus) -> Document:
    criterion = status.criterion
    facts = join([own(criterion.kind), foreign(criterion.id), criterion_words(status)], " · ")
    head = [
        join([criterion_mark(status), foreign(criterion.text, "bold")], " "),
        styled(facts, "$text-muted"),
    ]
    return Together(
        [
            Lines(head),
            *_requirements(status.requirements),
            *_signoffs(status.signoffs),
            *_answers(status.answers),
            *_evidence(status),
        ]
    )


def _phase_document(status: PhaseStatus, opens: str) -> Document:
    phase = status.phase
    counted = words(
        "{met} of {total} criteria met · {touched} of {all} have anything to go by",
        "$text-muted",
        met=status.met,
        total=status.total,
        touched=status.touched,
        all=len(status.criteria),
    )
    head = [foreign(phase.title, "bold"), foreign(phase.objective, "italic"), counted]
    if status.closed_by is not None:
        head += [foreign(f"Closed: {status.closed_by.reason}", "$error"), foreign(opens)]
    notes = [part for note in phase.notes for part in _list(foreign(note.heading), note.items)]
    return Together([Lines(head), *_signoffs(status.signoffs), *notes])


def _plan_document(plan: Plan, status: PlanStatus) -> Document:
    head = [foreign(plan.title, "bold"), foreign(plan.goal, "italic")]
    risks = [f"{risk.title}: {risk.text}" for risk in plan.risks]
    return Together(
        [
            Lines(head),
            *_signoffs(status.signoffs),
            *_list(own("Decision summary"), plan.decision_summary),
            *_list(own("Non-goals"), plan.non_goals),
            *_list(own("Risks"), risks),
            *_list(own("Recommended sequencing"), plan.sequencing_reasons),
            *_list(own("Proposed next action"), [plan.next_action] if plan.next_action else []),
        ]
    )


def _list(heading: SafeText, texts: Sequence[str]) -> Iterator[Document]:
    if texts:
        yield _heading(heading)
        yield Lines([join([own("· ", "$text-muted"), foreign(text)]) for text in texts])


def _signoffs(signoffs: Sequence[SignoffRecord]) -> Iterator[Document]:
    if signoffs:
        yield _heading(own("Signed, the newest first"))
    for record in reversed(signoffs):
        yield _entry(own("§ ", "$secondary"), record.decision, (record.signed_by, record.signed_at), record.statement)


def _answers(answers: Iterable[AnswerRecord]) -> Iterator[Document]:
    newest_first = list(answers)[::-1]
    if newest_first:
        yield _heading(own("Answers, the newest first"))
    for record in newest_first:
        yield _entry(own("✎ ", "$primary"), record.author, ("", record.written_at), record.body)


def _requirements(requirements: Sequence[RequirementStatus]) -> Iterator[Document]:
    if requirements:
        yield _heading(own("It requires"))
    for status in requirements:
        head = join([requirement_mark(status), foreign(asked(status.requirement)), requirement_words(status)], " ")
        behind = behind_words(status)
        yield Lines([head, *([styled(behind, "$primary")] if behind else [])])
        yield ForeignText.of(found(status))


def _evidence(status: CriterionStatus) -> Iterator[Document]:
    """What was noted; of a measured criterion, what runs claimed before it counted them itself."""
    evidence = status.evidence
    if not evidence:
        if not status.requirements:
            yield _heading(own("No evidence yet"))
        return
    if status.criterion.is_measured:
        yield _heading(words("Noted by runs ({n}), which decides nothing, the newest first", n=len(evidence)))
    else:
        yield _heading(words("Evidence ({n}), the newest first", n=len(evidence)))
    for record in reversed(evidence):
        source = f"run {record.run_id}" if record.run_id else ""
        yield _entry(own("└ ", "$text-muted"), record.kind, (source, record.recorded_at), record.statement)


def _entry(mark: SafeText, title: str, source: tuple[str, str], body: str) -> Document:
    who, at = source
    facts = join([part for part in (foreign(who), moment(at)) if part], " · ")
    head = join([join([mark, foreign(title, "bold")]), styled(facts, "$text-muted")], "  ")
    return Together([Lines([head]), ForeignText.of(body), Lines([EMPTY])])


def _heading(text: SafeText) -> Document:
    return Lines([EMPTY, styled(text, "bold $secondary")])
