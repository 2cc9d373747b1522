"""One program below another is found by its name, and killed alone."""

from __future__ import annotations

import asyncio
import os

from adapters.named_process import kill_process, named_below
from tests.engine.waiting import until


async def test_a_named_child_is_killed_and_its_sibling_lives_on() -> None:
    parent = await asyncio.create_subprocess_exec("sh", "-c", "sleep 600 & tail -f /dev/null & wait")
    try:
        await until(lambda: bool(named_below(os.getpid(), "sleep") and named_below(parent.pid, "tail")), "both run")
        (pid,) = named_below(parent.pid, "sleep")
        assert await kill_process(pid)
        assert named_below(parent.pid, "sleep") == []
        assert len(named_below(parent.pid, "tail")) == 1
        assert await kill_process(pid)
    finally:
        for pid in [*named_below(parent.pid, "tail"), *named_below(parent.pid, "sleep"), parent.pid]:
            await kill_process(pid)
        await parent.wait()


def test_below_a_process_that_has_gone_is_nothing() -> None:
    assert named_below(2**22 + 1, "sleep") == []
