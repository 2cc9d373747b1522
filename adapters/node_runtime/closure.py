"""What a package needs, by the lock: the packages that npm puts on this machine for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from adapters.node_runtime.host_platform import HostPlatform, current_platform
from adapters.node_runtime.lock_file import LOCK_FILE_NAME, PACKAGE_FILE_NAME, LockedPackage, LockFile, read_lock_file

_MODULES = "node_modules/"


@dataclass(frozen=True, slots=True)
class InstalledPackage:
    """One package of a closure; `folder` may hold packages of its own, which count by themselves."""

    name: str
    version: str
    folder: Path
    locked: LockedPackage


@dataclass(frozen=True, slots=True)
class InstalledProject:
    """A folder with a lock and its `node_modules`."""

    folder: Path
    lock: LockFile

    @classmethod
    def read(cls, folder: Path) -> InstalledProject | None:
        """The project in this folder; None where it has no lock. Raises NodeInstallError for one that is broken."""
        return cls(folder, read_lock_file(folder)) if (folder / LOCK_FILE_NAME).is_file() else None

    def closure(self, names: Iterable[str], *, platform: HostPlatform | None = None) -> tuple[InstalledPackage, ...]:
        """These packages of the top level and all that they need, each (name, version) once.

        Optional packages count where npm installs them on this platform, peers unless they are optional.
        """
        here = platform or current_platform()
        waiting = [path for name in names if (path := self._resolved("", name)) is not None]
        taken: dict[str, LockedPackage] = {}
        while waiting:
            path = waiting.pop()
            package = self.lock.packages[path]
            if path in taken or not here.takes(os=package.os, cpu=package.cpu, libc=package.libc):
                continue
            taken[path] = package
            waiting += [found for name in _needed(package) if (found := self._resolved(path, name)) is not None]
        distinct = {
            (package.name or _name_of(path), package.version or ""): (path, package) for path, package in taken.items()
        }
        return tuple(
            InstalledPackage(name, version, self.folder / path, package)
            for (name, version), (path, package) in sorted(distinct.items())
        )

    def _resolved(self, from_path: str, name: str) -> str | None:
        """Node's way: beside the package itself, then further up; None where it is not installed."""
        folder = from_path
        while True:
            candidate = f"{folder}/{_MODULES}{name}" if folder else f"{_MODULES}{name}"
            if candidate in self.lock.packages:
                return candidate
            if not folder:
                return None
            folder = folder.rpartition(_MODULES)[0].rstrip("/")


class PackageIdentity(BaseModel):
    """What a package.json says of itself, as far as it says it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    name: str | None = None
    version: str | None = None
    bin: dict[str, str] | str | None = None


def read_identity(package_json: Path) -> PackageIdentity:
    """Empty where there is no such file, or it says nothing that fits."""
    try:
        return PackageIdentity.model_validate_json(package_json.read_bytes())
    except (OSError, ValidationError):
        return PackageIdentity()


def installed_version(package_folder: Path) -> str | None:
    """The version in an installed package's own package.json; None where there is none to read."""
    return read_identity(package_folder / PACKAGE_FILE_NAME).version


def _needed(package: LockedPackage) -> Iterator[str]:
    yield from package.dependencies
    yield from package.optional_dependencies
    for name in package.peer_dependencies:
        meta = package.peer_dependencies_meta.get(name)
        if meta is None or not meta.optional:
            yield name


def _name_of(path: str) -> str:
    return path.rpartition(_MODULES)[2]
