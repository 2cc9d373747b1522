"""Issues are held by one run at a time, and every change is stored and told."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from adapters.catalogue import RuntimeCatalogue
from adapters.scenario import ScenarioCatalogue
from console.engine.control_plane import CheckoutConflictError, ControlPlane
from console.engine.events import CommentPosted, EngineEvent, EventFeed, IssueChanged
from store import Queries, Store
from store.records import IssueRecord, RunRecord
from tests.unit.store_samples import fixed_clock, sample


@dataclass(frozen=True, slots=True)
class FakeClock:
    """Always the same moment, and ids that count."""

    numbers: count[int] = field(default_factory=count)

    def epoch_s(self) -> float:
        return 1_770_000_000.0

    def new_id(self) -> str:
        return f"id-{next(self.numbers)}"


@dataclass(slots=True)
class Office:
    """A control plane with its store, and what it told."""

    store: Store
    queries: Queries
    plane: ControlPlane
    told: list[EngineEvent]

    async def new_issue(self) -> IssueRecord:
        scenario = ScenarioCatalogue.load().scenario("hello-tool")
        return await self.plane.open_issue(scenario, RuntimeCatalogue.load().runtime("pi_local"))

    async def stored(self, issue: IssueRecord) -> IssueRecord:
        await self.store.flush()
        found = await self.queries.issue(issue.id)
        assert found is not None
        return found

    async def run(self, run_id: str, **fields: Any) -> RunRecord:
        record = sample(RunRecord, **{"id": run_id, "status": "running", **fields})
        self.store.put(record)
        await self.store.flush()
        return record


@pytest.fixture
async def office(tmp_path: Path) -> AsyncGenerator[Office]:
    async with (
        await Store.open(tmp_path / "sidebeat.sqlite", fixed_clock) as store,
        await Queries.open(store.path) as queries,
    ):
        told: list[EngineEvent] = []
        feed = EventFeed()
        feed.subscribe(told.append)
        yield Office(store, queries, ControlPlane(store, feed, FakeClock()), told)


async def test_issues_are_numbered_and_assigned_to_the_runtimes_agent(office: Office) -> None:
    first, second = await office.new_issue(), await office.new_issue()
    assert (first.identifier, second.identifier) == ("SB-1", "SB-2")
    assert (first.status, first.assignee_agent_id) == ("todo", "agent-pi_local")
    agent = await office.queries.agent("agent-pi_local")
    assert agent is not None
    assert agent.adapter_type == "pi_local"
    assert [event.issue for event in office.told if isinstance(event, IssueChanged)] == [first, second]


async def test_a_checkout_is_held_against_a_second_run(office: Office) -> None:
    issue, holder = await office.new_issue(), await office.run("first-run")
    taken = await office.plane.check_out(issue.id, holder)
    assert (taken.status, taken.checkout_run_id, taken.execution_run_id) == ("in_progress", "first-run", "first-run")
    with pytest.raises(
        CheckoutConflictError, match="issue SB-1 is checked out to run first-ru; wait for it to end, or cancel it"
    ) as caught:
        await office.plane.check_out(issue.id, await office.run("second-run"))
    assert caught.value.holder_run_id == "first-run"
    assert await office.stored(issue) == taken


async def test_the_holder_may_check_out_again(office: Office) -> None:
    issue, holder = await office.new_issue(), await office.run("first-run")
    await office.plane.check_out(issue.id, holder)
    assert (await office.plane.check_out(issue.id, holder)).execution_run_id == "first-run"


@pytest.mark.parametrize("holder_ended", [True, False])
async def test_a_lock_without_a_live_run_is_healed(office: Office, holder_ended: bool) -> None:
    issue = await office.new_issue()
    if holder_ended:
        await office.plane.check_out(issue.id, await office.run("old", finished_at="2026-01-31T12:00:00.000Z"))
    else:
        office.store.put(replace(issue, execution_run_id="a run that is not stored"))
        await office.store.flush()
    taken = await office.plane.check_out(issue.id, await office.run("new"))
    assert taken.execution_run_id == "new"


@pytest.mark.parametrize(("status", "issue_status"), [("succeeded", "done"), ("failed", "in_progress")])
async def test_a_run_gives_its_issue_back(office: Office, status: str, issue_status: str) -> None:
    issue, holder = await office.new_issue(), await office.run("r1")
    await office.plane.check_out(issue.id, holder)
    await office.plane.release(issue.id, replace(holder, status=status))  # pyright: ignore[reportArgumentType]  # one of the two rows above
    free = await office.stored(issue)
    assert (free.status, free.checkout_run_id, free.execution_run_id) == (issue_status, None, None)


async def test_who_does_not_hold_an_issue_cannot_give_it_back(office: Office) -> None:
    issue, holder = await office.new_issue(), await office.run("r1")
    await office.plane.check_out(issue.id, holder)
    await office.plane.release(issue.id, await office.run("r2", status="succeeded"))
    assert (await office.stored(issue)).execution_run_id == "r1"


async def test_an_issue_that_does_not_exist_is_named(office: Office) -> None:
    with pytest.raises(LookupError, match="there is no issue i9"):
        await office.plane.check_out("i9", await office.run("r1"))


async def test_a_comment_is_stored_and_told(office: Office) -> None:
    issue = await office.new_issue()
    comment = office.plane.comment(issue.id, "Hello.", kind="operator", author="me", run_id=None)
    await office.store.flush()
    assert await office.queries.comments(issue.id) == [comment]
    assert office.told[-1] == CommentPosted(comment)
