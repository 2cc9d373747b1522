"""Agents of one kind, one more at a time, and what their processes take: in VMs of one sidecar, or as commands."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncGenerator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

import psutil

from adapters.catalogue import RuntimeDefinition, RuntimeSettings, resolve_settings
from adapters.line_process import LineProcess
from adapters.line_splitter import OversizeLine
from adapters.process_tree import TreeSample, sample_tree, stop_orphans
from adapters.runtime_packages import agent_command
from console.engine.beat.order import SCRIPTED_MODEL_NAME
from console.engine.child_environment import child_environment
from console.engine.measures.bench import Bench
from console.engine.measures.node_job import JobResult, Look, MeasureError, run_job

MAX_POPULATION = 4
SETTLE_S = 1.0
READY_TIMEOUT_S = 60.0
SPARE_BYTES = 2 * 2**30
"""So much of the machine's memory is left to others."""
AGENT_BYTES = 700 * 2**20
"""What one more agent may take before anything is known of it."""
NOWHERE = "http://127.0.0.1:9"
"""A model endpoint that nobody asks: no prompt is sent."""


class TooLittleMemoryError(MeasureError):
    """The machine has too little memory left for three agents."""


@dataclass(frozen=True, slots=True)
class Handshake:
    """How a command line agent is kept waiting: its arguments, what it is told, and what it answers."""

    arguments: tuple[str, ...]
    says: tuple[Mapping[str, Any], ...]
    ready_when: str
    """Text in a line of its output."""


def handshake(family: str, root: Path) -> Handshake | None:
    """None for a family of which nobody knows how to keep it waiting."""
    if family == "pi":
        arguments = ("--mode", "rpc", "--no-session", "--provider", "sidebeat", "--model", SCRIPTED_MODEL_NAME)
        return Handshake(arguments, ({"type": "get_state", "id": "ready"},), '"get_state"')
    if family == "opencode":
        hello: dict[str, Any] = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"protocolVersion": 1}}
        parameters: dict[str, Any] = {"cwd": str(root), "mcpServers": []}
        session: dict[str, Any] = {"jsonrpc": "2.0", "id": 2, "method": "session/new", "params": parameters}
        return Handshake(("acp",), (hello, session), '"sessionId"')
    return None


async def staircase(bench: Bench, runtime: RuntimeDefinition) -> JobResult:
    """Points from 0 on; kept, so that two kinds of measurement build it once. Raises MeasureError."""
    key = f"staircase {runtime.key}"
    if key not in bench.kept:
        of_kind = vm_staircase if runtime.where == "vm" else command_staircase
        bench.kept[key] = await of_kind(bench, runtime, population_limit())
    return cast("JobResult", bench.kept[key])


def population_limit() -> int:
    """How many agents fit beside what others need. Raises TooLittleMemoryError below three."""
    fits = (psutil.virtual_memory().available - SPARE_BYTES) // AGENT_BYTES
    if fits < 3:
        raise TooLittleMemoryError("the machine has too little free memory for three agents; end other programs first")
    return min(MAX_POPULATION, fits)


async def vm_staircase(
    bench: Bench, runtime: RuntimeDefinition, count: int, *, name: str | None = None, look: Look | None = None
) -> JobResult:
    """VMs as a beat of agentos_local makes them, in one new sidecar. Raises MeasureError."""
    name = name or _name(runtime)
    folder = bench.make_folder(name)
    job = {
        "job": "staircase",
        "workload": "session",
        "count": count,
        "settleMs": SETTLE_S * 1000,
        "folder": os.fspath(folder),
        "config": _settings(bench, runtime, folder).config,
    }
    return await run_job(bench, name, job, look=look)


async def command_staircase(bench: Bench, runtime: RuntimeDefinition, count: int) -> JobResult:
    """The agent's own command, several times. Raises MeasureError."""
    result = JobResult()
    result.points[0] = TreeSample(0, 0, 0.0, 0 if psutil.LINUX else None)
    pids: list[int] = []
    async with AsyncExitStack() as agents:
        for population in range(1, count + 1):
            folder = bench.make_folder(f"{_name(runtime)}-{population}")
            pids.append(await agents.enter_async_context(_waiting_agent(bench, runtime, folder)))
            await asyncio.sleep(SETTLE_S)
            sample = await asyncio.to_thread(sample_tree, pids, with_pss=True)
            if sample is None or sample.process_count < len(pids):
                raise MeasureError(f"an agent of {runtime.key} ended while it was to wait")
            result.points[population] = sample
    return result


@asynccontextmanager
async def _waiting_agent(bench: Bench, runtime: RuntimeDefinition, folder: Path) -> AsyncGenerator[int]:
    """One agent, loaded and waiting for a prompt that does not come; yields its pid. Raises MeasureError."""
    command, shake = agent_command(runtime, bench.services.node), handshake(runtime.agent.family, folder)
    if command is None or shake is None:
        raise MeasureError(f"nothing is known of how to keep {runtime.agent.family} of {runtime.key} waiting")
    settings = _settings(bench, runtime, folder)
    temporary = bench.make_folder(f"{folder.name}-tmp")
    ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def hear(line: bytes | OversizeLine) -> None:
        if not isinstance(line, OversizeLine) and shake.ready_when.encode() in line and not ready.done():
            ready.set_result(None)

    def fail(sentence: str) -> None:
        if not ready.done():
            ready.set_exception(MeasureError(sentence))

    node = bench.services.node
    process = await LineProcess.spawn(
        f"the agent of {runtime.key}",
        [*([node.node_executable] if command.suffix == ".js" else []), command, *shake.arguments],
        environment=_agent_environment(bench, settings, folder, temporary),
        working_directory=folder,
        on_line=hear,
        on_end=fail,
    )
    try:
        for said in shake.says:
            await process.send(json.dumps(said))
        async with asyncio.timeout(READY_TIMEOUT_S):
            await ready
        yield process.pid
    except (TimeoutError, ConnectionError) as error:
        raise MeasureError(f"the agent of {runtime.key} was not ready in {READY_TIMEOUT_S:.0f} s") from error
    finally:
        await process.stop(grace_s=0.2)
        await stop_orphans("TMPDIR", os.fspath(temporary), grace_s=1.0)


def _agent_environment(bench: Bench, settings: RuntimeSettings, folder: Path, temporary: Path) -> dict[str, str]:
    """As the adapter would make it, as far as it decides what the agent loads."""
    for name, text in settings.home_files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    told = {name: str(value) for name, value in settings.config.get("env", {}).items()}
    providers = told.get("PAPERCLIP_OPENCODE_PROVIDERS")
    if providers is not None:
        model = str(settings.config.get("model", ""))
        told["OPENCODE_CONFIG_CONTENT"] = json.dumps({"provider": json.loads(providers), "model": model})
    return child_environment(
        node_bin=bench.services.node.node_bin_dir,
        home=folder,
        working_directory=folder,
        temporary=temporary,
        extra=told,
    )


def _settings(bench: Bench, runtime: RuntimeDefinition, folder: Path) -> RuntimeSettings:
    command = agent_command(runtime, bench.services.node)
    values = {
        "root": os.fspath(folder),
        "home": os.fspath(folder),
        "state": os.fspath(folder / "state"),
        "command": os.fspath(command) if command is not None else "",
        "model_base_url": NOWHERE,
        "model_name": SCRIPTED_MODEL_NAME,
        "model_ref": f"sidebeat/{SCRIPTED_MODEL_NAME}",
    }
    return resolve_settings(runtime, values)


def pss_points(result: JobResult) -> list[tuple[int, float]]:
    """(population, PSS) in order; without the points whose PSS the system did not tell."""
    points = sorted(result.points.items())
    return [(population, float(sample.pss_bytes)) for population, sample in points if sample.pss_bytes is not None]


def rss_steps(result: JobResult, *, first: int) -> tuple[float, ...]:
    """How much RSS each further agent added, from the one after `first` on."""
    values = [sample.rss_bytes for population, sample in sorted(result.points.items()) if population >= first]
    return tuple(float(late - early) for early, late in pairwise(values))


def _name(runtime: RuntimeDefinition) -> str:
    return runtime.key.replace("/", "-")
