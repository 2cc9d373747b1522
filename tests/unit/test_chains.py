"""Chains are numbered, beat on one session in each lane, and go on in another console."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path

import pytest

from console.engine.chain import ChainOrder, Chains, chain_view
from console.engine.chain.expectations import ExpectedVerdicts, broken_expectations
from console.engine.launches import RefusedOrder
from store.records import ResumeVerdictRecord, ResumeWord
from tests.unit.chain_host import FakeHost
from tests.unit.open_services import open_services
from tests.unit.store_samples import sample

LANES = ("pi_local", "agentos_local/pi")


@pytest.fixture
async def host(tmp_path: Path) -> AsyncGenerator[FakeHost]:
    async with open_services(tmp_path) as services:
        yield FakeHost(services, {key: {"sessionId": key} for key in LANES})


def judged(run_id: str, word: ResumeWord) -> ResumeVerdictRecord:
    return sample(ResumeVerdictRecord, run_id=run_id, verdict=word)


async def test_chains_are_numbered_and_remember_what_they_were_asked(host: FakeHost) -> None:
    first = await host.chains.begin(ChainOrder("remember", LANES))
    second = await host.chains.begin(ChainOrder("hello-tool", LANES[:1], "warm", "beat, beat"))
    assert (first.number, second.number, second.bridge_mode, second.plan) == (1, 2, "warm", "beat, beat")
    assert json.loads(first.runtime_keys_json) == list(LANES)


async def test_a_runtime_that_there_is_not_begins_nothing(host: FakeHost) -> None:
    with pytest.raises(RefusedOrder, match="there is no runtime `pi`"):
        await host.chains.begin(ChainOrder("remember", ("pi",)))
    assert await host.services.queries.chains() == []


async def test_beats_go_on_with_the_issue_of_their_lane(host: FakeHost) -> None:
    chain = await host.chains.begin(ChainOrder("remember", LANES, "warm"))
    await host.chains.beat(chain.id)
    steps = await host.chains.beat(chain.id, [1])
    assert [(step.lane_index, step.step_no, step.state, step.statement) for step in steps] == [
        (1, 3, "done", "beat 2 succeeded")
    ]
    order = host.orders[-1]
    assert (order.session, order.bridge_mode, order.lane_indexes) == ("next beat", "warm", (1,))
    assert [lane.issue_id for lane in order.lanes] == ["issue-1"]


async def test_a_beat_that_fails_is_a_failed_step_with_its_reason(host: FakeHost) -> None:
    host.ends_as = "failed"
    chain = await host.chains.begin(ChainOrder("remember", LANES))
    steps = await host.chains.beat(chain.id, [0])
    assert [(step.state, step.statement) for step in steps] == [("failed", "beat 1 failed")]


async def test_manipulating_before_a_first_beat_is_refused(host: FakeHost) -> None:
    chain = await host.chains.begin(ChainOrder("remember", LANES))
    step = await host.chains.manipulate(chain.id, 0, "view")
    assert (step.state, step.statement) == ("refused", "lane A has had no beat yet; beat first")


async def test_a_beat_that_a_crash_left_is_closed_when_the_chain_goes_on(host: FakeHost) -> None:
    chain = await host.chains.begin(ChainOrder("remember", LANES))
    (step,) = await host.chains.beat(chain.id, [0])
    host.services.store.put(replace(step, state="begun", statement="beat 1 began"))
    run = await host.services.queries.run(step.run_id or "")
    assert run is not None
    host.services.store.put(replace(run, status="interrupted"))
    another_console = Chains(host)
    await another_console.manipulate(chain.id, 0, "view")
    view = await chain_view(host.services.queries, chain.id)
    assert view is not None
    assert (view.steps[0].state, view.steps[0].statement) == ("failed", "beat 1 interrupted")


async def test_the_view_has_each_lane_with_its_verdicts_and_counts_fallbacks(host: FakeHost) -> None:
    chain = await host.chains.begin(ChainOrder("remember", LANES))
    for word in (None, "native", "fresh", "fresh"):
        for step in await host.chains.beat(chain.id):
            if word is not None and step.lane_index == 0:
                host.services.store.put(judged(step.run_id or "", word))
    await host.services.store.flush()
    view = await chain_view(host.services.queries, chain.id)
    assert view is not None
    lane, other = view.lanes
    assert [beat.word for beat in lane.beats] == [None, "native", "fresh", "fresh"]
    assert (lane.fresh_in_a_row, other.fresh_in_a_row) == (2, 0)
    assert lane.session is not None
    assert broken_expectations(view, [ExpectedVerdicts(("native", "any", "fresh"), 0)]) == []
    assert broken_expectations(view, [ExpectedVerdicts(("native",))]) == [
        "lane A (pi_local): expected native; seen native, fresh, fresh",
        "lane B (agentos_local/pi): expected native; seen not judged, not judged, not judged",
    ]


async def test_a_chain_that_there_is_not_says_so(host: FakeHost) -> None:
    assert await chain_view(host.services.queries, "none") is None
    with pytest.raises(RefusedOrder, match="there is no chain none; begin a new one"):
        await host.chains.beat("none")
