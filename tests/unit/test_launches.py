"""A launch in which one run meets an error of the console itself."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from adapters.catalogue import RuntimeCatalogue
from adapters.scenario import ScenarioCatalogue
from console.engine.beat import Heartbeat, LaneRuntime
from console.engine.events import EngineEvent, LaunchFinished, OperatorWarned
from console.engine.launches import LaneChoice, Launches, LaunchOrder
from store import Store, StoreError
from store.records import LaunchKind, RunRecord, Write
from tests.unit.open_services import open_services

SENTENCE = "run {id} on pi_local failed inside the console: {what}; mend that and run it again"


@dataclass(frozen=True, slots=True)
class Desk:
    """Where launches start, and what the operator was told."""

    launches: Launches
    told: list[EngineEvent]

    async def launch(self, kind: LaunchKind, lane_count: int) -> str:
        order = LaunchOrder(kind, "hello-tool", (LaneChoice("pi_local"),) * lane_count)
        runtime = RuntimeCatalogue.load().runtime("pi_local")
        lanes = [(index, runtime, None) for index in range(lane_count)]
        return await self.launches.start(order, lanes, ScenarioCatalogue.load().scenario("hello-tool"))

    async def stored(self, run: RunRecord) -> RunRecord | None:
        await self.launches.services.store.flush()
        return await self.launches.services.queries.run(run.id)

    @property
    def warnings(self) -> list[str]:
        return [event.sentence for event in self.told if isinstance(event, OperatorWarned)]


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncGenerator[Desk]:
    async with open_services(tmp_path) as services:
        told: list[EngineEvent] = []
        services.feed.subscribe(told.append)
        yield Desk(Launches(services), told)


async def test_the_run_fails_with_a_sentence_and_the_next_one_has_its_turn(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def run(beat: Heartbeat) -> RunRecord:
        if beat.order.lane_index == 0:
            await beat.services.control_plane.check_out(beat.order.issue.id, beat.record)
            raise ZeroDivisionError("division by zero")
        return replace(beat.record, status="succeeded")

    monkeypatch.setattr(Heartbeat, "run", run)
    launch_id = await desk.launch("sequence", 2)
    failed, next_one = await desk.launches.wait(launch_id)

    sentence = SENTENCE.format(id=failed.id[:8], what="ZeroDivisionError: division by zero")
    assert (failed.status, failed.error_code, failed.error_message) == ("failed", "internal_error", sentence)
    assert await desk.stored(failed) == failed
    assert next_one.status == "succeeded"
    assert desk.warnings == [sentence]
    assert desk.told[-1] == LaunchFinished(launch_id)
    (comment,) = await desk.launches.services.queries.comments(failed.issue_id)
    assert (comment.author_kind, comment.body) == ("system", sentence)
    issue = await desk.launches.services.queries.issue(failed.issue_id)
    assert issue is not None
    assert issue.execution_run_id is None
    await desk.launches.close()


async def test_the_others_of_a_race_run_on_and_can_still_be_cancelled(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped = asyncio.Event()

    async def run(beat: Heartbeat) -> RunRecord:
        if beat.order.lane_index == 0:
            raise RuntimeError
        await stopped.wait()
        return replace(beat.record, status="cancelled")

    def cancel(_beat: Heartbeat) -> None:
        stopped.set()

    failed_event = asyncio.Event()

    def listen(event: EngineEvent) -> None:
        if isinstance(event, OperatorWarned):
            failed_event.set()

    desk.launches.services.feed.subscribe(listen)
    monkeypatch.setattr(Heartbeat, "run", run)
    monkeypatch.setattr(Heartbeat, "cancel", cancel)
    launch_id = await desk.launch("race", 2)
    async with asyncio.timeout(10):
        await failed_event.wait()
        assert 1 in desk.launches.busy_lanes
        desk.launches.cancel_all()
        failed, cancelled = await desk.launches.wait(launch_id)
    assert (failed.error_code, cancelled.status) == ("internal_error", "cancelled")
    assert desk.warnings == [SENTENCE.format(id=failed.id[:8], what="RuntimeError")]


async def test_when_not_even_the_failure_can_be_stored_the_operator_is_told(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(store: Store, _write: Write) -> None:
        raise StoreError(store.path, "the disk is full; free some space")

    async def run(beat: Heartbeat) -> RunRecord:
        monkeypatch.setattr(Store, "put", refuse)
        raise StoreError(beat.services.store.path, "the disk is full; free some space")

    monkeypatch.setattr(Heartbeat, "run", run)
    (failed,) = await desk.launches.wait(await desk.launch("sequence", 1))
    assert failed.error_code == "internal_error"
    assert desk.warnings[1] == f"run {failed.id[:8]} is not stored as failed: the disk is full; free some space"


async def test_every_lane_is_closed_though_one_cannot_be(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    closed: list[LaneRuntime] = []

    async def run(beat: Heartbeat) -> RunRecord:
        return beat.record

    async def close(lane: LaneRuntime) -> None:
        closed.append(lane)
        if len(closed) == 1:
            raise RuntimeError("it does not stop")

    monkeypatch.setattr(Heartbeat, "run", run)
    monkeypatch.setattr(LaneRuntime, "close", close)
    await desk.launches.wait(await desk.launch("sequence", 3))
    with pytest.raises(RuntimeError, match="it does not stop"):
        await desk.launches.close()
    assert len(closed) == 3
