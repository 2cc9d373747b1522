"""`sidebeat experiment`: paired experiments, run to their end without anybody watching."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import click

from console.cli.common import EXIT_FAILED, EXIT_REFUSED, Choices, Refusal, opened_engine, opened_queries, run_async
from console.cli.experiment_progress import ExperimentProgress
from console.cli.experiment_table import print_experiment, print_experiments
from console.engine.beat.order import DEFAULT_TIME_LIMIT_S
from console.engine.engine import Engine
from console.engine.find import UnknownIdError
from store import Queries
from store.records import ExperimentRecord

if TYPE_CHECKING:
    from console.engine.experiment.plan import ExperimentOrder
    from console.engine.experiment.results import ExperimentResult

NEWEST = 0
"""`--resume` without a number: the newest experiment that is paused, else the newest that is planned."""


class MarginType(click.ParamType[tuple[str, float]]):
    """`METRIC=RATIO`."""

    name = "METRIC=RATIO"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, float]:
        """The metric and its ratio."""
        metric, equals, ratio = str(value).partition("=")
        try:
            return metric.strip(), float(ratio)
        except ValueError:
            told = "has no `=RATIO`" if not equals else "has no number after `=`"
            return self.fail(f"{value!r} {told}; write it as execute_to_first_request_ms=1.25", param, ctx)


@dataclass(frozen=True, slots=True)
class Request:
    """What the command line asks for."""

    order: ExperimentOrder | None = None
    self_check_first: bool = False
    resume: int | None = None


@click.command()
@click.option("--runtime", "runtimes", multiple=True, help="An arm; the first is the baseline. Repeat for more arms.")
@click.option("--scenario", "scenarios", multiple=True, default=("hello-tool",), show_default=True, help="Repeatable.")
@click.option("--pairs", default=20, show_default=True, type=int, help="At most so many pairs, beside the warm-up.")
@click.option("--min-pairs", type=int, help="At least so many before it may stop; default 10, or all pairs.")
@click.option("--warm-up", "warmup_pairs", default=1, show_default=True, type=int, help="Pairs that are discarded.")
@click.option("--seed", default=1, show_default=True, type=int, help="Decides which arm begins.")
@click.option("--cold/--warm", "is_cold", default=True, show_default=True, help="New processes, or ones that run on.")
@click.option("--margin", "margins", multiple=True, type=MarginType(), help="What still counts as within. Repeatable.")
@click.option("--stop-when-settled", is_flag=True, help="Stop as soon as every deciding metric is within or over.")
@click.option("--self-check", is_flag=True, help="The runtime against itself, which must show no difference.")
@click.option("--self-check-first", is_flag=True, help="Run the baseline's self-check before, with as many pairs.")
@click.option("--title", default="", help="What to call it.")
@click.option(
    "--time-limit", default=DEFAULT_TIME_LIMIT_S, show_default=True, type=float, help="Seconds that a beat may take."
)
@click.option(
    "--resume",
    type=int,
    is_flag=False,
    flag_value=NEWEST,
    help="Go on with one that is paused or only planned; default the last.",
)
@click.option("--list", "lists", is_flag=True, help="List the stored experiments.")
@click.option("--show", "shown", type=int, help="Print a stored experiment by its number.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.pass_obj
def experiment(
    choices: Choices,
    runtimes: tuple[str, ...],
    scenarios: tuple[str, ...],
    pairs: int,
    min_pairs: int | None,
    warmup_pairs: int,
    seed: int,
    is_cold: bool,
    margins: tuple[tuple[str, float], ...],
    stop_when_settled: bool,
    self_check: bool,
    self_check_first: bool,
    title: str,
    time_limit: float,
    resume: int | None,
    lists: bool,
    shown: int | None,
    as_json: bool,
) -> None:
    """Compare runtimes in interleaved pairs, and print ratios with their intervals.

    It runs to its end by itself; what interrupts it leaves it paused, with its finished pairs. Exit code 1 if it did
    not finish, a deciding metric is over its margin, or a self-check shows a difference.
    """
    from console.engine.experiment.plan import DEFAULT_MIN_PAIRS, ExperimentOrder

    if lists:
        _print_list(choices, as_json=as_json)
        return
    if shown is not None:
        print_experiment(run_async(lambda: _read(choices, shown)), as_json=as_json)
        return
    order = ExperimentOrder(
        runtime_keys=runtimes,
        scenarios=scenarios,
        kind="self-check" if self_check else "comparison",
        temperature="cold" if is_cold else "warm",
        seed=seed,
        warmup_pairs=warmup_pairs,
        min_pairs=min(DEFAULT_MIN_PAIRS, pairs) if min_pairs is None else min_pairs,
        max_pairs=pairs,
        margins=dict(margins),
        stops_when_settled=stop_when_settled,
        time_limit_s=time_limit,
        title=title,
    )
    request = Request(None if resume is not None else order, self_check_first, resume)
    result = run_async(lambda: _run(replace(choices, experimental=True), request))
    print_experiment(result, as_json=as_json)
    _leave_if_failed(result)


def _leave_if_failed(result: ExperimentResult) -> None:
    """What CI should know."""
    experiment = result.experiment
    if experiment.state != "finished":
        raise Refusal(f"experiment {experiment.number} is {experiment.state}: {experiment.state_reason}", EXIT_FAILED)
    if experiment.kind == "self-check" and not (result.self_check and result.self_check.says_no_difference):
        raise Refusal(f"self-check {experiment.number} does not say `no difference`", EXIT_FAILED)
    over = [item.metric for item in result.deciding if item.verdict == "over"]
    if over and result.verdicts_hidden_because is None:
        raise Refusal(f"over the margin: {', '.join(over)}", EXIT_FAILED)


async def _run(choices: Choices, request: Request) -> ExperimentResult:
    from console.engine.experiment.reading import experiment_result

    async with opened_engine(choices) as engine:
        progress = ExperimentProgress(engine)
        # What is wrong with the order is said before anything is fetched.
        planned = await _planned(engine, request)
        await engine.install()
        for record in planned:
            await progress.follow(record)
            begin = engine.experiments.start if record.state == "planned" else engine.experiments.resume
            await begin(record.id)
            ended = await engine.experiments.wait(record.id)
            if ended.state != "finished":
                return await experiment_result(engine.queries, record.id)
        return await experiment_result(engine.queries, planned[-1].id)


async def _planned(engine: Engine, request: Request) -> list[ExperimentRecord]:
    """What is to run, in order."""
    if request.order is None:
        return [await _to_resume(engine.queries, request.resume or NEWEST)]
    comparison = await engine.experiments.plan(request.order)
    if not request.self_check_first or request.order.kind == "self-check":
        return [comparison]
    check = replace(
        request.order, kind="self-check", runtime_keys=request.order.runtime_keys[:1], title="", min_pairs=1
    )
    return [await engine.experiments.plan(check), comparison]


async def _to_resume(queries: Queries, number: int) -> ExperimentRecord:
    if number != NEWEST:
        return await _numbered(queries, number)
    stored = await queries.experiments()
    found = [record for state in ("paused", "planned") for record in stored if record.state == state]
    if not found:
        raise UnknownIdError("no experiment is paused or planned; see `sidebeat experiment --list`")
    return found[0]


async def _numbered(queries: Queries, number: int) -> ExperimentRecord:
    record = await queries.experiment_numbered(number)
    if record is None:
        raise UnknownIdError(f"there is no experiment {number}; see `sidebeat experiment --list`")
    return record


async def _read(choices: Choices, number: int) -> ExperimentResult:
    from console.engine.experiment.reading import experiment_result

    _refuse_without_database(choices)
    async with opened_queries(choices) as queries:
        return await experiment_result(queries, (await _numbered(queries, number)).id)


def _print_list(choices: Choices, *, as_json: bool) -> None:
    from console.engine.experiment.as_data import record_data
    from console.engine.experiment.progress import progress_of
    from console.engine.experiment.rows import experiment_rows

    async def read() -> list[tuple[ExperimentRecord, int]]:
        if not choices.paths.database.exists():
            return []
        async with opened_queries(choices) as queries:
            found = [(record, await experiment_rows(queries, record.id)) for record in await queries.experiments()]
            return [(record, progress_of(rows).finished_pairs if rows is not None else 0) for record, rows in found]

    listed = run_async(read)
    if as_json:
        told = [{**record_data(record), "finished_pairs": pairs} for record, pairs in listed]
        click.echo(json.dumps({"experiments": told}, indent=2))
    else:
        print_experiments(listed)


def _refuse_without_database(choices: Choices) -> None:
    if not choices.paths.database.exists():
        raise Refusal(f"there is no database at {choices.paths.database}; nothing has run yet", EXIT_REFUSED)
