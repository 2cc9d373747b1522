"""A console of a test's own: its folders, its engine, the `sidebeat` command, and what of it still runs."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from adapters.node_runtime import NodeRuntimeLayout
from console.engine.engine import Engine, EngineOptions
from console.engine.launches import LaneChoice, LaunchOrder, SessionChoice
from console.engine.paths import ConsolePaths
from store.records import LaunchKind, RunRecord, TranscriptRowRecord

REPOSITORY = Path(__file__).parents[2]

ENDLESS_SCENARIO = """
schema_version = 1
name = "endless"
title = "A call that does not return"
description = "The agent waits for a command that takes ten minutes."

[[beats]]
prompt = "Wait for the command."

[[beats.turns]]
text = "I wait."
tool_calls = [{ tool = "shell", arguments = { command = "sleep 600" } }]

[[beats.turns]]
text = "Done."
"""


def console_paths(folder: Path, layout: NodeRuntimeLayout) -> ConsolePaths:
    """All folders below one, but for the installed packages."""
    return ConsolePaths(folder / "sidebeat.sqlite", folder / "data", folder / "config" / "sidebeat", layout.cache_root)


def add_scenario(paths: ConsolePaths, name: str, text: str) -> None:
    """As an operator adds one."""
    paths.scenarios.mkdir(parents=True, exist_ok=True)
    (paths.scenarios / f"{name}.toml").write_text(text, "utf-8")


def add_runtime(paths: ConsolePaths, key: str, package: Path, config: str = "") -> None:
    """As an operator adds one: an external adapter of type `tiny`."""
    paths.runtimes.mkdir(parents=True, exist_ok=True)
    text = f"""
schema = 1
key = "{key}"
title = "A tiny adapter"

[adapter]
type = "tiny"
package = "{package}"

[agent]
family = "pi"
version = "0"

[config]
{config}
"""
    (paths.runtimes / f"{key}.toml").write_text(text, "utf-8")


@asynccontextmanager
async def opened(
    paths: ConsolePaths, layout: NodeRuntimeLayout, *, experimental: bool = True
) -> AsyncGenerator[Engine]:
    """An engine on these folders, closed again."""
    engine = await Engine.open(paths, options=EngineOptions(experimental=experimental, node=layout))
    try:
        yield engine
    finally:
        await engine.close()


def order(
    runtimes: Sequence[str],
    *,
    scenario: str = "hello-tool",
    issues: Sequence[str | None] = (),
    session: SessionChoice = "next beat",
    lane: int | None = None,
    kind: LaunchKind = "sequence",
    **more: object,
) -> LaunchOrder:
    """A launch of one or more lanes; `lane` names the lane of a single runtime."""
    chosen = issues or [None] * len(runtimes)
    lanes = tuple(LaneChoice(key, issue) for key, issue in zip(runtimes, chosen, strict=True))
    indexes = None if lane is None else (lane,)
    return LaunchOrder(kind, scenario, lanes, session, lane_indexes=indexes, **more)  # pyright: ignore[reportArgumentType]  # each test passes the choices it is about


async def beat(engine: Engine, runtime: str, *, issue: str | None = None, **more: object) -> RunRecord:
    """One beat in one lane, from start to end."""
    (run,) = await engine.wait(await engine.launch(order([runtime], issues=[issue], **more)))  # pyright: ignore[reportArgumentType]  # as above
    return run


async def rows_of(engine: Engine, run: RunRecord) -> list[TranscriptRowRecord]:
    """The transcript as it is stored."""
    await engine.store.flush()
    return await engine.queries.transcript_rows(run.id)


async def comments_of(engine: Engine, run: RunRecord) -> list[str]:
    """What the run said on its issue."""
    await engine.store.flush()
    return [comment.body for comment in await engine.queries.comments(run.issue_id) if comment.run_id == run.id]


async def request_bodies(engine: Engine, run: RunRecord) -> list[str]:
    """What the agent asked the model, request by request."""
    await engine.store.flush()
    found = await engine.queries.model_requests(run.id, with_bodies=True)
    return [request.body for request in found if not request.auxiliary]


def processes_of(folder: Path) -> dict[int, str]:
    """The command of every process, but this one, that works in or knows of a folder."""
    found: dict[int, str] = {}
    for process in psutil.process_iter():
        try:
            told = [*process.environ().values(), *process.cmdline(), process.cwd()]
            alive = process.status() != psutil.STATUS_ZOMBIE
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
        if alive and process.pid != os.getpid() and any(str(folder) in text for text in told):
            found[process.pid] = " ".join(told[len(process.environ()) : -1]) if process.is_running() else ""
    return found


@dataclass(frozen=True, slots=True)
class CommandResult:
    """How `sidebeat` ended."""

    exit_code: int
    output: str
    said: str

    @property
    def sentences(self) -> list[str]:
        """Standard error, line by line."""
        return self.said.splitlines()


@dataclass(frozen=True, slots=True)
class CommandLine:
    """`python -m console` with a database and a configuration below one folder."""

    folder: Path
    layout: NodeRuntimeLayout

    @property
    def database(self) -> Path:
        """The SQLite file; what beats leave lies beside it."""
        return self.folder / "sidebeat.sqlite"

    @property
    def paths(self) -> ConsolePaths:
        """The same folders as the command has."""
        config = self.folder / "config" / "sidebeat"
        return ConsolePaths(
            self.database, self.database.with_name(f"{self.database.name}.files"), config, self.layout.cache_root
        )

    async def start(self, *arguments: str, **environment: str) -> asyncio.subprocess.Process:
        """Start it, and let it run."""
        return await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "console", "--db", str(self.database), *arguments),
            cwd=REPOSITORY,
            env={
                **os.environ,
                "XDG_CONFIG_HOME": str(self.folder / "config"),
                "SIDEBEAT_CACHE_DIR": str(self.layout.cache_root),
                **environment,
            },
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )

    async def run(self, *arguments: str, **environment: str) -> CommandResult:
        """Run it to its end."""
        process = await self.start(*arguments, **environment)
        output, said = await process.communicate()
        return CommandResult(process.returncode or 0, output.decode(), said.decode())
