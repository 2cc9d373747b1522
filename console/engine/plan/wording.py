"""How a requirement, its threshold and its state are said in words."""

from __future__ import annotations

from math import ceil, floor

from console.engine.measures.definitions import load_definitions
from console.engine.plan.measures import MEASURES
from console.engine.plan.model import NOT_MET
from console.engine.plan.requirements import Documented, Measured, Requirement, one_of
from console.engine.plan.states import RequirementStatus, State
from console.engine.plan.status import CriterionStatus, PlanStatus
from console.engine.statistics.figures import Interval


def asked(requirement: Requirement) -> str:
    """What the requirement asks: `beats that succeeded: at least 95% by Wilson's 95% interval`."""
    source = f" (set by {requirement.added_by})" if requirement.added_by else ""
    if isinstance(requirement, Measured):
        return _measured(requirement) + source
    if isinstance(requirement, Documented):
        return _documented(requirement) + source
    return f"signed on {requirement.subject_id}: {one_of(requirement.decisions)}{source}"


def bound(requirement: Measured, interval: Interval | None) -> str:
    """The end of the interval that is held against the threshold, rounded away from it; empty without one."""
    if interval is None or requirement.confidence != "wilson":
        return ""
    if requirement.at_most is not None:
        return f"Wilson \N{LESS-THAN OR EQUAL TO} {ceil(interval.high * 1000) / 10:g}%"
    return f"Wilson \N{GREATER-THAN OR EQUAL TO} {floor(interval.low * 1000) / 10:g}%"


def found(status: RequirementStatus) -> str:
    """What was found for it, with the bound that counts."""
    if not isinstance(status.requirement, Measured):
        return status.statement
    counted = bound(status.requirement, status.interval)
    return f"{status.statement}; {counted}" if counted and status.n else status.statement


def found_for(status: CriterionStatus) -> str:
    """The numbers of the requirements that decide where a criterion stands."""
    return "; ".join(dict.fromkeys(words for item in status.decisive if (words := found(item))))


def state_told(state: State, needed: int | None, unit: str = "") -> str:
    """`not settled: 19 more`, or the state alone."""
    if state != "not settled" or not needed:
        return state
    return f"not settled: {needed:,} more{f' {unit}' if unit else ''}"


def criterion_state(status: CriterionStatus) -> str:
    """The state in words; a signature that took the place of a measurement is told as one."""
    if status.override is not None:
        word = "not met" if status.override.decision == NOT_MET else "met"
        return f"{word} by signature (found: {status.found_state})"
    if status.signed is not None and status.state in ("met", "not met") and not status.criterion.is_measured:
        return f"signed: {status.signed.decision}"
    return state_told(status.state, status.needed)


def unit_of(requirement: Requirement) -> str:
    """What n counts."""
    return MEASURES[requirement.measure].unit if isinstance(requirement, Measured) else "texts"


def how_to_open(status: PlanStatus) -> str:
    """What lifts the guardrail that closes later phases; empty while none does."""
    gate = status.gate
    if gate is None or not gate.is_closed:
        return ""
    return f"sign `override` on {gate.status.criterion.id} with a reason to open them"


def _measured(requirement: Measured) -> str:
    measure = MEASURES[requirement.measure]
    metric = getattr(requirement.arguments, "metric", None)
    title = measure.title if metric is None else f"{load_definitions().metric(metric).title}, {measure.title}"
    parts = [title]
    if requirement.threshold is not None:
        side = "at least" if requirement.at_least is not None else "at most"
        number = f"{requirement.threshold:.0%}" if measure.shape == "rate" else f"{requirement.threshold:g}x"
        by = {"wilson": " by Wilson's 95% interval", "interval": " by the 95% interval", "none": ""}
        parts.append(f"{side} {number}{by[requirement.confidence]}")
    if requirement.min_n > 1:
        parts.append(f"from {requirement.min_n:,} {measure.unit} on")
    return ", ".join(parts)


def _documented(requirement: Documented) -> str:
    if requirement.document is not None:
        text = f"document {requirement.document.name}"
    else:
        text = f"answer to {requirement.subject_id}"
    if requirement.min_characters > 1:
        text += f", {requirement.min_characters:,} characters or more"
    return f"{text}, with {_joined(requirement.parts)}" if requirement.parts else text


def _joined(names: tuple[str, ...]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
