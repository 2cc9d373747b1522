"""A process that a dead console left running is stopped at the next start; a live console's is not."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from adapters.process_tree import ProcessIdentity
from console.engine.process_register import console_identity, record_process
from console.engine.recovery import recover
from tests.unit.open_services import open_services

DEAD_CONSOLE = ProcessIdentity(1, 1.0)
"""Its pid lives, but belongs to a process that started at another time."""


@pytest.mark.parametrize("console_is_dead", [True, False])
async def test_only_what_a_dead_console_left_is_stopped(tmp_path: Path, console_is_dead: bool) -> None:
    child = await asyncio.create_subprocess_exec("sleep", "60", start_new_session=True)
    try:
        async with open_services(tmp_path) as services:
            console = DEAD_CONSOLE if console_is_dead else console_identity()
            record_process(services.store, services.clock, console, child.pid, role="agent", run_id=None)
            await services.store.flush()
            recovery = await recover(
                services.store, services.queries, services.control_plane, services.paths, services.clock
            )
            live = [process.pid for process in await services.queries.live_processes()]
        assert recovery.reaped_pids == ((child.pid,) if console_is_dead else ())
        assert live == ([] if console_is_dead else [child.pid])
        if console_is_dead:
            assert await asyncio.wait_for(child.wait(), 5) < 0
        else:
            assert child.returncode is None
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
