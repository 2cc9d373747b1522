"""Child processes: started in a group of their own, sampled as a tree, stopped as a whole."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import Collection, Iterable
from dataclasses import dataclass

import psutil


@dataclass(frozen=True, slots=True)
class ProcessIdentity:
    """A process that cannot be mistaken for a later one with the same pid."""

    pid: int
    started_at_epoch: float

    @classmethod
    def of(cls, pid: int) -> ProcessIdentity | None:
        """The identity of a live process; None if it has gone."""
        try:
            return cls(pid, psutil.Process(pid).create_time())
        except psutil.NoSuchProcess:
            return None

    def is_alive(self) -> bool:
        """Whether this very process still runs; a zombie does not."""
        try:
            process = psutil.Process(self.pid)
            same = abs(process.create_time() - self.started_at_epoch) < 0.01
            return same and process.status() != psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return False


@dataclass(frozen=True, slots=True)
class TreeSample:
    """A process tree at one moment.

    `rss_bytes` counts a shared page once for each process, `pss_bytes` once in all; None where it was not asked for or
    the system does not tell it of every process.
    """

    process_count: int
    rss_bytes: int
    cpu_seconds: float
    pss_bytes: int | None = None
    processes: frozenset[ProcessIdentity] = frozenset()


def _tree(roots: Iterable[int]) -> list[psutil.Process]:
    found: dict[int, psutil.Process] = {}
    for pid in roots:
        with contextlib.suppress(psutil.NoSuchProcess):
            root = psutil.Process(pid)
            found[pid] = root
            found.update({child.pid: child for child in root.children(recursive=True)})
    return list(found.values())


def sample_tree(roots: Iterable[int], *, with_pss: bool = False) -> TreeSample | None:
    """Sum over the trees below these pids; None when nothing of them is left.

    Proportional memory costs the kernel a walk through all pages: about ten times a sample without it.
    """
    rss_bytes, cpu_seconds = 0, 0.0
    pss_bytes: int | None = 0 if with_pss else None
    found: set[ProcessIdentity] = set()
    for process in _tree(roots):
        with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied), process.oneshot():
            times = process.cpu_times()
            own_rss_bytes = process.memory_info().rss
            own_pss_bytes = _pss_bytes(process) if pss_bytes is not None else None
            identity = ProcessIdentity(process.pid, process.create_time())
            # From here on nothing raises: a process that has gone counts in no sum.
            found.add(identity)
            rss_bytes += own_rss_bytes
            pss_bytes = None if pss_bytes is None or own_pss_bytes is None else pss_bytes + own_pss_bytes
            # A child's time moves to its parent's `children_*` when it is reaped.
            cpu_seconds += times.user + times.system
            cpu_seconds += getattr(times, "children_user", 0.0) + getattr(times, "children_system", 0.0)
    return TreeSample(len(found), rss_bytes, cpu_seconds, pss_bytes, frozenset(found)) if found else None


def _pss_bytes(process: psutil.Process) -> int | None:
    """None where the system has no such number, or keeps it from us."""
    if not psutil.LINUX:
        return None
    try:
        return process.memory_full_info().pss
    except psutil.AccessDenied:
        return None


def pids_with_variable(name: str, folder: str) -> list[int]:
    """Processes whose variable names this folder or one below it.

    Children inherit it, so that an orphan, which is in no one's tree, is found; what gives its child a folder of its
    own, as `agentos_local` does for its sidecar, makes it below its own.
    """
    found: list[int] = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            value = process.environ().get(name, "")
            is_within = value.rstrip("/") == folder or value.startswith(f"{folder}/")
            if is_within and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process.pid)
    return found


async def stop_orphans(name: str, folder: str, *, but_not_below: int | None = None, grace_s: float) -> list[int]:
    """Stop every process whose variable names the folder, or one below it, save those in one tree.

    Returns the pids that were found.
    """
    stopped: list[int] = []
    while True:
        spared = {process.pid for process in _tree([but_not_below])} if but_not_below is not None else set[int]()
        found = set(await asyncio.to_thread(pids_with_variable, name, folder)) - spared - set(stopped)
        if not found:
            return stopped
        await stop_trees(found, grace_s=grace_s, spared=spared)
        stopped += sorted(found)


def _groups_of(pids: Iterable[int]) -> set[int]:
    groups: set[int] = set()
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            groups.add(os.getpgid(pid))
    return groups


def _signal_all(pids: Iterable[int], number: signal.Signals, spared: Collection[int]) -> None:
    """To each one's whole group, but for groups in which somebody is to be spared, ourselves above all."""
    spared_groups = {os.getpgrp()} | _groups_of(spared)
    for pid in pids:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            group = os.getpgid(pid)
            if group in spared_groups:
                os.kill(pid, number)
            else:
                os.killpg(group, number)


async def stop_trees(roots: Iterable[int], *, grace_s: float, spared: Collection[int] = ()) -> None:
    """SIGTERM to every group in these trees, wait, then SIGKILL to what is left.

    The tree is read before the first signal, so that a grandchild in a group of its own is reached even after its
    parent has gone. A spared pid gets no signal, and one of its group is signalled alone.
    """
    processes = [process for process in _tree(roots) if process.pid not in spared]
    _signal_all([process.pid for process in processes], signal.SIGTERM, spared)
    left = await _wait_gone(processes, timeout_s=grace_s)
    if left:
        _signal_all([process.pid for process in left], signal.SIGKILL, spared)
        await _wait_gone(left, timeout_s=5.0)


async def _wait_gone(processes: list[psutil.Process], *, timeout_s: float) -> list[psutil.Process]:
    deadline = asyncio.get_running_loop().time() + timeout_s
    left = processes
    while left and asyncio.get_running_loop().time() < deadline:
        left = [process for process in left if _runs(process)]
        if left:
            await asyncio.sleep(0.02)
    return left


def _runs(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
