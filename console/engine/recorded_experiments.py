"""Experiments of a recording: they can be read, and none can be planned or run."""

from __future__ import annotations

from typing import NoReturn

from console.engine.experiment.plan import ExperimentOrder
from console.engine.launches import RefusedOrder
from store.records import ExperimentMarginRecord, ExperimentRecord

_REMEDY = "open the console on its own database"


class RecordedExperiments:
    """Refuses everything with a sentence; results are read through the queries."""

    async def plan(self, order: ExperimentOrder) -> ExperimentRecord:
        """Raises RefusedOrder."""
        raise RefusedOrder(f"this is a recording, so `{order.shown_title}` cannot be planned here; {_REMEDY}")

    async def start(self, experiment_id: str) -> ExperimentRecord:
        """Raises RefusedOrder."""
        _refuse(experiment_id, "started")

    async def pause(self, experiment_id: str) -> None:
        """Raises RefusedOrder."""
        _refuse(experiment_id, "paused")

    async def resume(self, experiment_id: str) -> ExperimentRecord:
        """Raises RefusedOrder."""
        _refuse(experiment_id, "resumed")

    async def stop(self, experiment_id: str) -> ExperimentRecord:
        """Raises RefusedOrder."""
        _refuse(experiment_id, "stopped")

    async def set_margin(self, experiment_id: str, metric: str, ratio: float, reason: str) -> ExperimentMarginRecord:
        """Raises RefusedOrder."""
        change = f"the margin of {metric} in experiment {experiment_id[:8]} cannot be {ratio:g} here ({reason})"
        raise RefusedOrder(f"this is a recording, so {change}; {_REMEDY}")


def _refuse(experiment_id: str, what: str) -> NoReturn:
    raise RefusedOrder(f"this is a recording, so experiment {experiment_id[:8]} cannot be {what} here; {_REMEDY}")
