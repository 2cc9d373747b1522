"""While `execute` runs: listening, sampling, and stopping it when it must stop."""

from __future__ import annotations

import asyncio
import contextlib
import json
import math
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal, TypeVar

from pydantic import Field, ValidationError

from adapters.bridge import AdapterThrewError, Bridge, BridgeError, RunReport
from adapters.bridge.messages import Log, Meta, Spawn
from adapters.contract import (
    AdapterExecutionContext,
    AdapterExecutionResult,
    AdapterInvocationMeta,
    AdapterRuntimeEvent,
    ContractModel,
    ProcessSpawn,
)
from adapters.process_tree import stop_trees
from console.engine.beat.order import Services
from console.engine.beat.sampling import TreeSampler
from console.engine.beat.step_clock import StepClock
from console.engine.events import Step
from console.engine.process_register import record_process
from console.engine.run_log import RunLog

CANCEL_GRACE_S = 5.0
DEFAULT_ADAPTER_GRACE_S = 20.0
"""Upstream's `graceSec` where the configuration has none (`adapter-pi-local/dist/server/execute.js`)."""
UNTIMED_CHECKS_S = 20.0
"""What upstream does outside of its time limit: pi's check of its model may take so long."""
MAX_PID = 2**31 - 1

StoppedBy = Literal["operator", "watchdog"]
SaidT = TypeVar("SaidT", bound=ContractModel)


class _LivingSpawn(ProcessSpawn):
    """A pid that the system could have given."""

    pid: Annotated[int, Field(ge=1, le=MAX_PID)]


@dataclass(slots=True)
class Execution:
    """One call of `execute`, and what came of it."""

    run_id: str
    bridge: Bridge
    log: RunLog
    steps: StepClock
    services: Services
    time_limit_s: float
    cancel_requested: asyncio.Event
    stopped_by: StoppedBy | None = None
    invocation: dict[str, object] | None = None
    result: AdapterExecutionResult | None = None
    thrown: str | None = None
    execute_ms: float | None = None
    sampler: TreeSampler = field(init=False)
    _spawned_pids: list[int] = field(default_factory=list[int])

    def __post_init__(self) -> None:
        services = self.services
        self.sampler = TreeSampler(self.run_id, self.bridge.pid, self.steps, services.store, services.feed)

    async def run(self, context: AdapterExecutionContext) -> None:
        """Call `execute` and return when it has ended, one way or the other; never raises for the adapter's sake."""
        self.steps.start_execute(self.services.clock.epoch_s())
        self.steps.mark(Step.EXECUTE)
        call = asyncio.create_task(self.bridge.execute(self.run_id, context, self._listen))
        async with self.sampler.running():
            try:
                await self._wait(call, self.time_limit_s + watchdog_grace_s(context.config))
                self.result, self.execute_ms = await call
            except (AdapterThrewError, BridgeError) as error:
                self.thrown = str(error)
            finally:
                call.cancel()
                with contextlib.suppress(asyncio.CancelledError, AdapterThrewError, BridgeError):
                    await call
            self.steps.mark(Step.RESULT)

    async def _wait(self, call: asyncio.Task[tuple[AdapterExecutionResult, float]], limit_s: float) -> None:
        """Until the call ends; a cancel or the time limit ends it."""
        cancel = asyncio.create_task(self.cancel_requested.wait())
        try:
            await asyncio.wait({call, cancel}, timeout=limit_s, return_when=asyncio.FIRST_COMPLETED)
            if not call.done():
                self.stopped_by = "operator" if cancel.done() else "watchdog"
                await self._stop(call)
        finally:
            cancel.cancel()

    async def _stop(self, call: asyncio.Task[tuple[AdapterExecutionResult, float]]) -> None:
        """As Paperclip cancels: the signal, SIGTERM to the agent's group, grace, SIGKILL; at last the bridge itself."""
        await self.bridge.cancel(self.run_id)
        await stop_trees(self._agent_pids(), grace_s=CANCEL_GRACE_S)
        await asyncio.wait({call}, timeout=CANCEL_GRACE_S)
        if not call.done():
            await stop_trees([self.bridge.pid], grace_s=1.0)

    def _agent_pids(self) -> list[int]:
        """Spawned command line agents. A VM's sidecar is left to its adapter, which heeds the signal."""
        return [pid for pid in self._spawned_pids if _leads_group(pid)]

    async def _listen(self, report: RunReport) -> None:
        if isinstance(report, Log):
            self.log.take(report)
        elif isinstance(report, Meta):
            if self._read("onMeta", AdapterInvocationMeta, report.meta, report.at_ms):
                self.invocation = report.meta
        elif isinstance(report, Spawn):
            if spawn := self._read("onSpawn", _LivingSpawn, report.spawn, report.at_ms):
                self._take_spawn(spawn.pid)
        elif event := self._read("onEvent", AdapterRuntimeEvent, report.event, report.at_ms):
            self.log.note(": ".join(filter(None, (event.event_type, event.message))), at_ms=report.at_ms)

    def _read(self, callback: str, model: type[SaidT], said: dict[str, object], at_ms: float) -> SaidT | None:
        """What the adapter handed to a callback; a misfit is shown in the transcript, and is None."""
        try:
            return model.model_validate(said)
        except ValidationError as error:
            first = error.errors()[0]
            field = ".".join(map(str, first["loc"]))
            shown = json.dumps(said, ensure_ascii=False)
            self.log.note(
                f"the adapter's {callback} is not as its contract has it: {field}: {first['msg']}: {shown}", at_ms=at_ms
            )
            return None

    def _take_spawn(self, pid: int) -> None:
        self._spawned_pids.append(pid)
        self.steps.mark(Step.SPAWNED)
        services = self.services
        record_process(services.store, services.clock, services.console, pid, role="agent", run_id=self.run_id)


def watchdog_grace_s(config: Mapping[str, object]) -> float:
    """The adapter's own time limit comes first; the console steps in only when it did not hold.

    `graceSec` is read as upstream reads it: what is no finite number counts as absent.
    """
    told = config.get("graceSec")
    if isinstance(told, bool) or not isinstance(told, int | float) or not math.isfinite(told):
        return DEFAULT_ADAPTER_GRACE_S + UNTIMED_CHECKS_S
    return max(float(told), 0.0) + UNTIMED_CHECKS_S


def _leads_group(pid: int) -> bool:
    try:
        return os.getpgid(pid) == pid
    except ProcessLookupError:
        return False
