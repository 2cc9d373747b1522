"""package.json and package-lock.json, as far as an installation depends on them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from adapters.node_runtime.errors import NodeInstallError
from adapters.node_runtime.host_platform import HostPlatform

PACKAGE_FILE_NAME = "package.json"
LOCK_FILE_NAME = "package-lock.json"


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


_Names = Annotated[tuple[str, ...], BeforeValidator(_as_list)]


class _NpmModel(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", alias_generator=to_camel, populate_by_name=True)


class PackageManifest(_NpmModel):
    """The dependencies that package.json asks for: name -> exact version."""

    dependencies: dict[str, str] = Field(default_factory=dict)
    optional_dependencies: dict[str, str] = Field(default_factory=dict)


class PeerMeta(_NpmModel):
    """What is said of one peer dependency."""

    optional: bool = False


class LockedPackage(PackageManifest):
    """One entry of the lock; `integrity` is absent from the project itself and from bundled packages."""

    name: str | None = None
    """Given where it is not the one in its path: an alias, such as an override puts in a package's place."""
    version: str | None = None
    integrity: str | None = None
    peer_dependencies: dict[str, str] = Field(default_factory=dict)
    peer_dependencies_meta: dict[str, PeerMeta] = Field(default_factory=dict)
    engines: dict[str, str] = Field(default_factory=dict)
    in_bundle: bool = False
    os: _Names = ()
    cpu: _Names = ()
    libc: _Names = ()


class LockFile(_NpmModel):
    """A lock of npm 7 or newer; the keys of `packages` are paths such as `node_modules/ajv`, "" is the project."""

    lockfile_version: Literal[3]
    packages: dict[str, LockedPackage]

    def tarball_paths(self, platform: HostPlatform) -> list[str]:
        """Where npm puts each package that it downloads on this platform, one tarball each."""
        return [
            path
            for path, package in self.packages.items()
            if path and not package.in_bundle and platform.takes(os=package.os, cpu=package.cpu, libc=package.libc)
        ]


def read_package_manifest(project_dir: Path) -> PackageManifest:
    """package.json of a project; raises NodeInstallError."""
    return _read(project_dir / PACKAGE_FILE_NAME, PackageManifest)


def read_lock_file(project_dir: Path) -> LockFile:
    """package-lock.json of a project; raises NodeInstallError."""
    return _read(project_dir / LOCK_FILE_NAME, LockFile)


def read_project_file(path: Path) -> bytes:
    """The bytes of a file that Sidebeat ships; raises NodeInstallError when it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise NodeInstallError(
            f"{path} cannot be read ({error.strerror}): restore it from version control or reinstall Sidebeat."
        ) from error


_Model = TypeVar("_Model", bound=_NpmModel)


def _read(path: Path, model: type[_Model]) -> _Model:
    try:
        return model.model_validate_json(read_project_file(path))
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or "the file"
        raise NodeInstallError(
            f"{path}: {field}: {first['msg']}: restore the file from version control or reinstall Sidebeat."
        ) from error
