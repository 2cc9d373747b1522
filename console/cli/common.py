"""What all commands share: where the store is, how to open it, and how to say no."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn, TypeVar, get_args

import click

from adapters.node_runtime import NodeInstallError
from console.engine.clock import SystemClock
from console.engine.engine import Engine, EngineOptions
from console.engine.find import UnknownIdError
from console.engine.launches import RefusedOrder
from console.engine.paths import ConsolePaths
from console.engine.plain_text import one_line
from console.engine.plan import PlanFileError
from console.engine.recording import RecordingError
from console.engine.settings import SettingsError
from store import Queries, StoreError
from store.records import BridgeMode

EXIT_FAILED = 1
EXIT_REFUSED = 2
EXIT_IMPOSSIBLE = 3

T = TypeVar("T")

ENVIRONMENT_ERRORS = (StoreError, NodeInstallError, SettingsError, PlanFileError, RecordingError)


@dataclass(frozen=True, slots=True)
class Choices:
    """What was said before the sub-command."""

    paths: ConsolePaths
    experimental: bool


class Refusal(Exception):  # noqa: N818 -- an answer to the operator, not a fault
    """A sentence for standard error, and the exit code that goes with it."""

    def __init__(self, sentence: str, exit_code: int) -> None:
        super().__init__(sentence)
        self.exit_code = exit_code

    def leave(self) -> NoReturn:
        """Say it and go."""
        click.echo(one_line(f"sidebeat: {self}"), err=True)
        sys.exit(self.exit_code)


database_option = click.option(
    "--db",
    "database",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The SQLite file; default in the user's data folder.",
)


bridge_option = click.option(
    "--bridge",
    "bridge_mode",
    default="cold",
    show_default=True,
    type=click.Choice(get_args(BridgeMode)),
    help="A new Node process for each beat, or one that is kept.",
)


@asynccontextmanager
async def opened_engine(choices: Choices) -> AsyncGenerator[Engine]:
    """An engine that is closed again, whatever happens."""
    options = EngineOptions(experimental=choices.experimental)
    engine = await Engine.open(choices.paths, options=options)
    try:
        yield engine
    finally:
        await engine.close()


@asynccontextmanager
async def opened_queries(choices: Choices) -> AsyncGenerator[Queries]:
    """The database, to read only."""
    queries = await Queries.open(choices.paths.database)
    try:
        yield queries
    finally:
        await queries.close()


def run_async(work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run a command's coroutine; what the machine or a file forbids becomes a refusal."""
    try:
        return asyncio.run(_leaving_on_signals(work))
    except (RefusedOrder, UnknownIdError) as error:
        raise Refusal(str(error), EXIT_REFUSED) from error
    except ENVIRONMENT_ERRORS as error:
        raise Refusal(str(error), EXIT_IMPOSSIBLE) from error
    except (KeyboardInterrupt, asyncio.CancelledError) as error:
        raise Refusal("interrupted; what had run is stored", EXIT_FAILED) from error


async def _leaving_on_signals(work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """SIGTERM and SIGHUP end the work as Ctrl-C does, so that everything is stopped and stored."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    if task is not None:
        for number in (signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, task.cancel)
    return await work()


def now_epoch_s() -> float:
    """The real time, for ages in listings."""
    return SystemClock().epoch_s()
