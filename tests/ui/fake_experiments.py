"""Experiments of a fake engine: what is ordered is kept to be looked at, and nothing runs."""

from __future__ import annotations

import json

from console.engine.clock import iso_utc
from console.engine.experiment.plan import ExperimentOrder
from console.engine.launches import RefusedOrder
from store.records import ExperimentRecord
from tests.ui.samples import NOW


class FakeExperiments:
    """Fits `ExperimentsPort`. `refusal`, when set, is what every order is answered with."""

    def __init__(self, calls: list[str]) -> None:
        self._calls = calls
        self.orders: list[ExperimentOrder] = []
        self.refusal: str | None = None

    async def plan(self, order: ExperimentOrder) -> ExperimentRecord:
        """Kept, not stored."""
        self._refuse()
        self.orders.append(order)
        return ExperimentRecord(
            id=f"planned-{len(self.orders)}",
            number=100 + len(self.orders),
            title=order.shown_title,
            kind=order.kind,
            scenarios_json=json.dumps(order.scenarios),
            runtime_keys_json=json.dumps(order.arms),
            temperature=order.temperature,
            seed=order.seed,
            warmup_pairs=order.warmup_pairs,
            min_pairs=order.min_pairs,
            max_pairs=order.max_pairs,
            stops_when_settled=order.stops_when_settled,
            time_limit_s=order.time_limit_s,
            state="planned",
            created_at=iso_utc(NOW),
            console_pid=1,
            console_started_at_epoch=NOW,
        )

    async def start(self, experiment_id: str) -> None:
        """Kept."""
        self._order(f"start {experiment_id}")

    async def pause(self, experiment_id: str) -> None:
        """Kept."""
        self._order(f"pause {experiment_id}")

    async def resume(self, experiment_id: str) -> None:
        """Kept."""
        self._order(f"resume {experiment_id}")

    async def stop(self, experiment_id: str) -> None:
        """Kept."""
        self._order(f"stop {experiment_id}")

    async def set_margin(self, experiment_id: str, metric: str, ratio: float, reason: str) -> None:
        """Kept."""
        self._order(f"margin of {metric} in {experiment_id} to {ratio:g}: {reason}")

    def _order(self, call: str) -> None:
        self._refuse()
        self._calls.append(call)

    def _refuse(self) -> None:
        if self.refusal is not None:
            raise RefusedOrder(self.refusal)
