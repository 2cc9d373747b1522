"""`agentos_local` leaves no keys in its session database and hangs on nothing, however its run ends."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path

import psutil
import pytest

from adapters.catalogue import RuntimeCatalogue
from adapters.catalogue.load import SHIPPED
from console.engine.engine import Engine
from console.engine.events import EngineEvent, RequestSeen
from store.records import RunRecord
from tests.adapters.adapter_packages import write_adapter
from tests.engine.consoles import beat, order, processes_of
from tests.engine.waiting import until

pytestmark = [pytest.mark.real, pytest.mark.asyncio(loop_scope="module")]


def stored_environments(console: Engine, run: RunRecord) -> list[str]:
    """The environments in all session databases of the run's issue."""
    found: list[str] = []
    for database in console.paths.state(run.agent_id).rglob("session-*.sqlite"):
        with closing(sqlite3.connect(database)) as connection:
            found += [env for (env,) in connection.execute("SELECT env_json FROM agentos_core_sessions")]
    return found


def sidecars(console: Engine) -> list[int]:
    return [pid for pid in processes_of(console.paths.data) if "sidecar" in psutil.Process(pid).name()]


async def endless_run_ended_by(console: Engine, end: Callable[[str], Awaitable[None]]) -> RunRecord:
    """A run whose agent waits for a command, until `end` is called with its id."""
    answered: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def listen(event: EngineEvent) -> None:
        if isinstance(event, RequestSeen) and event.request.status is not None and not answered.done():
            answered.set_result(event.request.run_id)

    unsubscribe = console.feed.subscribe(listen)
    launch = await console.launch(order(["agentos_local/pi"], scenario="endless", session="new issue"))
    await end(await answered)
    unsubscribe()
    (run,) = await console.wait(launch)
    return run


async def test_a_cancelled_run_leaves_no_keys(console: Engine) -> None:
    run = await endless_run_ended_by(console, console.cancel_run)
    assert run.status == "cancelled"
    assert set(stored_environments(console, run)) == {"{}"}


async def test_a_run_whose_sidecar_died_leaves_no_keys(console: Engine) -> None:
    async def kill_sidecar(_run_id: str) -> None:
        (pid,) = sidecars(console)
        os.kill(pid, signal.SIGKILL)

    run = await endless_run_ended_by(console, kill_sidecar)
    assert (run.status, run.error_code) == ("failed", "agentos_sidecar_died")
    assert set(stored_environments(console, run)) == {"{}"}


async def test_a_failed_restore_leaves_no_keys(console: Engine) -> None:
    first = await beat(console, "agentos_local/opencode", session="new issue")
    second = await beat(console, "agentos_local/opencode", issue=first.issue_id)
    assert (first.status, second.error_code) == ("succeeded", "session_restore_failed")
    assert stored_environments(console, second) == ["{}"]


def hanging_unload(console: Engine, folder: Path) -> tuple[Path, Path]:
    """The adapter with a sidecar that stands still when a session is to be unloaded, and the file that says so."""
    node, told = console.services.node, folder / "unloading"
    head = f"""
import fs from "node:fs";
import {{ AgentOs }} from "{node.node_modules}/@rivet-dev/agentos-core/dist/index.js";
import {{ createServerAdapter as inner }} from "{node.app_dir}/agentos_local/index.js";
const create = AgentOs.create.bind(AgentOs);
let sidecarPid;
AgentOs.create = async (options) => {{
  const vm = await create(options);
  const {{ unload }} = vm.sessions;
  vm.sessions.unload = (input) => {{
    process.kill(sidecarPid, "SIGSTOP");
    fs.writeFileSync("{told}", "");
    return unload(input);
  }};
  return vm;
}};"""
    body = """
      const onSpawn = (spawn) => { sidecarPid = spawn.pid; return ctx.onSpawn(spawn); };
      return inner().execute({ ...ctx, onSpawn });"""
    return write_adapter(folder / "package", body, head=head), told


async def test_an_unload_that_hangs_ends_with_the_cancel(console: Engine, tmp_path: Path) -> None:
    package, told = hanging_unload(console, tmp_path)
    text = (SHIPPED / "agentos_local_pi.toml").read_text("utf-8")
    text = text.replace("./agentos_local", str(package)).replace("agentos_local/pi", "hanging_unload")
    console.paths.runtimes.mkdir(parents=True, exist_ok=True)
    (console.paths.runtimes / "hanging_unload.toml").write_text(text.replace("graceSec = 5", "graceSec = 1"), "utf-8")
    console.catalogue = RuntimeCatalogue.load([console.paths.runtimes])
    assert console.catalogue.refusals == []

    launch = await console.launch(order(["hanging_unload"], session="new issue"))
    await until(told.exists, "the session is being unloaded")
    await console.cancel_all()
    (run,) = await console.wait(launch)

    assert (run.status, run.exit_code) == ("cancelled", 143)
    assert set(stored_environments(console, run)) == {"{}"}
    assert sidecars(console) == []
