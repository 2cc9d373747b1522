"""How much of the disk folders occupy."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

BLOCK_BYTES = 512
"""The unit of `st_blocks`, whatever the file system's own block is (POSIX)."""


@dataclass(frozen=True, slots=True)
class DiskUse:
    """What folders occupied at one moment."""

    folders: Sequence[Path]
    then_bytes: int

    @classmethod
    async def now(cls, folders: Sequence[Path]) -> DiskUse:
        """Look at them off the event loop."""
        return cls(folders, await asyncio.to_thread(allocated_bytes, folders))

    async def growth_bytes(self) -> int:
        """How much more they occupy now; negative when something was removed."""
        return await asyncio.to_thread(allocated_bytes, self.folders) - self.then_bytes


def allocated_bytes(folders: Iterable[Path], *, without: Collection[str] = ()) -> int:
    """What these folders occupy in allocated blocks, a file with several names once; what cannot be read is left out.

    Symbolic links are counted themselves and not followed. A folder that does not exist occupies nothing. Folders
    within them that have a name of `without` are left out.
    """
    total_bytes = 0
    seen: set[tuple[int, int]] = set()
    for status in _statuses([os.fspath(folder) for folder in folders], without):
        identity = (status.st_dev, status.st_ino)
        if identity not in seen:
            seen.add(identity)
            total_bytes += status.st_blocks * BLOCK_BYTES
    return total_bytes


def _statuses(waiting: list[str], without: Collection[str]) -> Iterator[os.stat_result]:
    while waiting:
        folder = waiting.pop()
        try:
            with os.scandir(folder) as entries:
                listed = list(entries)
        except (FileNotFoundError, NotADirectoryError, PermissionError):
            # An agent's own folders come and go, and may be closed to us.
            continue
        for entry in listed:
            if entry.name in without:
                continue
            try:
                yield entry.stat(follow_symlinks=False)
            except FileNotFoundError:
                continue
            if entry.is_dir(follow_symlinks=False):
                waiting.append(entry.path)
