"""The plan's status as plain values, for JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from console.engine.plan.requirements import Measured
from console.engine.plan.states import RequirementStatus
from console.engine.plan.status import CriterionStatus, PhaseStatus, PlanStatus
from console.engine.plan.wording import asked, criterion_state, found, how_to_open


def plain_status(status: PlanStatus) -> dict[str, Any]:
    """Everything that is known of the plan."""
    gate = status.gate
    return {
        "target": status.target,
        "current_phase": status.current,
        "phases_met": status.phases_complete,
        "failing": [item.criterion.id for item in status.failing],
        "guardrail": None
        if gate is None
        else {
            "criterion": gate.status.criterion.id,
            "is_closed": gate.is_closed,
            "closes": list(gate.phases),
            "reason": gate.reason if gate.is_closed else None,
            "opened_by": how_to_open(status) or None,
        },
        "phases": [_phase(phase) for phase in status.phases],
        "success": [plain_criterion(item) for item in status.success],
        "guardrails": [plain_criterion(item) for item in status.guardrails],
        "signoffs": [asdict(row) for row in status.signoffs],
    }


def plain_criterion(status: CriterionStatus) -> dict[str, Any]:
    """One criterion with its requirements and rows."""
    return {
        "id": status.criterion.id,
        "kind": status.criterion.kind,
        "text": status.criterion.text,
        "required": status.criterion.required,
        "decisions": list(status.criterion.decisions),
        "state": status.state,
        "words": criterion_state(status),
        "needed": status.needed,
        "is_override": status.override is not None,
        "requirements": [_requirement(item) for item in status.requirements],
        "answers": [asdict(row) for row in status.answers],
        "signoffs": [asdict(row) for row in status.signoffs],
        "evidence": [asdict(row) for row in status.evidence],
    }


def _phase(status: PhaseStatus) -> dict[str, Any]:
    return {
        "key": status.phase.key,
        "title": status.phase.title,
        "met": status.met,
        "total": status.total,
        "is_complete": status.complete,
        "is_closed": status.closed_by is not None,
        "is_checked": status.phase.checked,
        "criteria": [plain_criterion(item) for item in status.criteria],
        "signoffs": [asdict(row) for row in status.signoffs],
    }


def _requirement(status: RequirementStatus) -> dict[str, Any]:
    requirement = status.requirement
    plain: dict[str, Any] = {
        "id": requirement.id,
        "kind": type(requirement).__name__.lower(),
        "asked": asked(requirement),
        "state": status.state,
        "found": found(status),
        "value": status.value,
        "n": status.n,
        "interval": [status.interval.low, status.interval.high] if status.interval is not None else None,
        "needed": status.needed,
        "runs": list(status.run_ids),
        "experiments": list(status.experiment_ids),
        "chains": list(status.chain_ids),
    }
    if isinstance(requirement, Measured):
        arguments = requirement.arguments.model_dump(mode="json")
        plain |= {"measure": requirement.measure, "arguments": arguments, "threshold": requirement.threshold}
    return plain
