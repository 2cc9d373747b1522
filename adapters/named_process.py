"""One program among the children of a process: found by its name, and killed alone."""

from __future__ import annotations

import asyncio
import contextlib

import psutil

_GONE_WITHIN_S = 5.0


def named_below(pid: int, name: str) -> list[int]:
    """The pids of living processes of this name below a process."""
    found: list[int] = []
    with contextlib.suppress(psutil.NoSuchProcess):
        for child in psutil.Process(pid).children(recursive=True):
            with contextlib.suppress(psutil.NoSuchProcess):
                if child.name() == name and child.status() != psutil.STATUS_ZOMBIE:
                    found.append(child.pid)
    return sorted(found)


async def kill_process(pid: int) -> bool:
    """SIGKILL to this process alone; whether it has gone within five seconds."""
    try:
        process = psutil.Process(pid)
        process.kill()
    except psutil.NoSuchProcess:
        return True
    deadline = asyncio.get_running_loop().time() + _GONE_WITHIN_S
    while _lives(process) and asyncio.get_running_loop().time() < deadline:  # noqa: ASYNC110 -- it is no child of ours
        await asyncio.sleep(0.01)
    return not _lives(process)


def _lives(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
