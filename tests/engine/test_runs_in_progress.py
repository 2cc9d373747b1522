"""While a run is under way: who else may come, and what is left when it is stopped."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from adapters.node_runtime import NodeRuntimeLayout
from console.engine.engine import Engine
from console.engine.events import EngineEvent, RequestSeen
from console.engine.launches import RefusedOrder
from store.records import RunRecord
from tests.engine.consoles import (
    ENDLESS_SCENARIO,
    CommandLine,
    add_scenario,
    beat,
    comments_of,
    opened,
    order,
    processes_of,
    rows_of,
)
from tests.engine.waiting import until

pytestmark = [pytest.mark.real, pytest.mark.asyncio(loop_scope="module")]


async def start_endless(console: Engine, *runtimes: str) -> tuple[str, str]:
    """A launch whose first agent waits for a command; returns it and its first run once the command was given."""
    answered = asyncio.Event()
    run_ids: list[str] = []

    def listen(event: EngineEvent) -> None:
        if isinstance(event, RequestSeen) and event.request.status is not None:
            run_ids.append(event.request.run_id)
            answered.set()

    unsubscribe = console.feed.subscribe(listen)
    launch = await console.launch(order(runtimes, scenario="endless"))
    await answered.wait()
    unsubscribe()
    return launch, run_ids[0]


def sleeps(console: Engine) -> bool:
    return any("sleep 600" in command for command in processes_of(console.paths.data).values())


async def assert_nothing_is_left(console: Engine, run: RunRecord) -> None:
    kept = {process.pid for process in await console.queries.live_processes() if process.role == "model endpoint"}
    left = {pid: command for pid, command in processes_of(console.paths.data).items() if pid not in kept}
    assert left == {}
    assert not (console.paths.temporary / run.id).exists()


async def test_a_running_issue_is_held_and_a_cancelled_run_leaves_nothing(
    console: Engine, node_runtime: NodeRuntimeLayout
) -> None:
    launch, run_id = await start_endless(console, "pi_local")
    await until(lambda: sleeps(console), "the agent's command runs")
    running = await console.queries.run(run_id)
    assert running is not None

    conflict = await beat(console, "pi_local", scenario="endless", issue=running.issue_id, lane=1)
    assert (conflict.status, conflict.error_code) == ("failed", "setup_failed")
    assert conflict.error_message == (
        f"issue SB-1 is checked out to run {run_id[:8]}; wait for it to end, or cancel it"
    )
    with pytest.raises(RefusedOrder, match="lane A has a beat running; wait for it, or cancel it with `c`"):
        await console.launch(order(["pi_local"]))
    async with opened(console.paths, node_runtime) as second:
        assert second.recovery.interrupted_run_ids == ()
        assert second.recovery.reaped_pids == ()
        assert (console.paths.temporary / run_id).is_dir()
        assert [row.kind for row in await rows_of(second, running)]

    await console.cancel_run(run_id)
    (run,) = await console.wait(launch)
    assert (run.status, run.error_code, run.error_message) == ("cancelled", "cancelled", "cancelled by the operator")
    await assert_nothing_is_left(console, run)
    issue = await console.queries.issue(run.issue_id)
    assert issue is not None
    assert issue.execution_run_id is None
    (comment,) = await comments_of(console, run)
    assert comment.startswith("Run cancelled on pi_local: cancelled by the operator.")
    assert (await rows_of(console, run))[-1].title == "cancelled: cancelled"


async def test_a_cancelled_vm_leaves_nothing(console: Engine) -> None:
    launch, run_id = await start_endless(console, "agentos_local/pi")
    await console.cancel_run(run_id)
    (run,) = await console.wait(launch)
    assert run.status == "cancelled"
    assert run.exit_code == 143
    await assert_nothing_is_left(console, run)


async def test_cancelling_everything_reaches_the_queued_runs_and_what_an_agent_is_just_starting(
    console: Engine,
) -> None:
    launch, run_id = await start_endless(console, "pi_local", "pi_local")
    await console.cancel_all()
    running, queued = await console.wait(launch)
    assert (running.id, running.status) == (run_id, "cancelled")
    assert (queued.status, queued.error_message) == ("cancelled", "cancelled by the operator before it began")
    assert queued.execution_root is None
    assert [row.title for row in await rows_of(console, queued)] == ["cancelled: cancelled"]
    await assert_nothing_is_left(console, running)
    assert console.launches.busy_lanes == frozenset()


def stored_kinds(database: Path) -> list[str]:
    """The kinds of the transcript rows that are committed."""
    with closing(sqlite3.connect(database)) as connection:
        return [kind for (kind,) in connection.execute("SELECT kind FROM transcript_rows ORDER BY row_no")]


async def test_what_a_killed_console_leaves_is_marked_reaped_and_swept(command: CommandLine) -> None:
    add_scenario(command.paths, "endless", ENDLESS_SCENARIO)
    console = await command.start("beat", "--runtime", "pi_local", "--scenario", "endless")
    await until(
        lambda: any("sleep 600" in text for text in processes_of(command.folder).values()), "the agent's command runs"
    )
    await until(lambda: "assistant" in stored_kinds(command.database), "what streamed is stored")
    console.kill()
    await console.communicate()

    async with opened(command.paths, command.layout) as engine:
        (run_id,) = engine.recovery.interrupted_run_ids
        # The bridge ends with its console and takes its agent along; the recovery reaps whatever did not.
        assert processes_of(command.folder) == {}
        run = await engine.queries.run(run_id)
        assert run is not None
        assert (run.status, run.error_code) == ("interrupted", "process_lost")
        assert [row.kind for row in await rows_of(engine, run)][:2] == ["request", "assistant"]
        (comment,) = await comments_of(engine, run)
        assert comment.startswith("Run interrupted on pi_local: the console ended while this run was under way.")
        issue = await engine.queries.issue(run.issue_id)
        assert issue is not None
        assert issue.execution_run_id is None
        assert list(engine.paths.temporary.iterdir()) == []
        assert processes_of(command.folder) == {}
    async with opened(command.paths, command.layout) as engine:
        assert engine.recovery.interrupted_run_ids == ()
