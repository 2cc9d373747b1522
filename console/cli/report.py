"""`sidebeat report`: the evidence as Markdown and HTML, from the database alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

import click

from console.cli.common import EXIT_FAILED, EXIT_IMPOSSIBLE, Choices, Refusal, opened_queries, run_async
from console.cli.plain import say
from console.engine.clock import SystemClock
from console.engine.report.errors import ReportError

if TYPE_CHECKING:
    from console.engine.report.writing import WrittenReport

Format = Literal["md", "html", "both"]


@click.command()
@click.option(
    "--out",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder for report.md and report.html; default one beside the database.",
)
@click.option(
    "--format", "form", default="both", show_default=True, type=click.Choice(get_args(Format)), help="Which files."
)
@click.option("--check", is_flag=True, help="Exit code 1 when a required criterion is not met; each is named.")
@click.option("--json", "as_json", is_flag=True, help="Print files, criteria and findings as JSON.")
@click.pass_obj
def report(choices: Choices, folder: Path | None, form: Format, check: bool, as_json: bool) -> None:
    """Write the evidence as report.md and report.html, from the database alone.

    Two reports of the same database differ in their date line only. The HTML file needs no network.
    """
    # Statistics and templates take their time to load, and no other command needs them.
    from console.engine.report.writing import FORMATS, note_by_opening, report_folder, write_report

    database, clock = choices.paths.database, SystemClock()
    formats = FORMATS if form == "both" else (form,)
    chosen = report_folder(database) if folder is None else folder.expanduser()

    async def write() -> WrittenReport:
        async with opened_queries(choices) as queries:
            running = [item.number for item in await queries.experiments() if item.state == "running"]
        if running:
            say(f"Experiment {running[0]} is marked as running: if it is, this report disturbs its times.")
        return await write_report(database, chosen, clock, note_by_opening(database, clock), formats=formats)

    try:
        written = run_async(write)
    except ReportError as error:
        raise Refusal(str(error), EXIT_IMPOSSIBLE) from error
    if as_json:
        click.echo(json.dumps(_as_json(written), indent=2))
    else:
        for path in written.files:
            click.echo(str(path))
    if written.not_noted is not None:
        say(f"The report was written, but the database does not know of it: {written.not_noted}")
    if check:
        _check(written)


def _check(written: WrittenReport) -> None:
    failing = written.status.failing
    for status in failing:
        say(f"{status.state}: {status.criterion.text} ({status.criterion.id}){_why(status.statement)}")
    if failing:
        names = ", ".join(status.criterion.id for status in failing)
        raise Refusal(f"required criteria are not met: {names}", EXIT_FAILED)


def _why(statement: str) -> str:
    return f": {statement}" if statement else ""


def _as_json(written: WrittenReport) -> dict[str, Any]:
    from console.engine.report.plain import plain_findings

    return {
        "files": [str(path) for path in written.files],
        "fingerprint": written.fingerprint,
        "noted": written.not_noted is None,
        "failing": [status.criterion.id for status in written.status.failing],
        "criteria": [
            {
                "id": status.criterion.id,
                "text": status.criterion.text,
                "state": status.state,
                "required": status.criterion.required,
                "needed": status.needed,
                "statement": status.statement,
            }
            for status in written.status.criteria()
        ],
        "findings": plain_findings(written.document),
    }
