"""Operational complexity: what it takes to have a runtime, to run it, and to be rid of it."""

from __future__ import annotations

import asyncio
import statistics
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence

from adapters.catalogue import RuntimeDefinition
from adapters.node_runtime import NodeInstallError
from adapters.node_runtime.lock_file import PACKAGE_FILE_NAME, read_project_file
from adapters.runtime_packages import RuntimePackages, runtime_packages
from console.engine.doctor import DoctorCheck, runtime_checks
from console.engine.measures.bench import Absent, Bench, Outcome, Reading
from console.engine.measures.setup import NodeProject, configuration_keys, platform_requirements, setup_steps
from console.engine.node_packages import Installation
from store.records import MetricRecord, RunRecord

CONSOLE = "sidebeat"
"""The subject of what is not one runtime's."""
ALL_RUNS = 1_000_000
LISTED_RUNS = 50
OF_RUNS = {"running_processes": "peak_process_count", "left_processes": "processes_left"}
"""Measurements that summarise a metric of runs."""


async def measure_operations(bench: Bench) -> AsyncGenerator[Outcome]:
    """Set-up and requirements from what is written, processes from stored runs, findings from the doctor."""
    project = NodeProject.model_validate_json(read_project_file(bench.services.node.root / PACKAGE_FILE_NAME))
    for name in ("install_s", "install_packages"):
        if not await bench.services.queries.measurements(subject=CONSOLE, name=name):
            yield Absent(CONSOLE, name, "this database has seen no installation: it is stored when one happens")
    for runtime in bench.runtimes:
        for outcome in await _written(bench, runtime, project):
            yield outcome
        for outcome in await _of_runs(bench, runtime):
            yield outcome
        yield doctor_reading(runtime, await runtime_checks(bench.engine, runtime))


def installation_readings(installed: Installation) -> Iterator[Reading]:
    """What an installation of the Node packages took, for all runtimes together."""
    said = "npm's installation of the Node project, from looking the packages up until they were ready."
    yield Reading(CONSOLE, "install_s", installed.seconds, said)
    yield Reading(CONSOLE, "install_packages", installed.packages, said)


async def _written(bench: Bench, runtime: RuntimeDefinition, project: NodeProject) -> list[Outcome]:
    try:
        found = await asyncio.to_thread(runtime_packages, runtime, bench.services.node)
    except NodeInstallError as error:
        return [Absent(runtime.key, "setup_steps", str(error))]
    return list(written_readings(runtime, found, project))


def written_readings(runtime: RuntimeDefinition, found: RuntimePackages, project: NodeProject) -> Iterator[Outcome]:
    """Counts of what the runtime's definition, the Node project and the lock say."""
    keys = configuration_keys(runtime)
    yield Reading(runtime.key, "configuration_keys", len(keys), "Values in the runtime's file.", detail={"keys": keys})
    if found.missing is not None:
        yield Absent(runtime.key, "setup_steps", found.missing)
        return
    steps = setup_steps(runtime, found, project)
    yield Reading(
        runtime.key, "setup_steps", len(steps), "From the runtime's file and package.json.", detail={"steps": steps}
    )
    demands = platform_requirements(found.closure)
    said = "Fields os, cpu, libc and engines.node of its packages in the lock."
    yield Reading(runtime.key, "extra_requirements", len(demands), said, detail={"requirements": demands})


async def _of_runs(bench: Bench, runtime: RuntimeDefinition) -> list[Outcome]:
    runs = await bench.services.queries.runs(runtime_key=runtime.key, limit=ALL_RUNS)
    outcomes: list[Outcome] = []
    for name, metric in OF_RUNS.items():
        values = await bench.services.queries.metrics_named(metric)
        outcomes.append(run_reading(runtime, name, metric, runs, values))
    return outcomes


def run_reading(
    runtime: RuntimeDefinition,
    name: str,
    metric: str,
    runs: Sequence[RunRecord],
    values: Mapping[str, MetricRecord],
) -> Outcome:
    """A metric of the runtime's runs in one number: the median of what runs, the most of what is left."""
    known = [(run.id, values[run.id].value) for run in runs if run.id in values]
    if not known:
        return Absent(runtime.key, name, f"no stored run of it has {metric}; run a beat on {runtime.key}")
    numbers = [value for _, value in known]
    is_left = name == "left_processes"
    value = max(numbers) if is_left else statistics.median(numbers)
    statement = f"The {'most' if is_left else 'median'} of {metric} over its {len(known)} runs in this database."
    detail = {"metric": metric, "newest_runs": [run_id for run_id, _ in known[:LISTED_RUNS]]}
    return Reading(runtime.key, name, value, statement, tuple(numbers), detail)


def doctor_reading(runtime: RuntimeDefinition, checks: Sequence[DoctorCheck]) -> Reading:
    """How many of the adapter's own checks complain."""
    findings = [check for check in checks if check.level != "info"]
    listed = [{"code": check.code, "level": check.level, "message": check.message} for check in findings]
    said = f"Warnings and errors among the {len(checks)} checks of sidebeat doctor for this runtime."
    return Reading(runtime.key, "doctor_findings", len(findings), said, detail={"findings": listed})
