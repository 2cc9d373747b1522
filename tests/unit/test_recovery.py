"""What a dead console left is marked once, by whoever comes first, and the operator is told."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from console.engine.control_plane import ControlPlane
from console.engine.events import EventFeed
from console.engine.paths import ConsolePaths
from console.engine.recovery import Recovery, recover
from store import Queries, Store
from store.records import AgentRecord, IssueRecord, LaunchRecord, RunRecord
from tests.unit.open_services import paths_below
from tests.unit.store_samples import fixed_clock, sample
from tests.unit.test_control_plane import FakeClock


async def leave_a_run(paths: ConsolePaths) -> None:
    """As a console leaves it that was killed: its pid now names a process that started at another time."""
    async with await Store.open(paths.database, fixed_clock) as store:
        store.put(sample(LaunchRecord, id="l1"))
        store.put(sample(AgentRecord, id="a1"))
        store.put(sample(IssueRecord, id="i1", assignee_agent_id="a1", execution_run_id="r1", checkout_run_id="r1"))
        run = sample(RunRecord, id="r1", launch_id="l1", issue_id="i1", agent_id="a1", status="running")
        store.put(run)


async def recovered(paths: ConsolePaths, clock: FakeClock) -> Recovery:
    async with (
        await Store.open(paths.database, fixed_clock) as store,
        await Queries.open(paths.database) as queries,
    ):
        return await recover(store, queries, ControlPlane(store, EventFeed(), clock), paths, clock)


async def test_two_consoles_that_start_together_mark_a_left_run_once(tmp_path: Path) -> None:
    paths, clock = paths_below(tmp_path), FakeClock()
    await leave_a_run(paths)

    found = await asyncio.gather(*(recovered(paths, clock) for _ in range(2)))

    assert sorted(recovery.interrupted_run_ids for recovery in found) == [(), ("r1",)]
    async with await Queries.open(paths.database) as queries:
        run, issue = await queries.run("r1"), await queries.issue("i1")
        assert run is not None
        assert issue is not None
        assert (run.status, run.error_code, issue.execution_run_id) == ("interrupted", "process_lost", None)
        assert len(await queries.comments("i1")) == 1


@pytest.mark.parametrize(
    ("recovery", "sentence"),
    [
        (Recovery((), ()), None),
        (Recovery(("a",), ()), "1 run was interrupted when the last console ended; it is marked so"),
        (
            Recovery(("a", "b"), (7,)),
            (
                "2 runs were interrupted when the last console ended; they are marked so; "
                "1 process was left behind and stopped"
            ),
        ),
        (Recovery((), (7, 8)), "2 processes were left behind and stopped"),
    ],
)
def test_the_operator_is_told_what_was_mended(recovery: Recovery, sentence: str | None) -> None:
    assert recovery.sentence == sentence
