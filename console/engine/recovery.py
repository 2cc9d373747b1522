"""At the start: what an earlier console left behind is marked, reaped and swept."""

from __future__ import annotations

import asyncio
import shutil
from dataclasses import dataclass, replace
from pathlib import Path

import aiosqlite

from adapters.process_tree import ProcessIdentity, stop_orphans, stop_trees
from console.engine.clock import Clock, iso_utc
from console.engine.control_plane import ControlPlane
from console.engine.experiment.abandoned import pause_abandoned
from console.engine.paths import ConsolePaths
from store import Queries, Store, write_records
from store.records import ProcessRecord, RunRecord

INTERRUPTED_REASON = "the console ended while this run was under way"


@dataclass(frozen=True, slots=True)
class Recovery:
    """What was found and mended."""

    interrupted_run_ids: tuple[str, ...]
    reaped_pids: tuple[int, ...]
    paused_experiments: tuple[int, ...] = ()
    """Their numbers."""

    @property
    def sentence(self) -> str | None:
        """What the operator should know of it; None when there was nothing to mend."""
        runs, processes = len(self.interrupted_run_ids), len(self.reaped_pids)
        told: list[str] = []
        if runs:
            told.append(f"{_counted(runs, 'run')} interrupted when the last console ended; {_marked(runs)} marked so")
        if processes:
            told.append(f"{_counted(processes, 'process', 'processes')} left behind and stopped")
        told += [f"experiment {number} was paused, with its finished pairs" for number in self.paused_experiments]
        return "; ".join(told) or None


def _counted(count: int, one: str, many: str | None = None) -> str:
    return f"1 {one} was" if count == 1 else f"{count} {many or one + 's'} were"


def _marked(count: int) -> str:
    return "it is" if count == 1 else "they are"


async def recover(
    store: Store, queries: Queries, control_plane: ControlPlane, paths: ConsolePaths, clock: Clock
) -> Recovery:
    """Mark runs whose console is dead as interrupted, stop their processes, remove their temporary folders, and pause
    its experiment.

    Another console's runs are left alone: a run belongs to the process that its record names by pid and start time.
    """
    reaped = await _reap(store, queries, clock)
    left = [run for run in await queries.unfinished_runs() if not _console_of(run).is_alive()]
    interrupted = [run for run in left if await _interrupt(run, store, control_plane, clock)]
    paused = await pause_abandoned(store, queries, clock)
    reaped += await _sweep(paths, queries)
    await store.flush()
    return Recovery(
        tuple(run.id for run in interrupted), tuple(reaped), tuple(experiment.number for experiment in paused)
    )


def _console_of(record: RunRecord | ProcessRecord) -> ProcessIdentity:
    return ProcessIdentity(record.console_pid, record.console_started_at_epoch)


async def _reap(store: Store, queries: Queries, clock: Clock) -> list[int]:
    left = [process for process in await queries.live_processes() if not _console_of(process).is_alive()]
    alive = [process for process in left if ProcessIdentity(process.pid, process.started_at_epoch).is_alive()]
    await stop_trees([process.pid for process in alive], grace_s=2.0)
    for process in left:
        store.put(replace(process, ended_at=iso_utc(clock.epoch_s())))
    return [process.pid for process in alive]


async def _interrupt(run: RunRecord, store: Store, control_plane: ControlPlane, clock: Clock) -> bool:
    """Mark a run that its console left, and tell its issue; False when another console has done it already."""

    async def mark(connection: aiosqlite.Connection) -> RunRecord | None:
        current = await Queries(connection).run(run.id)
        if current is None or current.finished_at is not None:
            return None
        ended = replace(
            current,
            status="interrupted",
            observed_status="interrupted",
            error_code="process_lost",
            error_message=INTERRUPTED_REASON,
            finished_at=iso_utc(clock.epoch_s()),
        )
        await write_records(connection, [ended])
        return ended

    ended = await store.transaction(mark)
    if ended is None:
        return False
    control_plane.comment(
        run.issue_id,
        f"Run interrupted on {run.runtime_key}: {INTERRUPTED_REASON}. What it had said is in the run log; "
        "the next beat starts from the session that was stored before it.",
        kind="system",
        author="sidebeat",
        run_id=run.id,
    )
    await control_plane.release(run.issue_id, ended)
    return True


async def _sweep(paths: ConsolePaths, queries: Queries) -> list[int]:
    """Stop what still works in a dead console's temporary folders, and remove them; returns the pids.

    A live console's folders stay, those of ended runs too: its warm adapters still work in them.
    """
    reaped: list[int] = []
    for folder in await asyncio.to_thread(_folders, paths):
        run = await queries.run(folder.name)
        if run is None or not _console_of(run).is_alive():
            reaped += await stop_orphans("TMPDIR", str(folder), grace_s=2.0)
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
    return reaped


def _folders(paths: ConsolePaths) -> list[Path]:
    return list(paths.temporary.iterdir()) if paths.temporary.is_dir() else []
