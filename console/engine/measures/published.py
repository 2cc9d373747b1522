"""Published claims beside what was measured in the same way."""

from __future__ import annotations

import statistics
from collections.abc import AsyncGenerator, Mapping, Sequence
from typing import Any

from adapters.catalogue import RuntimeDefinition
from adapters.claims import Claims, load_claims
from console.engine.measures.bench import Absent, Bench, Outcome, Reading
from console.engine.measures.definitions import load_definitions
from console.engine.measures.line_fit import mean_step
from console.engine.measures.node_job import JobResult, MeasureError, run_job
from console.engine.measures.staircase import SETTLE_S, rss_steps, staircase, vm_staircase

CREATIONS = 15
FIRST_COMMANDS = 5
NEW_SIDECARS = 2
"""Beside the one of the population: each has a first session."""
IDLE_VMS = 5
AGENT = "pi"
"""The agent that the claims are about."""

CREATION_STATEMENTS = {
    "vm_create_ms": "One explicit sidecar; VMs without software start from the root snapshot of a throwaway VM.",
    "vm_create_and_spawn_ms": "The same VMs; the clock stops when the spawn of an idle node process has returned.",
    "vm_first_output_ms": "The same kind of VMs; the clock stops when their node process has printed a line.",
    "vm_first_shell_command_ms": "VMs with the common software, from a snapshot too; `echo` has ended.",
}


async def measure_claims(bench: Bench) -> AsyncGenerator[Outcome]:
    """Each number that agent-os publishes, and what leads from its clock to the one that a heartbeat feels."""
    claims = load_claims()
    runtime = _runtime_of(bench.runtimes)
    if runtime is None:
        yield Absent(claims.subject, "vm_create_ms", f"no runtime runs {AGENT} in a VM")
        return
    for measure in (_creation, _idle_memory, _sessions):
        try:
            for reading in await measure(bench, claims, runtime):
                yield reading
        except (MeasureError, OSError) as error:
            yield Absent(claims.subject, measure.__name__.strip("_"), str(error))


def _runtime_of(runtimes: Sequence[RuntimeDefinition]) -> RuntimeDefinition | None:
    fitting = (runtime for runtime in runtimes if runtime.where == "vm" and runtime.config.get("agent") == AGENT)
    return next(fitting, None)


async def _creation(bench: Bench, claims: Claims, _: RuntimeDefinition) -> list[Outcome]:
    job = {"job": "creation", "count": CREATIONS, "shellCount": FIRST_COMMANDS}
    result = await run_job(bench, "creation", job)
    return [
        held_against(claims, name, statistics.median(result.samples[name]), statement, result.samples[name])
        for name, statement in CREATION_STATEMENTS.items()
    ]


async def _idle_memory(bench: Bench, claims: Claims, _: RuntimeDefinition) -> list[Outcome]:
    job = {"job": "staircase", "workload": "idle", "count": IDLE_VMS, "settleMs": SETTLE_S * 1000}
    result = await run_job(bench, "idle", job)
    statement = "Steps of RSS of host process and sidecar over VMs with an idle node process, after a throwaway VM."
    return _memory(claims, "vm_idle_memory_bytes", result, statement, first=0)


async def _sessions(bench: Bench, claims: Claims, runtime: RuntimeDefinition) -> list[Outcome]:
    result = await staircase(bench, runtime)
    first = list(result.samples["vm_first_session_ms"])
    for index in range(NEW_SIDECARS):
        alone = await vm_staircase(bench, runtime, 1, name=f"first-session-{index}")
        first += alone.samples["vm_first_session_ms"]
    later = result.samples["vm_later_session_ms"]
    first_said = "sessions.open in the first VM with a session, each time in a new sidecar."
    later_said = "sessions.open in further VMs of one sidecar."
    memory_said = "Steps of RSS of host process and sidecar over VMs with an open session, from the second VM on."
    return [
        held_against(claims, "vm_first_session_ms", statistics.median(first), first_said, first),
        held_against(claims, "vm_later_session_ms", statistics.median(later), later_said, later),
        *_memory(claims, "vm_session_memory_bytes", result, memory_said, first=1),
    ]


def _memory(claims: Claims, name: str, result: JobResult, statement: str, *, first: int) -> list[Outcome]:
    steps = rss_steps(result, first=first)
    values = [float(sample.rss_bytes) for population, sample in sorted(result.points.items()) if population >= first]
    step = mean_step(values)
    if step is None:
        return [Absent(claims.subject, name, "fewer than two VMs were looked at")]
    return [held_against(claims, name, step, statement, steps)]


def held_against(claims: Claims, name: str, value: float, statement: str, samples: Sequence[float]) -> Reading:
    """A measured number with the claims about it, in its own unit, and how far it is from each."""
    unit = load_definitions().metric(name).unit
    told: list[Mapping[str, Any]] = []
    for claim in claims.about(name):
        published = claim.value_in(unit)
        if published is not None:
            ratio = {"value": published, "unit": unit, "ratio": value / published}
            said = claim.model_dump(include={"id", "text", "statistic", "source", "method"})
            told.append({**said, "url": claim.url, **ratio})
    return Reading(claims.subject, name, value, statement, tuple(samples), {"claims": told})
