"""`sidebeat samples`: every number of an experiment as rows, for other tools."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from console.cli.common import EXIT_IMPOSSIBLE, EXIT_REFUSED, Choices, Refusal, opened_queries, run_async
from console.cli.plain import say
from console.engine.samples.files import SampleFormat, as_csv, as_json
from console.engine.samples.table import sample_table
from console.engine.samples.trial_runs import trial_runs


@click.command()
@click.option("--experiment", "number", required=True, type=click.IntRange(1), help="The experiment's number.")
@click.option(
    "--format",
    "file_format",
    default="csv",
    show_default=True,
    type=click.Choice(["csv", "json"]),
    help="CSV for spreadsheets, JSON with the experiment and its margins.",
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write to this file instead of standard output.",
)
@click.pass_obj
def samples(choices: Choices, number: int, file_format: SampleFormat, out: Path | None) -> None:
    """Print a row for each trial, beat and metric of an experiment, with its provenance.

    Warm-up and discarded pairs are in it, and marked. In CSV a text that a spreadsheet would run as a formula begins
    with an apostrophe.
    """
    text = run_async(lambda: _read(choices, number, file_format))
    if out is None:
        sys.stdout.write(text)
        return
    try:
        out.write_text(text, "utf-8", newline="")
    except OSError as error:
        raise Refusal(f"{out}: cannot be written ({error.strerror}); name another file", EXIT_IMPOSSIBLE) from error
    say(f"wrote {out}")


async def _read(choices: Choices, number: int, file_format: SampleFormat) -> str:
    if not choices.paths.database.exists():
        raise Refusal(f"there is no experiment {number}: {choices.paths.shown_database} does not exist", EXIT_REFUSED)
    async with opened_queries(choices) as queries:
        experiment = await queries.experiment_numbered(number)
        if experiment is None:
            raise Refusal(f"there is no experiment {number}; see `sidebeat experiment --list`", EXIT_REFUSED)
        runs = await trial_runs(queries, await queries.trials(experiment.id))
        table = await sample_table(queries, runs, experiment)
        if file_format == "csv":
            return as_csv(table)
        return as_json(table, experiment, tuple(await queries.experiment_margins(experiment.id)))
