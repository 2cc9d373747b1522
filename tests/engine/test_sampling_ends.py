"""The sampler of a beat ends with it, even when the last request comes in the same moment."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

from console.engine.beat.sampling import TreeSampler
from console.engine.beat.step_clock import StepClock
from console.engine.events import EngineEvent, ProcessesSampled, RequestSeen
from store.records import ModelRequestRecord
from tests.unit.open_services import open_services
from tests.unit.store_samples import sample


async def test_a_request_together_with_the_end_does_not_keep_it_going(tmp_path: Path) -> None:
    async with open_services(tmp_path) as services:
        sampled = asyncio.Event()

        def listen(event: EngineEvent) -> None:
            if isinstance(event, ProcessesSampled):
                sampled.set()

        services.feed.subscribe(listen)
        sampler = TreeSampler("r1", os.getpid(), StepClock("r1", services.feed), services.store, services.feed)

        async def beat() -> None:
            async with sampler.running():
                await sampled.wait()
                # The sampler waits for a request or its interval now, and is cancelled as soon as the context is left.
                await asyncio.sleep(0)
                services.feed.publish(RequestSeen(sample(ModelRequestRecord, run_id="r1")))

        beating = asyncio.create_task(beat())
        done, left = await asyncio.wait({beating}, timeout=10)
        for task in left:
            task.cancel()
        assert done == {beating}
