"""The `sidebeat` command: the console without a sub-command, everything else with one."""

from __future__ import annotations

import importlib.metadata
from pathlib import Path

import click

from console.cli.beat import beat
from console.cli.common import Choices, Refusal, database_option
from console.cli.doctor import doctor
from console.cli.experiment import experiment
from console.cli.measure import measure
from console.cli.phases import phases
from console.cli.recordings import export, replay
from console.cli.report import report
from console.cli.resume import resume
from console.cli.runs import runs, show
from console.cli.samples import samples
from console.engine.paths import ConsolePaths

EPILOG = """\b
Exit codes: 0 all went well; 1 a beat did not succeed, or a check failed;
2 the order was refused; 3 the machine or a file does not allow it."""


@click.group(invoke_without_command=True, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@database_option
@click.option("--experimental", is_flag=True, help="Let experimental runtimes start, this time.")
@click.option("--theme", help="The theme of the screens, such as sidebeat-light or textual-ansi.")
@click.option("--scenario", help="The scenario that the screen starts with; default the last one, or hello-tool.")
@click.option(
    "--runtime", "runtimes", multiple=True, help="A lane's runtime, up to four times; default the last lanes."
)
@click.version_option(importlib.metadata.version("sidebeat"), prog_name="sidebeat")
@click.pass_context
def cli(
    context: click.Context,
    database: Path | None,
    experimental: bool,
    theme: str | None,
    scenario: str | None,
    runtimes: tuple[str, ...],
) -> None:
    """Drive the same agent heartbeat through two runtimes, side by side.

    Without a command it opens the console, which needs a terminal.
    """
    context.obj = Choices(ConsolePaths.default(database), experimental)
    if context.invoked_subcommand is None:
        from console.cli.console import open_console

        open_console(context.obj, theme=theme, scenario=scenario, runtimes=runtimes)


for command in (beat, experiment, resume, measure, runs, show, phases, report, doctor, replay, export, samples):
    # Click makes a command's help option once, as the first caller has it: one that is called alone has it too.
    command.context_settings = {**cli.context_settings, **command.context_settings}
    cli.add_command(command)


def main() -> None:
    """The entry point; a refusal is one sentence on standard error."""
    try:
        cli(standalone_mode=True)
    except Refusal as refusal:
        refusal.leave()
