"""While `execute` runs: listening, sampling, and stopping it when it must stop."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Literal

from adapters.bridge import AdapterThrewError, Bridge, BridgeError, RunReport
from adapters.bridge.messages import Log, Meta, Spawn
from adapters.contract import AdapterExecutionContext, AdapterExecutionResult
from adapters.process_tree import sample_tree, stop_trees
from console.engine.beat.order import Services
from console.engine.beat.step_clock import StepClock
from console.engine.events import ProcessesSampled, Step
from console.engine.process_register import record_process
from console.engine.run_log import RunLog
from store.records import ProcessSampleRecord

SAMPLE_INTERVAL_S = 0.25
CANCEL_GRACE_S = 5.0
WATCHDOG_GRACE_S = 15.0
"""The adapter's own time limit comes first; the console steps in only when it did not hold."""

StoppedBy = Literal["operator", "watchdog"]


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
    _spawned_pids: list[int] = field(default_factory=list[int])

    async def run(self, context: AdapterExecutionContext) -> None:
        """Call `execute` and return when it has ended, one way or the other; never raises for the adapter's sake."""
        self.steps.start_execute(self.services.clock.epoch_s())
        self.steps.mark(Step.EXECUTE)
        call = asyncio.create_task(self.bridge.execute(self.run_id, context, self._listen))
        async with self._sampled():
            try:
                await self._wait(call)
                self.result, self.execute_ms = await call
            except (AdapterThrewError, BridgeError) as error:
                self.thrown = str(error)
            finally:
                call.cancel()
                with contextlib.suppress(asyncio.CancelledError, AdapterThrewError, BridgeError):
                    await call
        self.steps.mark(Step.RESULT)

    async def _wait(self, call: asyncio.Task[tuple[AdapterExecutionResult, float]]) -> None:
        """Until the call ends; a cancel or the time limit ends it."""
        cancel = asyncio.create_task(self.cancel_requested.wait())
        try:
            limit_s = self.time_limit_s + WATCHDOG_GRACE_S
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
            self.invocation = report.meta
        elif isinstance(report, Spawn):
            self._take_spawn(report)

    def _take_spawn(self, report: Spawn) -> None:
        pid = int(report.spawn["pid"])
        self._spawned_pids.append(pid)
        self.steps.mark(Step.SPAWNED)
        services = self.services
        record_process(services.store, services.clock, services.console, pid, role="agent", run_id=self.run_id)

    @contextlib.asynccontextmanager
    async def _sampled(self) -> AsyncGenerator[None]:
        sampler = asyncio.create_task(self._sample())
        try:
            yield
        finally:
            sampler.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await sampler

    async def _sample(self) -> None:
        while True:
            sample = await asyncio.to_thread(sample_tree, [self.bridge.pid])
            if sample is not None:
                record = ProcessSampleRecord(
                    run_id=self.run_id,
                    at_ms=self.steps.at_ms(),
                    process_count=sample.process_count,
                    rss_bytes=sample.rss_bytes,
                    cpu_seconds=sample.cpu_seconds,
                )
                self.services.store.put(record)
                self.services.feed.publish(ProcessesSampled(record))
            await asyncio.sleep(SAMPLE_INTERVAL_S)


def _leads_group(pid: int) -> bool:
    try:
        return os.getpgid(pid) == pid
    except ProcessLookupError:
        return False
