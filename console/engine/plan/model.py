"""The plan as the engine and the screens see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from console.engine.plan.requirements import Measured, Requirement, Signed
from store.records import CriterionKind, CriterionRecord

WHOLE_PLAN: Final = "plan"
"""Id of the plan itself as a subject, and the `phase` of criteria that belong to no phase."""

MET: Final = "met"
NOT_MET: Final = "not met"
"""The one decision that refuses a criterion."""

OVERRIDE: Final = "override"
"""The decision that takes the place of what was measured, for good or until it is signed otherwise."""

CRITERION_DECISIONS: Final = (MET, NOT_MET)
PHASE_DECISIONS: Final = ("continue", "pause", "abandon")


@dataclass(frozen=True, slots=True)
class Criterion:
    """One item of the plan that evaluates itself by its requirements, or is signed where it has none."""

    id: str
    phase: str
    kind: CriterionKind
    text: str
    decisions: tuple[str, ...] = CRITERION_DECISIONS
    """What may be signed. Any of them settles it, except `not met`."""
    requirements: tuple[Requirement, ...] = ()
    required: bool = True
    """Whether its phase is incomplete without it."""
    closes: tuple[str, ...] = ()
    """Phases that are closed while it is not met: it is a gate."""

    @property
    def is_measured(self) -> bool:
        """Whether a measure decides on it, so that a signature can only override."""
        return any(isinstance(requirement, Measured) for requirement in self.requirements)

    @property
    def own_signature(self) -> Signed | None:
        """The requirement that its own signature meets."""
        signed = (item for item in self.requirements if isinstance(item, Signed) and item.subject_id == self.id)
        return next(signed, None)


@dataclass(frozen=True, slots=True)
class Subject:
    """What an answer or a signature may name: a criterion, a phase or the plan."""

    id: str
    text: str
    decisions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """A list of a phase that is read, not signed."""

    heading: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Risk:
    """One risk of the plan."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Phase:
    """One phase; `criteria` in the order questions, deliverables, verify, exit."""

    key: str
    title: str
    objective: str
    criteria: tuple[Criterion, ...]
    notes: tuple[Note, ...] = ()
    checked: bool = False
    """Whether `sidebeat phases --check` fails while a required criterion of it is not met."""

    def of_kind(self, kind: CriterionKind) -> tuple[Criterion, ...]:
        """Its criteria of one kind."""
        return tuple(criterion for criterion in self.criteria if criterion.kind == kind)


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole plan: phases in their recommended order, and what holds for all of them."""

    title: str
    goal: str
    phases: tuple[Phase, ...]
    success: tuple[Criterion, ...] = ()
    guardrails: tuple[Criterion, ...] = ()
    issue: str = ""
    date: str = ""
    target_chosen_by: str = ""
    """Id of the criterion whose signed decision is the first target, the existing adapter's runtime."""
    decision_summary: tuple[str, ...] = ()
    non_goals: tuple[str, ...] = ()
    risks: tuple[Risk, ...] = ()
    sequencing_reasons: tuple[str, ...] = ()
    next_action: str = ""

    def criteria(self) -> tuple[Criterion, ...]:
        """Every criterion: those of the phases, then success, then guardrails."""
        of_phases = [criterion for phase in self.phases for criterion in phase.criteria]
        return (*of_phases, *self.success, *self.guardrails)

    def subjects(self) -> dict[str, Subject]:
        """Everything that can be answered or signed, by id: the plan, its phases, their criteria."""
        found = [Subject(WHOLE_PLAN, self.title, PHASE_DECISIONS)]
        found += [Subject(phase.key, phase.title, PHASE_DECISIONS) for phase in self.phases]
        found += [Subject(item.id, item.text, item.decisions) for item in self.criteria()]
        return {subject.id: subject for subject in found}


def plan_records(plan: Plan) -> list[CriterionRecord]:
    """The plan's criteria as the store keeps them; `position` counts from 1 within a phase."""
    records: list[CriterionRecord] = []
    positions: dict[str, int] = {}
    for item in plan.criteria():
        positions[item.phase] = positions.get(item.phase, 0) + 1
        records.append(
            CriterionRecord(
                id=item.id, phase=item.phase, kind=item.kind, text=item.text, position=positions[item.phase]
            )
        )
    return records
