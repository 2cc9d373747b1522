"""Memory by population: a fixed base, paid once, told apart from what each further agent costs."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator, Sequence

from adapters.catalogue import RuntimeDefinition
from console.engine.measures.bench import Absent, Bench, Outcome, Reading
from console.engine.measures.line_fit import fit_line
from console.engine.measures.node_job import MeasureError
from console.engine.measures.staircase import pss_points, staircase

NAMES = ("memory_idle_bytes", "memory_base_bytes", "memory_per_agent_bytes", "memory_residual_bytes")


async def measure_population(bench: Bench) -> AsyncGenerator[Outcome]:
    """Every kind of agent once: in VMs by the agent within, on the host by its program."""
    for runtime in one_for_each_agent(bench.runtimes):
        try:
            result = await staircase(bench, runtime)
        except (MeasureError, OSError) as error:
            for name in NAMES:
                yield Absent(runtime.key, name, str(error))
            continue
        for outcome in population_readings(runtime, pss_points(result)):
            yield outcome


def one_for_each_agent(runtimes: Sequence[RuntimeDefinition]) -> list[RuntimeDefinition]:
    """The runtimes without those that start the same agent in the same way; the shortest key stands for them."""
    chosen: dict[tuple[str, str], RuntimeDefinition] = {}
    for runtime in sorted(runtimes, key=lambda item: len(item.key)):
        started = str(runtime.config.get("agent")) if runtime.where == "vm" else (runtime.agent.command or runtime.key)
        chosen.setdefault((runtime.where, started), runtime)
    return [runtime for runtime in runtimes if runtime in chosen.values()]


def population_readings(runtime: RuntimeDefinition, points: Sequence[tuple[int, float]]) -> Iterator[Outcome]:
    """Base and slope of the line through the points from one agent on, and the point before the first."""
    idle = [value for population, value in points if population == 0]
    counted = [(population, value) for population, value in points if population > 0]
    line = fit_line(counted)
    if not idle or line is None:
        for name in NAMES:
            yield Absent(
                runtime.key, name, "this system tells no proportional memory (PSS), or too few points were had"
            )
        return
    where = (
        "VMs of one sidecar, with an open session each" if runtime.where == "vm" else "commands, waiting for a prompt"
    )
    statement = f"PSS of the whole tree with 0 to {counted[-1][0]} {where}; least squares from one on."
    detail = {
        "points": [{"population": population, "pss_bytes": round(value)} for population, value in points],
        "residuals_bytes": [round(residual) for residual in line.residuals],
    }
    samples = tuple(value for _, value in points)
    yield Reading(runtime.key, "memory_idle_bytes", idle[0], statement, detail=detail)
    yield Reading(runtime.key, "memory_base_bytes", line.base, statement, samples, detail)
    yield Reading(runtime.key, "memory_per_agent_bytes", line.slope, statement, samples, detail)
    yield Reading(runtime.key, "memory_residual_bytes", line.largest_residual, statement, samples, detail)
