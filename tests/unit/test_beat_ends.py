"""A beat that cannot go on: what is stopped, and what is recorded."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import pytest

from adapters.catalogue import RuntimeCatalogue
from adapters.scenario import ScenarioCatalogue
from console.engine.beat import BeatOrder, Heartbeat, LaneRuntime, Services
from console.engine.beat.lane_runtime import RequestReceiver
from store import StoreError
from store.batch import Batch
from store.records import LaunchRecord, RunRecord
from tests.unit.open_services import open_services
from tests.unit.store_samples import sample


@dataclass(slots=True)
class FakeLane:
    """A lane whose endpoint does what a test says instead of starting; it remembers what was stopped."""

    start_endpoint: Callable[[], Awaitable[None]]
    on_request: RequestReceiver | None = None
    starting: asyncio.Event = field(default_factory=asyncio.Event)
    stopped_orphan_count: int = 0
    stopped: list[str] = field(default_factory=list[str])

    async def endpoint(self, *_: object) -> None:
        self.starting.set()
        await self.start_endpoint()

    async def end_beat(self) -> None:
        self.stopped.append("agent")

    async def close_bridge(self) -> None:
        self.stopped.append("bridge")


@pytest.fixture
async def services(tmp_path: Path) -> AsyncGenerator[Services]:
    async with open_services(tmp_path) as services:
        yield services


async def heartbeat(services: Services, lane: FakeLane) -> Heartbeat:
    scenario, runtime = ScenarioCatalogue.load().scenario("hello-tool"), RuntimeCatalogue.load().runtime("pi_local")
    launch = sample(LaunchRecord, id="l1", bridge_mode="cold", model_mode="scripted")
    services.store.put(launch)
    issue = await services.control_plane.open_issue(scenario, runtime)
    run = sample(RunRecord, id="r1", launch_id="l1", issue_id=issue.id, agent_id="agent-pi_local", status="queued")
    services.store.put(run)
    await services.store.flush()
    (services.paths.temporary / "r1").mkdir(parents=True)
    return Heartbeat(services, cast("LaneRuntime", lane), BeatOrder(launch, 0, runtime, scenario, issue, 1), run)


async def test_a_full_disk_stops_the_agent_all_the_same_and_is_told(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    async def fill_the_disk() -> None:
        monkeypatch.setattr(Batch, "write_to", refuse)
        services.store.put(sample(LaunchRecord, id="l2"))
        await services.store.flush()

    lane = FakeLane(fill_the_disk)
    beat = await heartbeat(services, lane)
    with pytest.raises(StoreError, match="disk is full"):
        await beat.run()
    assert lane.stopped == ["agent", "bridge"]
    assert not (services.paths.temporary / "r1").exists()
    monkeypatch.undo()


async def test_one_step_that_fails_keeps_no_other_from_its_turn(services: Services) -> None:
    async def hang() -> None:
        raise OSError("no endpoint")

    @dataclass(slots=True)
    class FakeStubbornLane(FakeLane):
        async def end_beat(self) -> None:
            raise RuntimeError("cannot stop")

    lane = FakeStubbornLane(hang)
    beat = await heartbeat(services, lane)
    with pytest.raises(RuntimeError, match="cannot stop"):
        await beat.run()
    assert lane.stopped == ["bridge"]
    issue = await services.queries.issue(beat.order.issue.id)
    assert issue is not None
    assert issue.execution_run_id is None


async def test_a_cancel_is_heard_while_the_endpoint_starts(services: Services) -> None:
    async def never() -> None:
        await asyncio.Event().wait()

    lane = FakeLane(never)
    beat = await heartbeat(services, lane)
    running = asyncio.create_task(beat.run())
    await lane.starting.wait()
    beat.cancel()
    run = await running
    assert (run.status, run.upstream_status, run.observed_status) == ("cancelled", "cancelled", "cancelled")
    assert (run.error_code, run.outcome_reason) == ("cancelled", None)
    assert lane.stopped == ["agent", "bridge"]
    issue = await services.queries.issue(run.issue_id)
    assert issue is not None
    assert issue.execution_run_id is None


async def test_a_console_that_is_stopped_says_why_its_run_ended(services: Services) -> None:
    async def never() -> None:
        await asyncio.Event().wait()

    lane = FakeLane(never)
    beat = await heartbeat(services, lane)
    running = asyncio.create_task(beat.run())
    await lane.starting.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert beat.record.status == "interrupted"
    assert beat.record.error_message == "the console was stopped while this run was under way"
    assert lane.stopped == ["agent", "bridge"]
