"""The plan evaluated from a database: what is stored, measured and read decides where each criterion stands."""

from __future__ import annotations

import asyncio
from pathlib import Path

from console.engine.plan.judging import Findings, PlanRows, RequirementKey, chosen_target, plan_status
from console.engine.plan.measures import MEASURES
from console.engine.plan.measures.facts import Facts
from console.engine.plan.measures.measure import Finding
from console.engine.plan.model import Plan
from console.engine.plan.requirements import Documented, Measured, Requirement
from console.engine.plan.status import CriterionStatus, Gate, PhaseStatus, PlanStatus
from store.queries import Queries


async def evaluate_plan(
    plan: Plan, queries: Queries, *, report_is_being_written: bool = False, reads_experiments: bool = True
) -> PlanStatus:
    """Where the plan stands in this database. Raises StoreError.

    A report that is being written counts as fresh for the criteria that it shows. Without experiments, what is read
    from them has no evidence.
    """
    rows = await stored_rows(queries)
    facts = Facts(
        queries,
        target=chosen_target(plan, rows.signoffs),
        limits=limits_in_plan(plan),
        report_is_being_written=report_is_being_written,
    )
    measured: dict[RequirementKey, Finding] = {}
    for criterion in plan.criteria():
        for requirement in criterion.requirements:
            if isinstance(requirement, Measured):
                measure = MEASURES[requirement.measure]
                if measure.reads_experiments and not reads_experiments:
                    continue
                measured[criterion.id, requirement.id] = await measure.take(requirement.arguments, facts)
    return plan_status(plan, rows, Findings(measured, await documents(plan)))


async def phases_complete(plan: Plan, queries: Queries) -> tuple[int, int]:
    """How many phases are complete, of how many. Reads experiments only where these decide. Raises StoreError."""
    status = await evaluate_plan(plan, queries, reads_experiments=False)
    if any(map(_hangs_on_experiments, status.phases)) or any(_may_close(gate, status) for gate in status.gates):
        status = await evaluate_plan(plan, queries)
    return status.phases_complete, len(status.phases)


def _hangs_on_experiments(phase: PhaseStatus) -> bool:
    """Whether nothing but experiments keeps the phase from being complete."""
    missing = [item for item in phase.required if not item.settled]
    return bool(missing) and all(_misses_experiments_only(item) for item in missing)


def _misses_experiments_only(status: CriterionStatus) -> bool:
    missing = [item.requirement for item in status.requirements if item.state != "met"]
    return bool(missing) and status.override is None and all(map(_is_of_experiments, missing))


def _may_close(gate: Gate, status: PlanStatus) -> bool:
    """Whether experiments may close a phase that counts as complete now."""
    is_undecided = not gate.is_closed and gate.status.override is None
    reads = any(_is_of_experiments(item.requirement) for item in gate.status.requirements)
    return is_undecided and reads and any(phase.complete for phase in status.phases if phase.phase.key in gate.phases)


def _is_of_experiments(requirement: Requirement) -> bool:
    return isinstance(requirement, Measured) and MEASURES[requirement.measure].reads_experiments


async def stored_rows(queries: Queries) -> PlanRows:
    """Everything written, shown and signed, oldest first."""
    # The newest first, as they come, would end first among those of one moment.
    signoffs = (await queries.signoffs())[::-1]
    return PlanRows(await queries.evidence(), await queries.all_answers(), signoffs)


async def documents(plan: Plan) -> dict[str, str | None]:
    """The texts of the documents that the plan names, by path; None for one that cannot be read."""
    named = {
        requirement.document
        for criterion in plan.criteria()
        for requirement in criterion.requirements
        if isinstance(requirement, Documented) and requirement.document is not None
    }
    return {str(path): await asyncio.to_thread(_text, path) for path in sorted(named)}


def limits_in_plan(plan: Plan) -> frozenset[str]:
    """Ids of the criteria that hold a measure against a threshold."""
    return frozenset(
        criterion.id
        for criterion in plan.criteria()
        for requirement in criterion.requirements
        if isinstance(requirement, Measured) and requirement.threshold is not None
    )


def _text(path: Path) -> str | None:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        # It is as good as missing, and the requirement says so with the path.
        return None
