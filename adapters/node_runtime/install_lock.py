"""At most one process installs; the others wait for it."""

from __future__ import annotations

import asyncio
import fcntl
import os
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

_POLL_S = 0.2


@asynccontextmanager
async def held_lock(path: Path, *, on_waiting: Callable[[], None]) -> AsyncGenerator[None]:
    """Hold an flock on `path`; `on_waiting` is called once if another process has it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        waiting = False
        while not try_lock(descriptor):
            if not waiting:
                waiting = True
                on_waiting()
            # Polled, since a blocking flock can neither be cancelled nor leave the event loop free.
            await asyncio.sleep(_POLL_S)
        yield
    finally:
        os.close(descriptor)


def try_lock(descriptor: int) -> bool:
    """Take the lock if nobody has it."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
