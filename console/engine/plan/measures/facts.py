"""The stored rows that measures read, each read once for an evaluation."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar, cast

from console.engine.experiment.results import ExperimentResult
from store.queries import Queries, RunFact
from store.records import ExperimentRecord, MeasurementRecord, ResumeVerdictRecord, RuntimeRecord

T = TypeVar("T")


class Facts:
    """Rows of one database as they stand; `target` is the chosen first target, the existing adapter's runtime."""

    def __init__(
        self,
        queries: Queries,
        *,
        target: str | None = None,
        limits: frozenset[str] = frozenset(),
        report_is_being_written: bool = False,
    ) -> None:
        """`limits` are the ids of criteria in which the plan itself fixes a threshold."""
        self.queries = queries
        self.target = target
        self.limits = limits
        self.report_is_being_written = report_is_being_written
        self._known: dict[str, Any] = {}

    async def runs(self) -> tuple[RunFact, ...]:
        """Every run that has ended, newest first."""
        return await self.once("runs", self._runs)

    async def _runs(self) -> tuple[RunFact, ...]:
        return tuple(await self.queries.run_facts())

    async def runtimes(self) -> list[RuntimeRecord]:
        """Every runtime that was ever used."""
        return await self.once("runtimes", self.queries.runtimes)

    async def verdicts(self) -> dict[str, ResumeVerdictRecord]:
        """Every resume verdict by run id."""
        return await self.once("verdicts", self.queries.resume_verdicts)

    async def experiments(self) -> list[ExperimentRecord]:
        """Every experiment, newest first."""
        return await self.once("experiments", self.queries.experiments)

    async def measurements(self) -> list[MeasurementRecord]:
        """The newest measurement of each subject and name."""
        return await self.once("measurements", self.queries.latest_measurements)

    async def metric(self, name: str) -> dict[str, float]:
        """One derived number of every run that has it, by run id."""

        async def read() -> dict[str, float]:
            found = await self.queries.metrics_named(name)
            return {run_id: record.value for run_id, record in found.items()}

        return await self.once(f"metric {name}", read)

    async def experiment_result(self, experiment_id: str) -> ExperimentResult:
        """What an experiment says."""

        async def read() -> ExperimentResult:
            # Statistics bring SciPy, which takes its time: only who has experiments waits for it, and off the loop.
            reading = await asyncio.to_thread(importlib.import_module, "console.engine.experiment.reading")
            return await reading.experiment_result(self.queries, experiment_id)

        return await self.once(f"experiment {experiment_id}", read)

    async def once(self, key: str, read: Callable[[], Awaitable[T]]) -> T:
        """What `read` gives, read at the first call."""
        if key not in self._known:
            self._known[key] = await read()
        return cast("T", self._known[key])
