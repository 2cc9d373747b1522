"""`sidebeat resume`: a chain of beats, with what is done to the session between them, without a screen."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import click

from console.cli.chain_text import chain_lines
from console.cli.common import EXIT_FAILED, EXIT_REFUSED, Choices, Refusal, bridge_option, opened_engine, run_async
from console.cli.plain import say
from console.cli.progress import Progress
from console.engine.chain import ChainOrder, ChainView, chain_view
from console.engine.chain.expectations import broken_expectations, parse_expectation
from console.engine.chain.grammar import PlanError, PlannedStep, parse_plan
from console.engine.chain.reading import runtime_keys
from console.engine.chain.report import chain_report
from console.engine.chain.running import run_plan
from console.engine.chain.shapes import RequestShape, first_shapes
from console.engine.engine import Engine
from console.engine.launches import MAX_LANES, RefusedOrder
from console.engine.plain_text import one_line
from store.records import BridgeMode, ChainRecord, ChainStepRecord

DEFAULT_SCENARIO = "remember"

EPILOG = """\b
A chain is `beat` and, between beats, one or more of:
  view                     show the stored session params
  edit:name=value          store another param; edit:{"name": ...} stores all anew
  clear                    remove the stored session
  copy:A@B                 store lane A's session in lane B, as it is
  copy-stamped:A@B         the same with lane B's fingerprint, so that the adapter itself decides
  copy-id:A@B              store lane A's session id alone in lane B's params
  delete-store             delete the agent's own session store
  age-store:72h            make it older (default 30d)
  move-root                rename the execution root
  restart-bridge           stop the warm bridge
  kill-sidecar             kill the VM's sidecar below the warm bridge
  restart-console          close everything, and open it again
  wait:30s                 let time pass
`@A` or `@A+B` after a step does it in these lanes alone, else it is done in all. See docs/resume-bench.md."""


@dataclass(frozen=True, slots=True)
class _Done:
    """What came of a chain."""

    view: ChainView
    shapes: dict[str, RequestShape]
    report: dict[str, Any]
    idle_steps: tuple[str, ...]
    """Sentences of steps that did nothing in any lane they were meant for."""


@click.command(epilog=EPILOG)
@click.option("--chain", "plan_text", required=True, help='The steps, such as "beat, delete-store, beat, beat".')
@click.option("--runtime", "runtimes", multiple=True, help="A lane's runtime; repeat for lanes A to D.")
@click.option("--scenario", default=DEFAULT_SCENARIO, show_default=True, help="What the agents are asked to do.")
@bridge_option
@click.option(
    "--continue",
    "number",
    type=click.IntRange(1),
    help="Go on with the chain of this number; its runtimes, scenario and bridge stay.",
)
@click.option(
    "--expect",
    "expected_texts",
    multiple=True,
    help="Verdicts of the beats after the first, such as native,fresh or any,fresh@B; exit code 1 if others came.",
)
@click.option("--json", "as_json", is_flag=True, help="Print all steps, verdicts and request shapes as JSON.")
@click.pass_obj
def resume(
    choices: Choices,
    plan_text: str,
    runtimes: tuple[str, ...],
    scenario: str,
    bridge_mode: BridgeMode,
    number: int | None,
    expected_texts: tuple[str, ...],
    as_json: bool,
) -> None:
    """Try what a session survives: beats with manipulations of the session between them.

    Naming an experimental runtime enables it for this command. Exit code 1 when a verdict is not as expected, or when a
    step was refused or failed in every lane that it was meant for.
    """
    if number is None and not runtimes:
        raise Refusal("name runtimes with --runtime, or a chain to go on with by --continue", EXIT_REFUSED)
    if number is not None and runtimes:
        raise Refusal("a chain that goes on keeps its runtimes; leave out --runtime or --continue", EXIT_REFUSED)
    chosen = Choices(choices.paths, experimental=True)
    order = ChainOrder(scenario, runtimes, bridge_mode, plan_text)
    done, broken = run_async(lambda: _resume(chosen, order, number, expected_texts))
    if as_json:
        click.echo(json.dumps({**done.report, "broken_expectations": broken}, indent=2, ensure_ascii=True))
    else:
        for line in chain_lines(done.view, done.shapes):
            click.echo(one_line(line))
    if broken or done.idle_steps:
        raise Refusal("; ".join([*broken, *done.idle_steps]), EXIT_FAILED)


async def _resume(
    choices: Choices, order: ChainOrder, number: int | None, expected_texts: Sequence[str]
) -> tuple[_Done, list[str]]:
    async with opened_engine(choices) as engine:
        engine.feed.subscribe(Progress().tell)
        known = await _known_chain(engine, number) if number is not None else None
        lane_count = len(runtime_keys(known)) if known is not None else len(order.runtime_keys)
        try:
            plan = parse_plan(order.plan or "", min(lane_count, MAX_LANES), goes_on=known is not None)
            expected = [parse_expectation(text, lane_count) for text in expected_texts]
        except PlanError as error:
            raise RefusedOrder(str(error)) from error
        await engine.install()
        chain = known or await engine.chains.begin(order)
        done = await _run(engine, chain, lane_count, plan)
        return done, broken_expectations(done.view, expected)


async def _known_chain(engine: Engine, number: int) -> ChainRecord:
    chains = await engine.queries.chains()
    found = next((chain for chain in chains if chain.number == number), None)
    if found is None:
        known = f"the newest is {chains[0].number}" if chains else "there is none yet"
        raise RefusedOrder(f"there is no chain {number}; {known}")
    return found


async def _run(engine: Engine, chain: ChainRecord, lane_count: int, plan: Sequence[PlannedStep]) -> _Done:
    idle: list[str] = []
    async for planned, steps in run_plan(engine.chains, chain.id, lane_count, plan):
        for step in steps:
            if step.run_id is None:
                say(f"{step.action}: {step.statement}")
        if planned.action != "beat" and not any(step.state == "done" for step in steps):
            idle.append(_idle(planned, steps))
    view = await chain_view(engine.queries, chain.id)
    if view is None:
        raise RefusedOrder(f"chain {chain.number} is gone from the database")
    shapes = await first_shapes(engine.queries, [run.id for run in view.runs])
    return _Done(view, shapes, await chain_report(engine.queries, view), tuple(idle))


def _idle(planned: PlannedStep, steps: Sequence[ChainStepRecord]) -> str:
    return f"`{planned.action}` did nothing: {steps[0].statement}"
