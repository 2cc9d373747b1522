"""`sidebeat phases`: where each criterion of the plan stands, with its numbers; answers and signatures."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Sequence

import click

from console.cli.common import EXIT_FAILED, EXIT_REFUSED, Choices, Refusal, opened_engine, opened_queries, run_async
from console.engine.engine import Engine
from console.engine.plain_text import one_line
from console.engine.plan import SHIPPED, CriterionStatus, Findings, PlanStatus, evaluate_plan, load_plan, plan_status
from console.engine.plan.as_json import plain_status
from console.engine.plan.evaluation import documents
from console.engine.plan.wording import asked, criterion_state, found, found_for, how_to_open, state_told
from console.engine.plan.writing import PlanRefusal, check_answer, check_signature

_STATE_CELLS = 24


@click.command()
@click.option(
    "--json", "as_json", is_flag=True, help="Print them as JSON, with the ids of the runs behind each number."
)
@click.option("--requirements", is_flag=True, help="Print what each criterion requires, and what was found.")
@click.option("--check", is_flag=True, help="Exit with 1 when a required criterion of phases 0 and 1 is not met.")
@click.option("--answer", nargs=2, metavar="ID TEXT", help="Answer a criterion, such as phase-0.question.1.")
@click.option("--sign", nargs=2, metavar="ID DECISION", help="Sign a decision, or `override` what was measured.")
@click.option("--by", "name", metavar="NAME", default="", help="Who answers or signs.")
@click.option("--because", "reason", metavar="REASON", default="", help="What the signature rests on.")
@click.pass_obj
def phases(
    choices: Choices,
    as_json: bool,
    requirements: bool,
    check: bool,
    answer: tuple[str, str] | None,
    sign: tuple[str, str] | None,
    name: str,
    reason: str,
) -> None:
    """Where the plan's phases and criteria stand, with the numbers that decide it."""
    if answer is not None:
        _write(choices, lambda engine, status: _answered(engine, status, *answer, name))
    if sign is not None:
        _write(choices, lambda engine, status: _signed(engine, status, sign, reason, name))
    status = run_async(lambda: _read(choices))
    if as_json:
        click.echo(json.dumps(plain_status(status), indent=2))
    else:
        _print(status, requirements)
    if check and status.failing:
        failing = ", ".join(item.criterion.id for item in status.failing)
        raise Refusal(f"not met: {failing}", EXIT_FAILED)


async def _read(choices: Choices) -> PlanStatus:
    plan = load_plan([SHIPPED, *choices.paths.plan_files])
    if not choices.paths.database.exists():
        return plan_status(plan, findings=Findings(documents=await documents(plan)))
    async with opened_queries(choices) as queries:
        return await evaluate_plan(plan, queries)


def _write(choices: Choices, write: Callable[[Engine, PlanStatus], Awaitable[None]]) -> None:
    async def store() -> None:
        async with opened_engine(choices) as engine:
            await write(engine, await evaluate_plan(engine.plan, engine.queries))

    try:
        run_async(store)
    except PlanRefusal as refusal:
        raise Refusal(str(refusal), EXIT_REFUSED) from refusal


async def _answered(engine: Engine, status: PlanStatus, subject_id: str, body: str, author: str) -> None:
    check_answer(engine.plan, status, subject_id, body, author)
    await engine.answer(subject_id, body, author)


async def _signed(engine: Engine, status: PlanStatus, sign: tuple[str, str], reason: str, name: str) -> None:
    subject_id, decision = sign
    check_signature(engine.plan, status, subject_id, decision, reason, name)
    await engine.sign_off(subject_id, decision, reason, name)


def _print(status: PlanStatus, requirements: bool) -> None:
    target = f", target {status.target}" if status.target else ""
    _say(f"phase {status.current} of {len(status.phases)}, {status.phases_complete} met{target}")
    for phase in status.phases:
        decision = f", signed: {phase.signed.decision}" if phase.signed else ""
        closed = ", closed by a guardrail" if phase.closed_by is not None else ""
        _say(f"{phase.phase.title} ({phase.met} of {phase.total} met){decision}{closed}")
        _print_criteria(phase.criteria, requirements)
    for title, criteria in (("Success condition", status.success), ("Guardrails", status.guardrails)):
        _say(title)
        _print_criteria(criteria, requirements)
    if how_to_open(status) and status.gate is not None:
        _say(f"Closed: {status.gate.reason}")
        _say(f"  {how_to_open(status)}")


def _print_criteria(criteria: Sequence[CriterionStatus], requirements: bool) -> None:
    for status in criteria:
        _say(f"  {criterion_state(status):{_STATE_CELLS}} {status.criterion.id:24} {status.criterion.text}")
        if not requirements:
            _say_under(found_for(status))
            continue
        for item in status.requirements:
            _say_under(f"{state_told(item.state, item.needed)}: {asked(item.requirement)}")
            _say_under(f"  {found(item)}")


def _say_under(text: str) -> None:
    if text:
        _say(f"  {'':{_STATE_CELLS}} {text}")


def _say(text: str) -> None:
    click.echo(one_line(text))
