"""Stored rows and findings put together into the plan's status; pure, so that a file alone says the same again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from console.engine.plan.measures.measure import Finding
from console.engine.plan.model import WHOLE_PLAN, Criterion, Plan
from console.engine.plan.requirements import Documented, Measured, Requirement, Signed, one_of
from console.engine.plan.states import RequirementStatus, judge_measured
from console.engine.plan.status import CriterionStatus, Gate, PhaseStatus, PlanStatus
from store.records import AnswerRecord, EvidenceRecord, SignoffRecord

_Row = TypeVar("_Row", AnswerRecord, EvidenceRecord, SignoffRecord)

RequirementKey = tuple[str, str]
"""Ids of a criterion and of one of its requirements."""


@dataclass(frozen=True, slots=True)
class PlanRows:
    """What was written, shown and signed; rows of one moment come in the order of arrival."""

    evidence: Sequence[EvidenceRecord] = ()
    answers: Sequence[AnswerRecord] = ()
    signoffs: Sequence[SignoffRecord] = ()


@dataclass(frozen=True, slots=True)
class Findings:
    """What measures found, and the texts of named documents (None for one that cannot be read)."""

    measured: Mapping[RequirementKey, Finding] = field(default_factory=dict[RequirementKey, Finding])
    documents: Mapping[str, str | None] = field(default_factory=dict[str, "str | None"])


def plan_status(plan: Plan, rows: PlanRows | None = None, findings: Findings | None = None) -> PlanStatus:
    """The plan with these rows and findings; rows of subjects that it no longer has are left out."""
    return _Judge(plan, rows or PlanRows(), findings or Findings()).status()


def chosen_target(plan: Plan, signoffs: Iterable[SignoffRecord]) -> str | None:
    """The first target: the newest decision on the criterion that chooses it, where it is one of the criterion's."""
    choosing = next((item.own_signature for item in plan.criteria() if item.id == plan.target_chosen_by), None)
    signed = _grouped(signoffs, lambda row: row.subject_id, lambda row: row.signed_at).get(plan.target_chosen_by, ())
    if choosing is None or not signed:
        return None
    return signed[-1].decision if signed[-1].decision in choosing.decisions else None


class _Judge:
    """Puts one status together."""

    def __init__(self, plan: Plan, rows: PlanRows, findings: Findings) -> None:
        self._plan, self._rows, self._findings = plan, rows, findings
        self._shown = _grouped(rows.evidence, lambda row: row.criterion_id, lambda row: row.recorded_at)
        self._written = _grouped(rows.answers, lambda row: row.subject_id, lambda row: row.written_at)
        self._signed = _grouped(rows.signoffs, lambda row: row.subject_id, lambda row: row.signed_at)

    def status(self) -> PlanStatus:
        """The whole plan."""
        guardrails = self._of(self._plan.guardrails)
        gates = tuple(Gate(status) for status in guardrails if status.criterion.closes)
        closed = {key: gate for gate in gates if gate.is_closed for key in gate.phases}
        return PlanStatus(
            phases=tuple(
                PhaseStatus(phase, self._of(phase.criteria), self._signed.get(phase.key, ()), closed.get(phase.key))
                for phase in self._plan.phases
            ),
            success=self._of(self._plan.success),
            guardrails=guardrails,
            signoffs=self._signed.get(WHOLE_PLAN, ()),
            gates=gates,
            target=chosen_target(self._plan, self._rows.signoffs),
        )

    def _of(self, criteria: Sequence[Criterion]) -> tuple[CriterionStatus, ...]:
        return tuple(
            CriterionStatus(
                item,
                tuple(self._requirement(item, requirement) for requirement in item.requirements),
                self._shown.get(item.id, ()),
                self._written.get(item.id, ()),
                self._signed.get(item.id, ()),
            )
            for item in criteria
        )

    def _requirement(self, criterion: Criterion, requirement: Requirement) -> RequirementStatus:
        if isinstance(requirement, Measured):
            nothing = Finding("nothing has been measured yet")
            return judge_measured(requirement, self._findings.measured.get((criterion.id, requirement.id), nothing))
        if isinstance(requirement, Documented):
            return self._documented(requirement)
        return self._signature(requirement)

    def _documented(self, requirement: Documented) -> RequirementStatus:
        if requirement.document is not None:
            text = self._findings.documents.get(str(requirement.document))
            return _judge_text(requirement, text, requirement.document.name, "")
        answers = self._written.get(requirement.subject_id, ())
        newest = answers[-1] if answers else None
        name = f"the answer to {requirement.subject_id}"
        return _judge_text(requirement, newest.body if newest else None, name, f", {newest.author}" if newest else "")

    def _signature(self, requirement: Signed) -> RequirementStatus:
        signed = self._signed.get(requirement.subject_id, ())
        if not signed or signed[-1].decision not in requirement.decisions:
            return RequirementStatus(
                requirement, "awaiting signature", f"{one_of(requirement.decisions)}, to be signed"
            )
        newest = signed[-1]
        statement = f"{newest.signed_by} signed {newest.decision}: {newest.statement}"
        return RequirementStatus(requirement, "met", statement, n=1)


def _judge_text(requirement: Documented, text: str | None, name: str, by: str) -> RequirementStatus:
    if text is None or not text.strip():
        missing = f"{name} is missing" if requirement.document is not None else "not answered yet"
        return RequirementStatus(requirement, "no evidence", missing)
    length, folded = len(text.strip()), text.casefold()
    lacking = [part for part in requirement.parts if part.casefold() not in folded]
    if lacking:
        return RequirementStatus(requirement, "not met", f"{name} does not say: {', '.join(lacking)}", length, 1)
    if length < requirement.min_characters:
        short = f"{name} has {length:,} of at least {requirement.min_characters:,} characters"
        return RequirementStatus(requirement, "not met", short, length, 1)
    return RequirementStatus(requirement, "met", f"{name}: {length:,} characters{by}", length, 1)


def _grouped(
    rows: Iterable[_Row], subject_of: Callable[[_Row], str], time_of: Callable[[_Row], str]
) -> dict[str, tuple[_Row, ...]]:
    """Rows by subject, oldest first; rows of one moment keep the order in which they came."""
    groups: dict[str, list[_Row]] = {}
    for row in sorted(rows, key=time_of):
        groups.setdefault(subject_of(row), []).append(row)
    return {subject: tuple(group) for subject, group in groups.items()}
