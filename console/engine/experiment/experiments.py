"""Experiments as the screens and the command line drive them. One runs at a time, and nothing beside it."""

from __future__ import annotations

import asyncio
import json
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import Protocol

import aiosqlite

from adapters.catalogue import RuntimeDefinition
from adapters.process_tree import ProcessIdentity
from adapters.scenario import Scenario
from console.engine.beat import Services
from console.engine.clock import iso_utc
from console.engine.events import ExperimentChanged
from console.engine.experiment.machine import provenance_at_start
from console.engine.experiment.plan import ExperimentOrder, check_order, margin_complaints, margins_of
from console.engine.experiment.rows import experiment_rows, finished_pairs
from console.engine.experiment.runner import Runner
from console.engine.experiment.self_check import self_check_for
from console.engine.find import UnknownIdError
from console.engine.launches import Launches, RefusedOrder
from console.engine.measures.definitions import load_definitions
from store import Queries, write_records
from store.records import ExperimentMarginRecord, ExperimentRecord

BEFORE_THE_FIRST_PAIR = "fixed before the first pair"


class Desk(Protocol):
    """What an experiment asks of the engine."""

    @property
    def node_packages_ready(self) -> bool: ...

    def startable(self, key: str) -> RuntimeDefinition:
        """A runtime that may start now. Raises RefusedOrder."""
        ...

    def scenario(self, name: str) -> Scenario:
        """A scenario of the catalogue. Raises RefusedOrder."""
        ...


@dataclass(slots=True)
class Experiments:
    """Plans, starts, pauses, resumes and stops experiments; what they say is read by `experiment_result`."""

    services: Services
    launches: Launches
    desk: Desk
    _runner: Runner | None = None
    _task: asyncio.Task[ExperimentRecord] | None = None
    _beginning: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def running(self) -> ExperimentRecord | None:
        """The experiment that this console runs now."""
        return self._runner.record if self._runner is not None else None

    async def plan(self, order: ExperimentOrder) -> ExperimentRecord:
        """Store an experiment with its margins; nothing starts. Raises RefusedOrder."""
        definitions = load_definitions()
        check_order(order, definitions)
        for key in order.arms:
            self.desk.startable(key)
        for name in order.scenarios:
            self.desk.scenario(name)
        margins = margins_of(order, definitions)

        async def insert(connection: aiosqlite.Connection) -> ExperimentRecord:
            record = self._record(order, await Queries(connection).next_experiment_number())
            fixed = [
                ExperimentMarginRecord(
                    experiment_id=record.id,
                    metric=metric,
                    revision=0,
                    margin_ratio=ratio,
                    is_primary=is_primary,
                    set_at=record.created_at,
                    finished_pairs_then=0,
                    reason=BEFORE_THE_FIRST_PAIR,
                )
                for metric, (ratio, is_primary) in margins.items()
            ]
            await write_records(connection, [record, *fixed])
            return record

        record = await self.services.store.transaction(insert)
        self.services.feed.publish(ExperimentChanged(record))
        return record

    async def start(self, experiment_id: str) -> ExperimentRecord:
        """Begin in the background. Raises RefusedOrder and UnknownIdError."""
        async with self._beginning:
            record = await self._stored(experiment_id)
            if record.state != "planned":
                raise RefusedOrder(f"experiment {record.number} is {record.state}; only a planned one can be started")
            return await self._begin(record)

    async def resume(self, experiment_id: str) -> ExperimentRecord:
        """Go on with a paused experiment where it was left: its finished pairs count. Raises as `start` does."""
        async with self._beginning:
            record = await self._stored(experiment_id)
            if record.state != "paused":
                raise RefusedOrder(f"experiment {record.number} is {record.state}; only a paused one can be resumed")
            return await self._begin(record)

    async def pause(self, experiment_id: str, *, at_once: bool = False) -> None:
        """Pause it after the running pair, or at once, which discards that pair. Raises RefusedOrder."""
        runner = await self._running_runner(experiment_id)
        runner.leave("pause" if at_once else "pause after the pair", "paused by the operator")

    async def stop(self, experiment_id: str) -> ExperimentRecord:
        """End it for good; its finished pairs stay. Raises RefusedOrder when it has ended already."""
        if self._runner is not None and self._runner.record.id == experiment_id:
            self._runner.leave("stop", "stopped by the operator")
            return await self.wait(experiment_id)
        record = await self._stored(experiment_id)
        if record.state not in ("planned", "paused"):
            raise RefusedOrder(f"experiment {record.number} is {record.state}; there is nothing to stop here")
        now = iso_utc(self.services.clock.epoch_s())
        stopped = replace(record, state="stopped", state_reason="stopped by the operator", finished_at=now)
        return await self._put(stopped)

    async def wait(self, experiment_id: str) -> ExperimentRecord:
        """Its record when it does not run (any more)."""
        if self._task is not None and self._runner is not None and self._runner.record.id == experiment_id:
            await asyncio.shield(self._task)
        return await self._stored(experiment_id)

    async def set_margin(self, experiment_id: str, metric: str, ratio: float, reason: str) -> ExperimentMarginRecord:
        """Set a margin anew; after the first trial it is a revision, marked for ever. Raises RefusedOrder."""
        record = await self._stored(experiment_id)
        complaint = next(margin_complaints(metric, ratio, load_definitions()), None)
        if complaint is None and not reason.strip():
            complaint = "a margin that is changed needs a reason, which stays with it for ever; give one"
        if complaint is not None:
            raise RefusedOrder(complaint)
        history = [item for item in await self._margins(record) if item.metric == metric]
        trials = await self.services.queries.trials(record.id)
        finished = [pair for pair in finished_pairs(trials, _arm_count(record)).values() if not pair[0].is_warmup]
        changed = ExperimentMarginRecord(
            experiment_id=record.id,
            metric=metric,
            revision=max((item.revision for item in history), default=0) + 1 if trials else 0,
            margin_ratio=ratio,
            is_primary=history[-1].is_primary if history else False,
            set_at=iso_utc(self.services.clock.epoch_s()),
            finished_pairs_then=len(finished),
            reason=reason.strip(),
        )
        self.services.store.put(changed)
        await self.services.store.flush()
        running = self.running
        self.services.feed.publish(ExperimentChanged(running if running and running.id == record.id else record))
        return changed

    async def close(self) -> None:
        """Pause what runs, at once: its finished pairs are kept, and any console can go on with it."""
        if self._runner is not None and self._task is not None:
            self._runner.leave("pause", "the console was closed; its finished pairs are kept, and it can be resumed")
            await self._task

    async def _begin(self, record: ExperimentRecord) -> ExperimentRecord:
        runtimes = [self.desk.startable(key) for key in json.loads(record.runtime_keys_json)]
        scenarios = {name: self.desk.scenario(name) for name in json.loads(record.scenarios_json)}
        await self._refuse_beside_others(record)
        self.launches.refusal = (
            f"experiment {record.number} runs, and nothing beside it, for it is timed; wait for it or pause it"
        )
        with ExitStack() as unless_taken:
            unless_taken.callback(self._let_others_begin)
            record = await self._take(record)
            unless_taken.pop_all()
        self._runner = runner = Runner(self.services, self.launches, record, runtimes, scenarios)
        self._task = asyncio.create_task(self._run(runner), name=f"experiment {record.number}")
        self.services.feed.publish(ExperimentChanged(record))
        return record

    async def _run(self, runner: Runner) -> ExperimentRecord:
        try:
            return await runner.run()
        finally:
            self._runner = None
            self._let_others_begin()

    def _let_others_begin(self) -> None:
        self.launches.refusal = None

    async def _refuse_beside_others(self, record: ExperimentRecord) -> None:
        if not self.desk.node_packages_ready:
            raise RefusedOrder("the Node packages are still being installed; wait for the bar to fill")
        if self._runner is not None:
            raise RefusedOrder(f"experiment {self._runner.record.number} runs already; wait for it or pause it")
        if self.launches.refusal is not None:
            raise RefusedOrder(self.launches.refusal)
        for run in await self.services.queries.unfinished_runs():
            owner = ProcessIdentity(run.console_pid, run.console_started_at_epoch)
            if owner != self.services.console and owner.is_alive():
                raise RefusedOrder(f"another console (pid {owner.pid}) runs a beat; wait for it, or close that console")
        # Last, for nothing may begin between this look and the refusal that the caller sets.
        if self.launches.busy_lanes:
            raise RefusedOrder(
                f"a beat is running, and experiment {record.number} is timed; wait for it, or cancel it with `c`"
            )

    async def _take(self, record: ExperimentRecord) -> ExperimentRecord:
        """Make it this console's own, unless another one runs meanwhile."""
        services = self.services
        now = iso_utc(services.clock.epoch_s())

        async def take(connection: aiosqlite.Connection) -> ExperimentRecord:
            queries = Queries(connection)
            for other in await queries.experiments_in_state("running"):
                if ProcessIdentity(other.console_pid, other.console_started_at_epoch).is_alive():
                    raise RefusedOrder(f"experiment {other.number} runs in another console; wait for it")
            current = await queries.experiment(record.id)
            if current is None or current.state != record.state:
                state = current.state if current is not None else "gone"
                raise RefusedOrder(f"experiment {record.number} is {state} by now: another console was quicker")
            taken = replace(
                record,
                state="running",
                state_reason=None,
                started_at=record.started_at or now,
                provenance_json=record.provenance_json or json.dumps(provenance_at_start()),
                console_pid=services.console.pid,
                console_started_at_epoch=services.console.started_at_epoch,
            )
            await write_records(connection, [taken])
            return taken

        return await self._named_self_check(await services.store.transaction(take))

    async def _named_self_check(self, record: ExperimentRecord) -> ExperimentRecord:
        """The record with the self-check that counted when it began."""
        if record.kind == "self-check":
            return record
        rows = await experiment_rows(self.services.queries, record.id)
        assert rows is not None  # it was just stored
        found = await self_check_for(self.services.queries, rows, load_definitions())
        return await self._put(replace(record, self_check_id=found.experiment_id)) if found is not None else record

    async def _put(self, record: ExperimentRecord) -> ExperimentRecord:
        self.services.store.put(record)
        await self.services.store.flush()
        self.services.feed.publish(ExperimentChanged(record))
        return record

    async def _stored(self, experiment_id: str) -> ExperimentRecord:
        await self.services.store.flush()
        record = await self.services.queries.experiment(experiment_id)
        if record is None:
            raise UnknownIdError(f"there is no experiment {experiment_id}; see `sidebeat experiment --list`")
        return record

    async def _margins(self, record: ExperimentRecord) -> list[ExperimentMarginRecord]:
        return await self.services.queries.experiment_margins(record.id)

    async def _running_runner(self, experiment_id: str) -> Runner:
        if self._runner is not None and self._runner.record.id == experiment_id:
            return self._runner
        record = await self._stored(experiment_id)
        raise RefusedOrder(f"experiment {record.number} is {record.state} and does not run in this console")

    def _record(self, order: ExperimentOrder, number: int) -> ExperimentRecord:
        services = self.services
        return ExperimentRecord(
            id=services.clock.new_id(),
            number=number,
            title=order.shown_title,
            kind=order.kind,
            scenarios_json=json.dumps(order.scenarios),
            runtime_keys_json=json.dumps(order.arms),
            temperature=order.temperature,
            seed=order.seed,
            warmup_pairs=order.warmup_pairs,
            min_pairs=order.min_pairs,
            max_pairs=order.max_pairs,
            stops_when_settled=order.stops_when_settled and order.kind == "comparison",
            time_limit_s=order.time_limit_s,
            state="planned",
            created_at=iso_utc(services.clock.epoch_s()),
            console_pid=services.console.pid,
            console_started_at_epoch=services.console.started_at_epoch,
        )


def _arm_count(record: ExperimentRecord) -> int:
    return len(json.loads(record.runtime_keys_json))
