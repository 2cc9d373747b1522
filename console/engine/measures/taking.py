"""Measurements beside the runs: taken, stored and told one by one."""

from __future__ import annotations

import json
import tempfile
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from adapters.node_runtime.closure import installed_version
from console.engine.beat.machine import console_facts, machine_facts
from console.engine.clock import iso_utc
from console.engine.events import MeasurementTaken
from console.engine.launches import RefusedOrder
from console.engine.measures.bench import Absent, Bench, Outcome, Reading
from console.engine.measures.complexity import measure_complexity
from console.engine.measures.definitions import load_definitions
from console.engine.measures.kinds import KINDS, MeasurementKind
from console.engine.measures.operations import installation_readings, measure_operations
from console.engine.measures.overhead import measure_overhead
from console.engine.measures.population import measure_population
from console.engine.measures.published import measure_claims
from console.engine.node_packages import Installation
from store.records import MeasurementRecord

if TYPE_CHECKING:
    from console.engine.engine import Engine

MEASURES: Final[dict[MeasurementKind, Callable[[Bench], AsyncGenerator[Outcome]]]] = {
    "claims": measure_claims,
    "population": measure_population,
    "complexity": measure_complexity,
    "operations": measure_operations,
    "overhead": measure_overhead,
}
UNDER_WAY = "measurements are being taken, and a beat would disturb them; wait until they are done"
AGENT_OS = (
    "@rivet-dev/agentos-core",
    "@rivet-dev/agentos-sidecar",
    "@agentos-software/pi",
    "@agentos-software/opencode",
)
"""Their versions stand with every measurement: claims and populations are theirs."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What one taking brought: stored records in the order of measuring, and what could not be had."""

    records: tuple[MeasurementRecord, ...]
    absent: tuple[Absent, ...]


@dataclass(slots=True)
class Measurements:
    """Takes measurements for an engine, nothing else running meanwhile."""

    engine: Engine

    async def take(self, kinds: Sequence[MeasurementKind] = KINDS, *, runtime_keys: Sequence[str] = ()) -> Taken:
        """Measure these kinds, of these runtimes or of all; each number is committed before the next kind begins.

        Raises RefusedOrder while beats run, and when a key is not known.
        """
        engine = self.engine
        runtimes = [engine.runtime(key) for key in runtime_keys or engine.catalogue.runtimes]
        if engine.launches.busy_lanes:
            raise RefusedOrder("a beat is running, and would disturb what is measured; wait for it, or cancel it")
        if engine.launches.refusal is not None:
            raise RefusedOrder(engine.launches.refusal)
        if not engine.node_packages_ready:
            raise RefusedOrder("the Node packages are still being installed; wait until they are there")
        engine.launches.refusal = UNDER_WAY
        try:
            with tempfile.TemporaryDirectory(prefix="sidebeat-measure-", ignore_cleanup_errors=True) as folder:
                return await self._take(kinds, Bench(engine, runtimes, Path(folder)))
        finally:
            engine.launches.refusal = None

    async def _take(self, kinds: Sequence[MeasurementKind], bench: Bench) -> Taken:
        records: list[MeasurementRecord] = []
        absent: list[Absent] = []
        for kind in kinds:
            stamp = {**provenance(bench), "kind": kind}
            async for outcome in MEASURES[kind](bench):
                if isinstance(outcome, Absent):
                    absent.append(outcome)
                else:
                    records.append(self.store(outcome, stamp))
            await self.engine.store.flush()
        return Taken(tuple(records), tuple(absent))

    def store_installation(self, installed: Installation) -> None:
        """An installation of the Node packages happened: what it took stands until the next one."""
        stamp = {**console_facts(), **machine_facts(), "node_packages": self.engine.services.node.key}
        for reading in installation_readings(installed):
            self.store(reading, stamp)

    def store(self, reading: Reading, stamp: dict[str, Any]) -> MeasurementRecord:
        """Put one reading into the store, and tell it."""
        services = self.engine.services
        record = MeasurementRecord(
            id=services.clock.new_id(),
            subject=reading.subject,
            name=reading.name,
            value=reading.value,
            unit=load_definitions().metric(reading.name).unit,
            sample_count=len(reading.samples) or 1,
            samples_json=json.dumps(list(reading.samples)) if reading.samples else None,
            statement=reading.statement,
            detail_json=json.dumps(reading.detail, ensure_ascii=False) if reading.detail is not None else None,
            provenance_json=json.dumps(stamp, ensure_ascii=False),
            measured_at=iso_utc(services.clock.epoch_s()),
        )
        services.store.put(record)
        services.feed.publish(MeasurementTaken(record))
        return record


def provenance(bench: Bench) -> dict[str, Any]:
    """The console, the machine with its load as it is now, and the packages."""
    node = bench.services.node
    versions = {name: installed_version(node.node_modules / name) for name in AGENT_OS}
    return {**console_facts(), "node_packages": node.key, "packages": versions, **machine_facts()}
