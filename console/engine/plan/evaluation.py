"""The plan evaluated from a database: what is stored, measured and read decides where each criterion stands."""

from __future__ import annotations

import asyncio
from pathlib import Path

from console.engine.plan.judging import Findings, PlanRows, RequirementKey, chosen_target, plan_status
from console.engine.plan.measures import MEASURES
from console.engine.plan.measures.facts import Facts
from console.engine.plan.measures.measure import Finding
from console.engine.plan.model import Plan
from console.engine.plan.requirements import Documented, Measured
from console.engine.plan.status import PlanStatus
from store.queries import Queries


async def evaluate_plan(plan: Plan, queries: Queries, *, report_is_being_written: bool = False) -> PlanStatus:
    """Where the plan stands in this database. Raises StoreError.

    A report that is being written counts as fresh for the criteria that it shows.
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
                measured[criterion.id, requirement.id] = await measure.take(requirement.arguments, facts)
    return plan_status(plan, rows, Findings(measured, await documents(plan)))


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
