"""Which children this console has started, so that the next start can reap what a crash left."""

from __future__ import annotations

import os

import psutil

from adapters.process_tree import ProcessIdentity
from console.engine.clock import Clock, iso_utc
from store import Store
from store.records import ProcessRecord


def console_identity() -> ProcessIdentity:
    """This process."""
    own = psutil.Process(os.getpid())
    return ProcessIdentity(own.pid, own.create_time())


def record_process(
    store: Store, clock: Clock, console: ProcessIdentity, pid: int, *, role: str, run_id: str | None
) -> None:
    """Remember a child, before its first output; one that has already gone needs no reaping."""
    child = ProcessIdentity.of(pid)
    if child is None:
        return
    store.put(
        ProcessRecord(
            pid=child.pid,
            started_at_epoch=child.started_at_epoch,
            role=role,
            run_id=run_id,
            console_pid=console.pid,
            console_started_at_epoch=console.started_at_epoch,
            recorded_at=iso_utc(clock.epoch_s()),
        )
    )
