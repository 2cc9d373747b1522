"""Unfinished installations: where one is made, and what a killed one left."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from pathlib import Path

import psutil

from adapters.node_runtime.install_lock import try_lock
from adapters.node_runtime.layout import NodeRuntimeLayout

_INFIX = ".installing-"
_KILL_TIMEOUT_S = 10.0


def make_unfinished_dir(layout: NodeRuntimeLayout) -> Path:
    """An empty folder beside the installations, so that it can be renamed into place."""
    return Path(tempfile.mkdtemp(prefix=f"{layout.key}{_INFIX}", dir=layout.installations_dir))


def sweep_unfinished_dirs(layout: NodeRuntimeLayout) -> None:
    """Remove the leftovers of installers that are gone; the caller holds the lock of `layout`."""
    if layout.root.exists() and not layout.is_complete:
        remove_tree(layout.root)
    for leftover in layout.installations_dir.glob(f"*{_INFIX}*"):
        key = leftover.name.partition(_INFIX)[0]
        if key == layout.key:
            _remove_leftover(leftover)
        else:
            _remove_unless_locked(leftover, layout.installations_dir / f"{key}.lock")


def remove_tree(path: Path) -> None:
    """Remove a folder that another process may be removing too."""
    while path.exists():
        with contextlib.suppress(FileNotFoundError):
            shutil.rmtree(path)


def _remove_leftover(leftover: Path) -> None:
    """The lock is ours, so a process that works in here is the npm of a console that was killed."""
    orphans = [process for process in psutil.process_iter() if _works_in(process, leftover)]
    for orphan in orphans:
        with contextlib.suppress(psutil.NoSuchProcess):
            orphan.kill()
    psutil.wait_procs(orphans, timeout=_KILL_TIMEOUT_S)
    remove_tree(leftover)


def _works_in(process: psutil.Process, folder: Path) -> bool:
    try:
        return Path(process.cwd()).is_relative_to(folder.resolve())
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        # Gone, or another user's: npm runs as ours.
        return False


def _remove_unless_locked(leftover: Path, lock_path: Path) -> None:
    descriptor = os.open(lock_path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        if try_lock(descriptor):
            _remove_leftover(leftover)
    finally:
        os.close(descriptor)
