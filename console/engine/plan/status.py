"""Where the plan stands, from stored rows alone: nothing is met before a person signs it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from console.engine.plan.model import WHOLE_PLAN, Criterion, Phase, Plan
from store.records import AnswerRecord, EvidenceRecord, SignoffRecord

NOT_MET: Final = "not met"
"""The one decision that leaves a criterion open."""

_Row = TypeVar("_Row", AnswerRecord, EvidenceRecord, SignoffRecord)


@dataclass(frozen=True, slots=True)
class CriterionStatus:
    """One criterion with what was stored for it, oldest first."""

    criterion: Criterion
    evidence: tuple[EvidenceRecord, ...] = ()
    answers: tuple[AnswerRecord, ...] = ()
    signoffs: tuple[SignoffRecord, ...] = ()

    @property
    def signed(self) -> SignoffRecord | None:
        """The newest sign-off, which counts."""
        return self.signoffs[-1] if self.signoffs else None

    @property
    def answer(self) -> AnswerRecord | None:
        """The newest answer, which counts."""
        return self.answers[-1] if self.answers else None

    @property
    def settled(self) -> bool:
        """Whether it is signed with one of its own decisions, other than `not met`."""
        return self.signed is not None and self.signed.decision in self.criterion.decisions and not self.is_refused

    @property
    def is_refused(self) -> bool:
        """Whether it is signed as not met."""
        return self.signed is not None and self.signed.decision == NOT_MET

    @property
    def state(self) -> str:
        """`signed: <decision>`, `answered`, `has evidence (n)` or `no evidence`: the furthest of them."""
        if self.signed is not None:
            return f"signed: {self.signed.decision}"
        if self.answers:
            return "answered"
        return f"has evidence ({len(self.evidence)})" if self.evidence else "no evidence"


@dataclass(frozen=True, slots=True)
class PhaseStatus:
    """One phase, its criteria and its own sign-offs, oldest first."""

    phase: Phase
    criteria: tuple[CriterionStatus, ...]
    signoffs: tuple[SignoffRecord, ...] = ()

    @property
    def signed(self) -> SignoffRecord | None:
        """The newest sign-off of the phase as a whole."""
        return self.signoffs[-1] if self.signoffs else None

    @property
    def exit_total(self) -> int:
        """How many exit criteria the phase has."""
        return len(self._exit())

    @property
    def exit_settled(self) -> int:
        """How many exit criteria are signed with a decision that settles them."""
        return sum(status.settled for status in self._exit())

    @property
    def touched(self) -> int:
        """How many of all its criteria have evidence, an answer or a sign-off."""
        return sum(status.state != "no evidence" for status in self.criteria)

    @property
    def complete(self) -> bool:
        """Whether every exit criterion is settled."""
        return self.exit_total > 0 and self.exit_settled == self.exit_total

    def _exit(self) -> list[CriterionStatus]:
        return [status for status in self.criteria if status.criterion.kind == "exit"]


@dataclass(frozen=True, slots=True)
class PlanStatus:
    """The whole plan as it stands."""

    phases: tuple[PhaseStatus, ...]
    success: tuple[CriterionStatus, ...]
    guardrails: tuple[CriterionStatus, ...]
    signoffs: tuple[SignoffRecord, ...] = ()

    @property
    def phases_complete(self) -> int:
        """How many phases have all exit criteria settled."""
        return sum(phase.complete for phase in self.phases)

    def criterion(self, criterion_id: str) -> CriterionStatus | None:
        """One criterion's status, wherever it is."""
        of_phases = (status for phase in self.phases for status in phase.criteria)
        every = (*of_phases, *self.success, *self.guardrails)
        return next((status for status in every if status.criterion.id == criterion_id), None)


def plan_status(
    plan: Plan,
    evidence: Iterable[EvidenceRecord] = (),
    answers: Iterable[AnswerRecord] = (),
    signoffs: Iterable[SignoffRecord] = (),
) -> PlanStatus:
    """The plan with its stored rows, in any order; rows of subjects that the plan no longer has are left out."""
    shown = _grouped(evidence, lambda row: row.criterion_id, lambda row: row.recorded_at)
    written = _grouped(answers, lambda row: row.subject_id, lambda row: row.written_at)
    signed = _grouped(signoffs, lambda row: row.subject_id, lambda row: row.signed_at)

    def status_of(criteria: Sequence[Criterion]) -> tuple[CriterionStatus, ...]:
        return tuple(
            CriterionStatus(item, shown.get(item.id, ()), written.get(item.id, ()), signed.get(item.id, ()))
            for item in criteria
        )

    return PlanStatus(
        phases=tuple(PhaseStatus(phase, status_of(phase.criteria), signed.get(phase.key, ())) for phase in plan.phases),
        success=status_of(plan.success),
        guardrails=status_of(plan.guardrails),
        signoffs=signed.get(WHOLE_PLAN, ()),
    )


def _grouped(
    rows: Iterable[_Row], subject_of: Callable[[_Row], str], time_of: Callable[[_Row], str]
) -> dict[str, tuple[_Row, ...]]:
    """Rows by subject, oldest first; rows of one moment keep the order in which they came."""
    groups: dict[str, list[_Row]] = {}
    for row in sorted(rows, key=time_of):
        groups.setdefault(subject_of(row), []).append(row)
    return {subject: tuple(group) for subject, group in groups.items()}
