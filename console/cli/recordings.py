"""`sidebeat export` and `sidebeat replay`: runs as files."""

from __future__ import annotations

from pathlib import Path

import click

from console.cli.common import EXIT_IMPOSSIBLE, Choices, Refusal, opened_queries, run_async
from console.engine.find import find_run
from console.engine.recording import Recording, export_launches, write_recording


@click.command()
@click.argument("run_ids", nargs=-1, required=True)
@click.option(
    "--output", "-o", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The file to write."
)
@click.pass_obj
def export(choices: Choices, run_ids: tuple[str, ...], output: Path) -> None:
    """Write the launches of these runs to a recording, without this machine's paths."""

    async def read() -> Recording:
        async with opened_queries(choices) as queries:
            launches = [(await find_run(queries, run_id)).launch_id for run_id in run_ids]
            return await export_launches(queries, list(dict.fromkeys(launches)), choices.paths)

    recording = run_async(read)
    try:
        write_recording(output, recording)
    except OSError as error:
        raise Refusal(f"{output}: cannot be written: {error.strerror}; choose another file", EXIT_IMPOSSIBLE) from error
    click.echo(f"{output}: {len(recording.records)} records; play it with `sidebeat replay {output}`", err=True)


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--speed", default=1.0, show_default=True, type=click.FloatRange(0), help="Times faster; 0 is at once.")
@click.option("--theme", help="The theme of the screens.")
@click.pass_obj
def replay(choices: Choices, file: Path, speed: float, theme: str | None) -> None:
    """Play a recording on the same screens."""
    from console.cli.console import open_replay

    open_replay(choices, file, speed=speed, theme=theme)
