"""Implementation complexity of each runtime, counted from what is installed."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Iterator
from dataclasses import dataclass
from pathlib import Path

from adapters.catalogue import RuntimeDefinition
from adapters.code_lines import code_lines
from adapters.native_files import files_below, native_kind
from adapters.node_runtime import NodeInstallError
from adapters.runtime_packages import RuntimePackages, runtime_packages
from console.engine.beat.disk import allocated_bytes
from console.engine.measures.bench import Absent, Bench, Outcome, Reading

OTHERS = frozenset({"node_modules"})
"""Packages within a package count by themselves, if they are needed."""
LISTED_FILES = 40


async def measure_complexity(bench: Bench) -> AsyncGenerator[Outcome]:
    """Code lines of the adapter; packages, size and native binaries of adapter and agent together."""
    counted: CountedFolders = {}
    for runtime in bench.runtimes:
        try:
            found = await asyncio.to_thread(runtime_packages, runtime, bench.services.node)
        except NodeInstallError as error:
            yield Absent(runtime.key, "runtime_packages", str(error))
            continue
        if found.missing is not None:
            yield Absent(runtime.key, "runtime_packages", found.missing)
            continue
        for reading in await asyncio.to_thread(_listed, runtime, found, counted):
            yield reading


@dataclass(frozen=True, slots=True)
class Counted:
    """What one package's folder holds, less the packages within it; `native` lists (name, kind, bytes)."""

    allocated: int
    native: tuple[tuple[str, str, int], ...]


CountedFolders = dict[Path, Counted]
"""By folder: runtimes share most of their packages."""


def _listed(runtime: RuntimeDefinition, found: RuntimePackages, counted: CountedFolders) -> list[Reading]:
    return list(complexity_readings(runtime, found, counted))


def complexity_readings(
    runtime: RuntimeDefinition, found: RuntimePackages, counted: CountedFolders
) -> Iterator[Reading]:
    """What lies on the disk for one runtime, counted; folders that were counted before are not walked again."""
    key = runtime.key
    lines, files = code_lines(found.adapter_folder)
    said = f"{files} JavaScript files of {found.adapter_folder.name}, without blank lines and lines of comment."
    yield Reading(key, "adapter_code_lines", lines, said, detail={"files": files, "of_its_makers": _makers(found)})
    folders = list(dict.fromkeys([found.adapter_folder, *(package.folder for package in found.closure)]))
    for folder in folders:
        if folder not in counted:
            counted[folder] = Counted(allocated_bytes([folder], without=OTHERS), tuple(_native(folder)))
    names = [f"{package.name}@{package.version}" for package in found.closure]
    asked = ", ".join(found.asked_for)
    own = 0 if found.adapter_folder in [package.folder for package in found.closure] else 1
    said = f"The lock's closure of {asked}{', and the adapter itself' if own else ''}, each name and version once."
    yield Reading(key, "runtime_packages", len(found.closure) + own, said, detail={"packages": names})
    said = "Allocated blocks of those packages."
    yield Reading(key, "runtime_installed_bytes", sum(counted[folder].allocated for folder in folders), said)
    native = [item for folder in folders for item in counted[folder].native]
    kinds = Counter(kind for _, kind, _ in native)
    largest = sorted(native, key=lambda item: -item[2])[:LISTED_FILES]
    detail = {
        "kinds": dict(kinds),
        "largest": [{"file": name, "kind": kind, "bytes": size} for name, kind, size in largest],
    }
    said = "Told by their first bytes; what lies packed within another file is not looked into."
    yield Reading(key, "runtime_native_files", len(native), said, detail=detail)
    yield Reading(key, "runtime_native_bytes", sum(size for _, _, size in native), said, detail=detail)


def _makers(found: RuntimePackages) -> dict[str, int]:
    """Lines of the packages that come from the hands of the adapter's and the agent's makers."""
    return {package.name: code_lines(package.folder)[0] for package in found.key_packages}


def _native(folder: Path) -> Iterator[tuple[str, str, int]]:
    """(name below its package, kind, bytes) of every native binary."""
    for path in files_below(folder, without=OTHERS):
        kind = native_kind(path)
        if kind is not None:
            yield f"{folder.name}/{path.relative_to(folder)}", kind, path.stat().st_size
