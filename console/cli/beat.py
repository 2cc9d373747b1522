"""`sidebeat beat`: real heartbeats without a screen."""

from __future__ import annotations

import json
from typing import Any, get_args

import click

from adapters.roots import RootKind
from console.cli.common import EXIT_FAILED, Choices, Refusal, bridge_option, opened_engine, run_async
from console.cli.progress import Progress
from console.cli.run_table import print_runs
from console.engine.beat.order import DEFAULT_TIME_LIMIT_S
from console.engine.engine import Engine
from console.engine.launches import LaneChoice, LaunchOrder, SessionChoice
from console.engine.run_report import run_report
from store.records import BridgeMode, ModelMode


@click.command()
@click.option("--runtime", "runtimes", multiple=True, required=True, help="A lane's runtime; repeat for more lanes.")
@click.option("--scenario", default="hello-tool", show_default=True, help="What the agents are asked to do.")
@click.option("--beats", default=1, show_default=True, type=click.IntRange(1), help="Beats on the same session.")
@click.option("--race", is_flag=True, help="All lanes at once instead of one after the other; not timed.")
@click.option("--fresh", is_flag=True, help="Start every beat after the first without the session.")
@bridge_option
@click.option(
    "--model",
    "model_mode",
    default="scripted",
    show_default=True,
    type=click.Choice(get_args(ModelMode)),
    help="Who answers the agents: the script, or a provider from the environment.",
)
@click.option(
    "--root",
    "root_kind",
    default="directory",
    show_default=True,
    type=click.Choice(get_args(RootKind)),
    help="What the agents work in.",
)
@click.option(
    "--time-limit",
    default=DEFAULT_TIME_LIMIT_S,
    show_default=True,
    type=click.FloatRange(min=1),
    help="Seconds that one beat may take.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the runs as JSON.")
@click.pass_obj
def beat(
    choices: Choices,
    runtimes: tuple[str, ...],
    scenario: str,
    beats: int,
    race: bool,
    fresh: bool,
    bridge_mode: BridgeMode,
    model_mode: ModelMode,
    root_kind: RootKind,
    time_limit: float,
    as_json: bool,
) -> None:
    """Run beats in one or more runtimes; exit code 1 if any did not succeed as the console saw it.

    Naming an experimental runtime enables it for this command.
    """
    # Nobody names `agentos_local/...` by accident, so a name says what the key `X` says on the screen.
    chosen = Choices(choices.paths, experimental=True)
    order = LaunchOrder(
        kind="race" if race else "sequence",
        scenario=scenario,
        lanes=tuple(LaneChoice(key) for key in runtimes),
        bridge_mode=bridge_mode,
        model_mode=model_mode,
        root_kind=root_kind,
        time_limit_s=time_limit,
    )
    reports = run_async(lambda: _run(chosen, order, beats, "fresh session" if fresh else "next beat"))
    if as_json:
        click.echo(json.dumps({"runs": reports}, indent=2, ensure_ascii=True))
    else:
        print_runs(reports)
    if any(report["status"] != "succeeded" for report in reports):
        raise Refusal("not every beat succeeded", EXIT_FAILED)


async def _run(choices: Choices, order: LaunchOrder, beats: int, later: SessionChoice) -> list[dict[str, Any]]:
    async with opened_engine(choices) as engine:
        engine.feed.subscribe(Progress().tell)
        engine.check(order)
        await engine.install()
        reports: list[dict[str, Any]] = []
        for _ in range(beats):
            records = await engine.wait(await engine.launch(order))
            reports += [await run_report(engine.queries, record) for record in records]
            order = _next(order, tuple(record.issue_id for record in records), later)
        return await _reread(engine, reports)


async def _reread(engine: Engine, reports: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What is printed is what is stored."""
    await engine.store.flush()
    runs = [await engine.queries.run(report["id"]) for report in reports]
    return [await run_report(engine.queries, run) for run in runs if run is not None]


def _next(order: LaunchOrder, issue_ids: tuple[str, ...], session: SessionChoice) -> LaunchOrder:
    lanes = tuple(LaneChoice(lane.runtime_key, issue) for lane, issue in zip(order.lanes, issue_ids, strict=True))
    return LaunchOrder(
        order.kind,
        order.scenario,
        lanes,
        session,
        order.bridge_mode,
        order.model_mode,
        order.root_kind,
        time_limit_s=order.time_limit_s,
    )
