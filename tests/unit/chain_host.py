"""A host for chains on a real store, whose beats are played by the test instead of an agent."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from adapters.catalogue import RuntimeCatalogue, RuntimeDefinition
from adapters.scenario import Scenario, ScenarioCatalogue
from console.engine.beat import Services
from console.engine.chain import Chains
from console.engine.clock import iso_utc
from console.engine.launches import LaneOrder, Launches, LaunchOrder, RefusedOrder
from store.records import IssueRecord, LaunchRecord, RunRecord, SessionRecord
from tests.unit.store_samples import sample


@dataclass
class FakeHost:
    """Fits `ChainHost`: a launch stores one finished run a lane, and the session that `leaves` says."""

    services: Services
    leaves: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    """Session params after a beat, by runtime key."""
    orders: list[LaunchOrder] = field(default_factory=list[LaunchOrder])
    restarts: int = 0
    ends_as: str = "succeeded"
    _ended: dict[str, list[RunRecord]] = field(default_factory=dict[str, list[RunRecord]])

    def __post_init__(self) -> None:
        self.launches = Launches(self.services)
        self.catalogue = _runtimes()

    @property
    def chains(self) -> Chains:
        """Chains over this host."""
        return Chains(self)

    def runtime(self, key: str) -> RuntimeDefinition:
        """From the shipped catalogue."""
        return self.catalogue.runtime(key)

    def check(self, order: LaunchOrder) -> tuple[list[LaneOrder], Scenario]:
        """Refuses runtimes that there are not."""
        unknown = [lane.runtime_key for lane in order.lanes if lane.runtime_key not in self.catalogue.runtimes]
        if unknown:
            raise RefusedOrder(f"there is no runtime `{unknown[0]}`")
        return [], _scenarios().scenario(order.scenario)

    async def launch(self, order: LaunchOrder) -> str:
        """Every beat ends at once."""
        self.orders.append(order)
        services, launch_id = self.services, f"launch-{len(self.orders)}"
        services.store.put(replace(sample(LaunchRecord, id=launch_id), scenario=order.scenario))
        runs = [await self._beat(order, launch_id, number) for number in range(len(order.lanes))]
        self._ended[launch_id] = runs
        await services.store.flush()
        return launch_id

    async def wait(self, launch_id: str) -> list[RunRecord]:
        """They have ended."""
        return self._ended[launch_id]

    async def restart(self) -> None:
        """Counted."""
        self.restarts += 1

    async def _beat(self, order: LaunchOrder, launch_id: str, number: int) -> RunRecord:
        services, choice = self.services, order.lanes[number]
        lane_index = (order.lane_indexes or range(4))[number]
        runtime = self.runtime(choice.runtime_key)
        issue_id = choice.issue_id or f"issue-{lane_index}"
        before = await services.queries.runs(issue_id=issue_id)
        root = order.moved_root(lane_index) or services.paths.root(issue_id)
        root.mkdir(parents=True, exist_ok=True)
        params = self.leaves.get(choice.runtime_key)
        run = replace(
            sample(RunRecord, id=f"{launch_id}-{lane_index}", launch_id=launch_id, lane_index=lane_index),
            runtime_key=runtime.key, adapter_type=runtime.adapter.type, agent_id=f"agent-{runtime.key}",
            issue_id=issue_id, task_key=issue_id, beat_index=len(before) + 1, execution_root=str(root),
            status=self.ends_as, observed_status=self.ends_as, created_at=iso_utc(1_770_000_000.0 + len(before)),
            session_after_json=json.dumps(params) if params else None,
        )  # fmt: skip
        services.store.put(sample(IssueRecord, id=issue_id, identifier=issue_id))
        services.store.put(run)
        if params is not None:
            key = {"agent_id": run.agent_id, "adapter_type": run.adapter_type, "task_key": issue_id}
            services.store.put(sample(SessionRecord, **key, session_params_json=json.dumps(params)))
        return run


@cache
def _runtimes() -> RuntimeCatalogue:
    return RuntimeCatalogue.load()


@cache
def _scenarios() -> ScenarioCatalogue:
    return ScenarioCatalogue.load()
