"""What may be answered and signed now; a refusal is one sentence with the remedy."""

from __future__ import annotations

from console.engine.plan.assemble_requirements import nearest
from console.engine.plan.model import Plan, Subject
from console.engine.plan.status import PlanStatus
from console.engine.plan.wording import how_to_open


class PlanRefusal(Exception):  # noqa: N818 -- an answer to the operator, not a fault
    """An answer or a signature that is not taken."""


def subject_named(plan: Plan, subject_id: str) -> Subject:
    """The subject with this id. Raises PlanRefusal that names the nearest."""
    subjects = plan.subjects()
    if subject_id not in subjects:
        raise PlanRefusal(f"the plan has no `{subject_id}`; {nearest(subject_id, list(subjects))}")
    return subjects[subject_id]


def check_answer(plan: Plan, status: PlanStatus, subject_id: str, body: str, author: str) -> None:
    """Raises PlanRefusal for an answer that is not taken."""
    subject_named(plan, subject_id)
    if status.criterion(subject_id) is None:
        raise PlanRefusal(f"`{subject_id}` is no criterion; answer one of its criteria")
    _refuse_closed(status, subject_id)
    if not body.strip():
        raise PlanRefusal("the answer is empty; write it after the id")
    if not author.strip():
        raise PlanRefusal("an answer has a name; give one with --by NAME")


def check_signature(
    plan: Plan, status: PlanStatus, subject_id: str, decision: str, statement: str, signed_by: str
) -> None:
    """Raises PlanRefusal for a signature that is not taken."""
    subject = subject_named(plan, subject_id)
    if decision not in subject.decisions:
        raise PlanRefusal(f"`{decision}` cannot be signed on {subject_id}; {nearest(decision, subject.decisions)}")
    _refuse_closed(status, subject_id)
    if not signed_by.strip():
        raise PlanRefusal("a signature has a name; give one with --by NAME")
    if not statement.strip():
        raise PlanRefusal("a signature says what it rests on; give it with --because REASON")


def closed_by_guardrail(status: PlanStatus, subject_id: str) -> bool:
    """Whether the subject is a closed phase, or a criterion of one."""
    return any(
        phase.closed_by is not None
        and (subject_id == phase.phase.key or any(item.criterion.id == subject_id for item in phase.criteria))
        for phase in status.phases
    )


def _refuse_closed(status: PlanStatus, subject_id: str) -> None:
    if closed_by_guardrail(status, subject_id):
        raise PlanRefusal(f"`{subject_id}` is closed by a guardrail; {how_to_open(status)}")
