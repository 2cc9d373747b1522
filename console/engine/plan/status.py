"""Where the plan stands: what measures found decides, and a person signs or overrides."""

from __future__ import annotations

from dataclasses import dataclass

from console.engine.plan.model import MET, NOT_MET, OVERRIDE, Criterion, Phase
from console.engine.plan.states import RequirementStatus, State, combined
from store.records import AnswerRecord, EvidenceRecord, SignoffRecord


@dataclass(frozen=True, slots=True)
class CriterionStatus:
    """One criterion with what was found and stored for it; rows come oldest first."""

    criterion: Criterion
    requirements: tuple[RequirementStatus, ...] = ()
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
    def override(self) -> SignoffRecord | None:
        """The signature that takes the place of what its requirements say."""
        signed, own = self.signed, self.criterion.own_signature
        if signed is None or not self.criterion.requirements:
            return None
        if own is None:
            return signed if signed.decision in (*self.criterion.decisions, MET) else None
        return signed if signed.decision in (OVERRIDE, NOT_MET) else None

    @property
    def found_state(self) -> State:
        """What its requirements say; where it has none, what was signed."""
        if self.criterion.requirements:
            return combined(self.requirements)
        if self.signed is not None and self.signed.decision == NOT_MET:
            return "not met"
        if self.signed is not None and self.signed.decision in self.criterion.decisions:
            return "met"
        return "awaiting signature" if self.answers or self.evidence or self.signed else "no evidence"

    @property
    def state(self) -> State:
        """The one that counts: an override's, else the one found."""
        if self.override is None:
            return self.found_state
        return "not met" if self.override.decision == NOT_MET else "met"

    @property
    def settled(self) -> bool:
        """Whether it is met, by its requirements or by a signature."""
        return self.state == "met"

    @property
    def needed(self) -> int | None:
        """How many more would settle it: the most that one of its requirements still needs."""
        open_ones = [item.needed for item in self.requirements if item.state == "not settled" and item.needed]
        return max(open_ones, default=None) if self.state == "not settled" else None

    @property
    def has_anything(self) -> bool:
        """Whether anything was written, shown, signed or found for it."""
        return bool(self.evidence or self.answers or self.signoffs or any(item.n for item in self.requirements))

    @property
    def decisive(self) -> tuple[RequirementStatus, ...]:
        """The requirements that decide its state: those as grave as it is, else those not met, else all."""
        as_grave = tuple(item for item in self.requirements if item.state == self.found_state)
        return as_grave or tuple(item for item in self.requirements if item.state != "met") or self.requirements

    @property
    def statement(self) -> str:
        """What was found for those."""
        return "; ".join(dict.fromkeys(item.statement for item in self.decisive if item.statement))


@dataclass(frozen=True, slots=True)
class Gate:
    """A guardrail that closes phases while it is not met."""

    status: CriterionStatus

    @property
    def is_closed(self) -> bool:
        """Whether it has tripped, and nobody has overridden it."""
        return self.status.state == "not met"

    @property
    def phases(self) -> tuple[str, ...]:
        """Keys of the phases that it closes."""
        return self.status.criterion.closes

    @property
    def reason(self) -> str:
        """Why it is closed: the guardrail and its numbers, or who signed that it is not kept."""
        override = self.status.override
        found = self.status.statement if override is None else f"{override.signed_by}: {override.statement}"
        return f"{self.status.criterion.text}: {found}"


@dataclass(frozen=True, slots=True)
class PhaseStatus:
    """One phase, its criteria and its own sign-offs, oldest first."""

    phase: Phase
    criteria: tuple[CriterionStatus, ...]
    signoffs: tuple[SignoffRecord, ...] = ()
    closed_by: Gate | None = None

    @property
    def signed(self) -> SignoffRecord | None:
        """The newest sign-off of the phase as a whole."""
        return self.signoffs[-1] if self.signoffs else None

    @property
    def required(self) -> tuple[CriterionStatus, ...]:
        """The criteria without which it is incomplete."""
        return tuple(status for status in self.criteria if status.criterion.required)

    @property
    def total(self) -> int:
        """How many criteria it requires."""
        return len(self.required)

    @property
    def met(self) -> int:
        """How many of those are met."""
        return sum(status.settled for status in self.required)

    @property
    def touched(self) -> int:
        """How many of all its criteria have anything to go by."""
        return sum(status.has_anything for status in self.criteria)

    @property
    def complete(self) -> bool:
        """Whether everything that it requires is met, and no guardrail closes it."""
        return self.closed_by is None and self.total > 0 and self.met == self.total


@dataclass(frozen=True, slots=True)
class PlanStatus:
    """The whole plan as it stands. `target` is the chosen first target, the existing adapter's runtime."""

    phases: tuple[PhaseStatus, ...]
    success: tuple[CriterionStatus, ...]
    guardrails: tuple[CriterionStatus, ...]
    signoffs: tuple[SignoffRecord, ...] = ()
    gates: tuple[Gate, ...] = ()
    target: str | None = None

    @property
    def gate(self) -> Gate | None:
        """The guardrail that closes later phases now; else the first that could; None where the plan has none."""
        return next((gate for gate in self.gates if gate.is_closed), self.gates[0] if self.gates else None)

    @property
    def phases_complete(self) -> int:
        """How many phases have everything that they require."""
        return sum(phase.complete for phase in self.phases)

    @property
    def current(self) -> int:
        """Number, from 1, of the first phase that is not complete; the last one when all are."""
        unfinished = (number for number, phase in enumerate(self.phases, start=1) if not phase.complete)
        return next(unfinished, len(self.phases))

    @property
    def failing(self) -> tuple[CriterionStatus, ...]:
        """What `--check` fails for: required criteria of checked phases that are not met."""
        checked = [phase for phase in self.phases if phase.phase.checked]
        return tuple(status for phase in checked for status in phase.required if not status.settled)

    def criteria(self) -> tuple[CriterionStatus, ...]:
        """Every criterion: those of the phases, then success, then guardrails."""
        return (*(status for phase in self.phases for status in phase.criteria), *self.success, *self.guardrails)

    def criterion(self, criterion_id: str) -> CriterionStatus | None:
        """One criterion's status, wherever it is."""
        return next((status for status in self.criteria() if status.criterion.id == criterion_id), None)
