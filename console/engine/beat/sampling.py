"""A beat's process tree while `execute` runs: at an interval, at each model request, and once more at its end."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field

from adapters.process_tree import ProcessIdentity, TreeSample, sample_tree
from console.engine.beat.step_clock import StepClock
from console.engine.events import EngineEvent, EventFeed, ProcessesSampled, RequestSeen
from store import Store
from store.records import ProcessSampleRecord

SAMPLE_INTERVAL_S = 0.25
PSS_CPU_SHARE = 0.02
"""The most of a core that proportional memory may cost: a tree that takes long to walk has it in fewer samples."""


@dataclass(slots=True)
class TreeSampler:
    """Samples one bridge's tree. At a model request the agent waits, in every runtime at the same point of its work."""

    run_id: str
    bridge_pid: int
    steps: StepClock
    store: Store
    feed: EventFeed
    seen: set[ProcessIdentity] = field(default_factory=set[ProcessIdentity])
    """Every process that was in any sample."""
    _request_came: asyncio.Event = field(default_factory=asyncio.Event)
    _pss_allowed_s: float = 0.0
    """On the monotonic clock: the next sample from then on has it."""

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncGenerator[None]:
        """Sample until the context is left. A short beat is sampled too: at its begin, its requests and its end."""
        unsubscribe = self.feed.subscribe(self._hear)
        sampling = asyncio.create_task(self._sample_on())
        try:
            yield
        finally:
            unsubscribe()
            sampling.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await sampling
        await self._take(with_pss=True)

    def _hear(self, event: EngineEvent) -> None:
        if isinstance(event, RequestSeen) and event.request.run_id == self.run_id:
            self._request_came.set()

    async def _sample_on(self) -> None:
        while True:
            self._request_came.clear()
            await self._take(with_pss=time.monotonic() >= self._pss_allowed_s)
            # Not `wait_for`, which before Python 3.12 loses a cancel that comes together with the request.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(SAMPLE_INTERVAL_S):
                    await self._request_came.wait()

    async def _take(self, *, with_pss: bool) -> None:
        began_s = time.monotonic()
        sample, cost_s = await asyncio.to_thread(_timed_sample, self.bridge_pid, with_pss)
        if with_pss:
            self._pss_allowed_s = began_s + cost_s / PSS_CPU_SHARE
        if sample is None:
            return
        self.seen |= sample.processes
        record = ProcessSampleRecord(
            run_id=self.run_id,
            at_ms=self.steps.at_ms(),
            process_count=sample.process_count,
            rss_bytes=sample.rss_bytes,
            cpu_seconds=sample.cpu_seconds,
            pss_bytes=sample.pss_bytes,
        )
        self.store.put(record)
        self.feed.publish(ProcessesSampled(record))


def _timed_sample(pid: int, with_pss: bool) -> tuple[TreeSample | None, float]:
    """The sample, and the CPU seconds that it cost."""
    began_s = time.thread_time()
    return sample_tree([pid], with_pss=with_pss), time.thread_time() - began_s
