"""`sidebeat phases`: the plan as checklists, with what is stored for each criterion."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

import click

from console.cli.common import Choices, opened_queries, run_async
from console.engine.plain_text import one_line
from console.engine.plan import SHIPPED, CriterionStatus, PlanStatus, evaluate_plan, load_plan, plan_status


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
@click.pass_obj
def phases(choices: Choices, as_json: bool) -> None:
    """The five phases of the plan, their exit criteria, and the evidence so far."""

    async def read() -> PlanStatus:
        plan = load_plan([SHIPPED, *choices.paths.plan_files])
        if not choices.paths.database.exists():
            return plan_status(plan)
        async with opened_queries(choices) as queries:
            return await evaluate_plan(plan, queries)

    status = run_async(read)
    if as_json:
        click.echo(json.dumps(asdict(status), indent=2, default=str))
        return
    for phase in status.phases:
        decision = f", signed: {phase.signed.decision}" if phase.signed else ""
        click.echo(
            one_line(
                f"{phase.phase.title} ({phase.met} of {phase.total} exit criteria settled){decision}"
            )
        )
        _print_criteria(phase.criteria)
    click.echo("Success condition")
    _print_criteria(status.success)
    click.echo("Guardrails")
    _print_criteria(status.guardrails)


def _print_criteria(criteria: Sequence[CriterionStatus]) -> None:
    for status in criteria:
        click.echo(one_line(f"  {status.criterion.kind:12} {status.state:18} {status.criterion.text}"))
