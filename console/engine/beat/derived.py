"""What is derived from a beat's stored rows and stored in turn: when its session is committed, and after teardown."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Collection

from adapters.process_tree import ProcessIdentity, pids_with_variable
from console.engine.beat.metrics import BeatReadings, outcome_metrics, run_metrics, teardown_metrics, verdict_metrics
from console.engine.beat.order import Services
from console.engine.beat.resuming import store_verdict
from console.engine.quality.metrics import quality_metrics
from store.records import RunRecord


async def store_derived(services: Services, run: RunRecord, readings: BeatReadings) -> None:
    """Everything that the run's committed rows tell; `run` is its record as it will be stored."""
    for metric in await run_metrics(services.queries, run.id, readings):
        services.store.put(metric)
    store_outcome(services, run)
    verdict = await store_verdict(services, run)
    for metric in verdict_metrics(verdict) if verdict is not None else ():
        services.store.put(metric)
    for metric in await quality_metrics(services.queries, run):
        services.store.put(metric)


def store_outcome(services: Services, run: RunRecord) -> None:
    """Whether it succeeded."""
    for metric in outcome_metrics(run):
        services.store.put(metric)


async def store_early_end(services: Services, run: RunRecord) -> None:
    """All that is known of a run whose adapter was never called: that it resumed nothing either."""
    store_outcome(services, run)
    verdict = await store_verdict(services, run)
    for metric in verdict_metrics(verdict) if verdict is not None else ():
        services.store.put(metric)
    for metric in await quality_metrics(services.queries, run):
        services.store.put(metric)


async def store_teardown(
    services: Services,
    run: RunRecord,
    *,
    teardown_ms: float,
    processes_stopped: int,
    seen: Collection[ProcessIdentity],
) -> None:
    """What is known of a run only when all that it started has stopped; `seen` was in its process tree."""
    left: int | None = None
    if run.bridge_mode == "cold":
        left = len(await asyncio.to_thread(_alive, seen, os.fspath(services.paths.temporary / run.id)))
    for metric in teardown_metrics(
        run.id, teardown_ms=teardown_ms, processes_stopped=processes_stopped, processes_left=left
    ):
        services.store.put(metric)


def _alive(seen: Collection[ProcessIdentity], temporary: str) -> set[int]:
    """Those of a tree that still run, and those that were started below a run's temporary folder."""
    return {process.pid for process in seen if process.is_alive()} | set(pids_with_variable("TMPDIR", temporary))
