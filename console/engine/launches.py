"""A launch: the same beat in one or more lanes, one after the other or at once."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from adapters.catalogue import RuntimeDefinition
from adapters.process_tree import ProcessIdentity
from adapters.roots import RootKind
from adapters.scenario import Scenario
from console.engine.beat import BeatOrder, Heartbeat, LaneRuntime, Services
from console.engine.beat.conclusion import internal_error
from console.engine.beat.order import DEFAULT_TIME_LIMIT_S
from console.engine.clock import iso_utc
from console.engine.events import LaunchFinished, LaunchStarted, OperatorWarned, RunChanged
from console.engine.every_step import raise_first
from store import StoreError
from store.records import BridgeMode, IssueRecord, LaunchKind, LaunchRecord, ModelMode, RunRecord

LaneOrder = tuple[int, RuntimeDefinition, str | None]
"""(lane index, runtime, the issue to go on with)."""

SessionChoice = Literal["new issue", "next beat", "fresh session"]
MAX_LANES = 4


@dataclass(frozen=True, slots=True)
class LaneChoice:
    """What the operator selected for one lane; without an issue a new one is opened."""

    runtime_key: str
    issue_id: str | None = None


@dataclass(frozen=True, slots=True)
class LaunchOrder:
    """One press of the key. `lane_indexes` names the lanes when not all of them start."""

    kind: LaunchKind
    scenario: str
    lanes: tuple[LaneChoice, ...]
    session: SessionChoice = "new issue"
    bridge_mode: BridgeMode = "cold"
    model_mode: ModelMode = "scripted"
    root_kind: RootKind = "directory"
    lane_indexes: tuple[int, ...] | None = None
    time_limit_s: float = DEFAULT_TIME_LIMIT_S
    moved_roots: tuple[tuple[int, Path], ...] = ()
    """(lane index, folder) of the lanes whose execution root is not where their issue has it."""

    def moved_root(self, lane_index: int) -> Path | None:
        """Where the lane's root was moved to; None while it is in its own place."""
        return dict(self.moved_roots).get(lane_index)


class RefusedOrder(Exception):  # noqa: N818 -- it is an answer to the operator, not a fault
    """A launch that cannot start; the message is one sentence with the remedy."""


@dataclass(slots=True)
class Launches:
    """Starts launches and knows what runs. A lane runs one beat at a time."""

    services: Services
    refusal: str | None = None
    """Why nothing but a trial may start now; None when anything may."""
    _lanes: dict[int, LaneRuntime] = field(default_factory=dict[int, LaneRuntime])
    _running: dict[str, Heartbeat] = field(default_factory=dict[str, Heartbeat])
    _tasks: dict[str, asyncio.Task[list[RunRecord]]] = field(default_factory=dict[str, asyncio.Task[list[RunRecord]]])
    _starting: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def busy_lanes(self) -> frozenset[int]:
        """The lanes with a beat queued or running."""
        return frozenset(beat.order.lane_index for beat in self._running.values())

    def lane_runtime(self, lane_index: int) -> LaneRuntime | None:
        """What the lane keeps between its beats; None before its first."""
        return self._lanes.get(lane_index)

    async def start(self, order: LaunchOrder, lanes: Sequence[LaneOrder], scenario: Scenario) -> str:
        """Queue the runs and begin; `lanes` holds (lane index, runtime, issue id). Returns the launch's id.

        Raises RefusedOrder, having queued nothing.
        """
        async with self._starting:
            return await self._start(order, lanes, scenario)

    async def _start(self, order: LaunchOrder, lanes: Sequence[LaneOrder], scenario: Scenario) -> str:
        await self._refuse_beside_an_experiment(order)
        busy = self.busy_lanes.intersection(index for index, _, _ in lanes)
        if busy:
            names = ", ".join("ABCD"[index] for index in sorted(busy))
            raise RefusedOrder(f"lane {names} has a beat running; wait for it, or cancel it with `c`")
        issues = [await self._issue(order, runtime, issue_id, scenario) for _, runtime, issue_id in lanes]
        if order.kind != "trial" and self.refusal is not None:
            # It was set while the issues were opened.
            raise RefusedOrder(self.refusal)
        launch = self._record(order, scenario)
        self.services.store.put(launch)
        beats = [
            self._queue(order, launch, index, runtime, issue, scenario)
            for (index, runtime, _), issue in zip(lanes, issues, strict=True)
        ]
        self.services.feed.publish(LaunchStarted(launch, tuple(beat.record.id for beat in beats)))
        for beat in beats:
            self.services.feed.publish(RunChanged(beat.record))
        await self.services.store.flush()
        self._tasks[launch.id] = asyncio.create_task(self._run(launch, beats), name=f"launch {launch.id}")
        return launch.id

    async def wait(self, launch_id: str) -> list[RunRecord]:
        """The final records of a launch, in the order of its lanes."""
        return await asyncio.shield(self._tasks[launch_id])

    def cancel_run(self, run_id: str) -> bool:
        """Stop one run; False when it does not run (any more)."""
        beat = self._running.get(run_id)
        if beat is None:
            return False
        beat.cancel()
        return True

    def cancel_all(self) -> None:
        """Stop every run, queued ones too."""
        for beat in self._running.values():
            beat.cancel()

    async def close_bridges(self) -> None:
        """Stop the warm bridges of lanes without a beat: nothing of theirs works beside what comes now."""
        idle = [lane for index, lane in self._lanes.items() if index not in self.busy_lanes]
        closed = await asyncio.gather(*(lane.close_bridge() for lane in idle), return_exceptions=True)
        raise_first(outcome for outcome in closed if isinstance(outcome, Exception))

    async def close(self) -> None:
        """Stop everything, and wait until it has stopped."""
        self.cancel_all()
        ended = await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        closed = await asyncio.gather(*(lane.close() for lane in self._lanes.values()), return_exceptions=True)
        raise_first(outcome for outcome in (*ended, *closed) if isinstance(outcome, Exception))

    async def _refuse_beside_an_experiment(self, order: LaunchOrder) -> None:
        """Nothing runs beside a timed beat, whichever console on this database started it."""
        if order.kind == "trial":
            return
        if self.refusal is not None:
            raise RefusedOrder(self.refusal)
        for experiment in await self.services.queries.experiments_in_state("running"):
            owner = ProcessIdentity(experiment.console_pid, experiment.console_started_at_epoch)
            if owner != self.services.console and owner.is_alive():
                place = f"experiment {experiment.number} runs in another console (pid {owner.pid})"
                raise RefusedOrder(f"{place}; wait for it, or pause it there")

    async def _run(self, launch: LaunchRecord, beats: list[Heartbeat]) -> list[RunRecord]:
        try:
            if launch.kind == "race":
                ended = await asyncio.gather(*(self._run_one(beat) for beat in beats), return_exceptions=True)
                raise_first(outcome for outcome in ended if isinstance(outcome, BaseException))
                return [outcome for outcome in ended if isinstance(outcome, RunRecord)]
            return [await self._run_one(beat) for beat in beats]
        finally:
            for beat in beats:
                self._running.pop(beat.record.id, None)
            self.services.feed.publish(LaunchFinished(launch.id))

    async def _run_one(self, beat: Heartbeat) -> RunRecord:
        try:
            return await beat.run()
        except Exception as error:  # noqa: BLE001 -- stored with the run, told on its issue and to the operator
            return await self._failed_inside(beat, error)
        finally:
            self._running.pop(beat.record.id, None)

    async def _failed_inside(self, beat: Heartbeat, error: Exception) -> RunRecord:
        """The run's record after an error that is none of its agent's; the rest of the launch goes on."""
        services, run = self.services, internal_error(beat.record, error, iso_utc(self.services.clock.epoch_s()))
        sentence = run.error_message or ""
        services.feed.publish(OperatorWarned(sentence))
        try:
            # Tries again what a full disk or a lock held back; until then the store takes nothing.
            await services.store.flush()
            services.store.put(run)
            services.control_plane.comment(run.issue_id, sentence, kind="system", author="sidebeat", run_id=run.id)
            await services.control_plane.release(run.issue_id, run)
        except StoreError as store_error:
            services.feed.publish(OperatorWarned(f"run {run.id[:8]} is not stored as failed: {store_error}"))
        services.feed.publish(RunChanged(run))
        return run

    def _queue(
        self,
        order: LaunchOrder,
        launch: LaunchRecord,
        lane_index: int,
        runtime: RuntimeDefinition,
        issue_and_beat: tuple[IssueRecord, int],
        scenario: Scenario,
    ) -> Heartbeat:
        services = self.services
        issue, beat_index = issue_and_beat
        beat_order = BeatOrder(
            launch=launch,
            lane_index=lane_index,
            runtime=runtime,
            scenario=scenario,
            issue=issue,
            beat_index=beat_index,
            force_fresh=order.session == "fresh session",
            root_kind=order.root_kind,
            time_limit_s=order.time_limit_s,
            model_name=services.model_name(launch.model_mode),
            root_directory=order.moved_root(lane_index),
        )
        lane = self._lanes.setdefault(lane_index, LaneRuntime(services.node, services.paths.data / "recorded-models"))
        beat = Heartbeat(services, lane, beat_order, self._queued_run(order, beat_order))
        services.store.put(beat.record)
        self._running[beat.record.id] = beat
        return beat

    async def _issue(
        self, order: LaunchOrder, runtime: RuntimeDefinition, issue_id: str | None, scenario: Scenario
    ) -> tuple[IssueRecord, int]:
        """The lane's issue, and which beat on it comes next."""
        if order.session == "new issue" or issue_id is None:
            return await self.services.control_plane.open_issue(scenario, runtime), 1
        issue = await self.services.queries.issue(issue_id)
        if issue is None:
            raise RefusedOrder(f"there is no issue {issue_id} to continue; start a new one with `s`")
        earlier = await self.services.queries.runs(issue_id=issue.id)
        return issue, max((run.beat_index for run in earlier), default=0) + 1

    def _queued_run(self, order: LaunchOrder, beat: BeatOrder) -> RunRecord:
        services = self.services
        return RunRecord(
            id=services.clock.new_id(),
            launch_id=beat.launch.id,
            lane_index=beat.lane_index,
            runtime_key=beat.runtime.key,
            adapter_type=beat.runtime.adapter.type,
            experimental=beat.runtime.experimental,
            agent_id=beat.agent_id,
            issue_id=beat.issue.id,
            task_key=beat.issue.id,
            scenario=beat.scenario.name,
            beat_index=beat.beat_index,
            status="queued",
            wake_reason="issue_assigned" if beat.beat_index == 1 else "issue_commented",
            bridge_mode=order.bridge_mode,
            model_mode=order.model_mode,
            created_at=iso_utc(services.clock.epoch_s()),
            console_pid=services.console.pid,
            console_started_at_epoch=services.console.started_at_epoch,
        )

    def _record(self, order: LaunchOrder, scenario: Scenario) -> LaunchRecord:
        return LaunchRecord(
            id=self.services.clock.new_id(),
            kind=order.kind,
            scenario=scenario.name,
            script_sha256=scenario.script_sha256,
            bridge_mode=order.bridge_mode,
            model_mode=order.model_mode,
            started_at=iso_utc(self.services.clock.epoch_s()),
        )
