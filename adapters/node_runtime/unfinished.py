"""Unfinished installations: where one is made, and what a killed one left."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from pathlib import Path

from adapters.node_runtime.install_lock import try_lock
from adapters.node_runtime.layout import NodeRuntimeLayout

_INFIX = ".installing-"


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
            remove_tree(leftover)
        else:
            _remove_unless_locked(leftover, layout.installations_dir / f"{key}.lock")


def remove_tree(path: Path) -> None:
    """Remove a folder that another process may be removing too."""
    while path.exists():
        with contextlib.suppress(FileNotFoundError):
            shutil.rmtree(path)


def _remove_unless_locked(leftover: Path, lock_path: Path) -> None:
    descriptor = os.open(lock_path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        if try_lock(descriptor):
            remove_tree(leftover)
    finally:
        os.close(descriptor)
