"""A beat's process tree is sampled at its begin, at its requests and at its end, however short it is."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass, field
from typing import cast

import psutil
import pytest

from adapters.process_tree import ProcessIdentity, sample_tree
from console.engine.beat import sampling
from console.engine.beat.sampling import TreeSampler
from console.engine.beat.step_clock import StepClock
from console.engine.events import EngineEvent, EventFeed, ProcessesSampled, RequestSeen
from store import Store
from store.records import ModelRequestRecord, ProcessSampleRecord
from tests.unit.store_samples import sample

DEADLINE_S = 10.0


@dataclass
class FakeStore:
    """Keeps what is put."""

    kept: list[ProcessSampleRecord] = field(default_factory=list[ProcessSampleRecord])

    def put(self, record: ProcessSampleRecord) -> None:
        self.kept.append(record)


@dataclass
class Watched:
    """A sampler of this very process, what it stored, and a wait for its next sample."""

    sampler: TreeSampler
    store: FakeStore
    feed: EventFeed
    sampled: asyncio.Queue[ProcessSampleRecord]

    async def next_sample(self) -> ProcessSampleRecord:
        async with asyncio.timeout(DEADLINE_S):
            return await self.sampled.get()

    def request(self, run_id: str) -> None:
        self.feed.publish(RequestSeen(sample(ModelRequestRecord, run_id=run_id)))


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> Watched:
    """No sample comes by the interval: what is seen has another cause."""
    monkeypatch.setattr(sampling, "SAMPLE_INTERVAL_S", 3600.0)
    feed, store, sampled = EventFeed(), FakeStore(), asyncio.Queue[ProcessSampleRecord]()

    def hear(event: EngineEvent) -> None:
        if isinstance(event, ProcessesSampled):
            sampled.put_nowait(event.sample)

    feed.subscribe(hear)
    sampler = TreeSampler("r1", os.getpid(), StepClock("r1", feed), cast("Store", store), feed)
    return Watched(sampler, store, feed, sampled)


async def test_the_shortest_beat_has_a_first_and_a_last_sample(watched: Watched) -> None:
    async with watched.sampler.running():
        first = await watched.next_sample()
    assert watched.store.kept == [first, await watched.next_sample()]
    assert ProcessIdentity.of(os.getpid()) in watched.sampler.seen


async def test_a_model_request_of_the_run_is_a_moment_to_look(watched: Watched) -> None:
    async with watched.sampler.running():
        await watched.next_sample()
        watched.request("r1")
        await watched.next_sample()
    assert len(watched.store.kept) == 3


async def test_a_request_of_another_run_is_not(watched: Watched) -> None:
    async with watched.sampler.running():
        await watched.next_sample()
        watched.request("another run")
    assert len(watched.store.kept) == 2


async def test_proportional_memory_waits_until_it_has_been_paid_for(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sampling, "PSS_CPU_SHARE", 1e-9)
    async with watched.sampler.running():
        await watched.next_sample()
        watched.request("r1")
        assert (await watched.next_sample()).pss_bytes is None
    last = watched.store.kept[-1]
    assert (last.pss_bytes is not None) == psutil.LINUX


async def test_an_error_within_goes_on_its_way_without_a_last_sample(watched: Watched) -> None:
    async def fail() -> None:
        async with watched.sampler.running():
            await watched.next_sample()
            raise OSError("the bridge is gone")

    with pytest.raises(OSError, match="the bridge is gone"):
        await fail()
    assert len(watched.store.kept) == 1


@pytest.mark.skipif(not psutil.LINUX, reason="only Linux tells proportional memory")
def test_proportional_memory_is_asked_for_and_is_no_more_than_resident_memory() -> None:
    plain, full = sample_tree([os.getpid()]), sample_tree([os.getpid()], with_pss=True)
    assert plain is not None
    assert full is not None
    assert plain.pss_bytes is None
    assert full.pss_bytes is not None
    assert 0 < full.pss_bytes <= full.rss_bytes
