"""The npm packages of a runtime: its adapter's, its agent's, and all that these need."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from adapters.catalogue import RuntimeDefinition
from adapters.node_runtime import NPM_PREFIX, NodeInstallError, NodeRuntimeLayout
from adapters.node_runtime.closure import InstalledPackage, InstalledProject
from adapters.node_runtime.lock_file import PACKAGE_FILE_NAME, read_package_manifest
from adapters.node_runtime.npm_package import npm_package_folder

OPENCODE_PLACEHOLDER = "${opencode}"
"""In a runtime's file: opencode's binary, whose package is another on each platform."""


@dataclass(frozen=True, slots=True)
class RuntimePackages:
    """What lies on the disk for one runtime. `missing` is a sentence where the closure cannot be told."""

    adapter_folder: Path
    asked_for: tuple[str, ...]
    """By name: the adapter's package, or what a folder of one depends on, and the agent's."""
    closure: tuple[InstalledPackage, ...]
    missing: str | None = None

    @property
    def key_packages(self) -> tuple[InstalledPackage, ...]:
        """What was asked for, and what comes from the same hands: packages that share a scope with it."""
        scopes = {name.partition("/")[0] for name in self.asked_for if name.startswith("@")}
        return tuple(
            package
            for package in self.closure
            if package.name in self.asked_for or package.name.partition("/")[0] in scopes
        )


def agent_command(runtime: RuntimeDefinition, node: NodeRuntimeLayout) -> Path | None:
    """The agent's program on the host; None when the adapter brings its own. Raises NodeInstallError."""
    command = runtime.agent.command
    if command is None:
        return None
    return node.opencode_executable if command == OPENCODE_PLACEHOLDER else node.package_file(command)


def adapter_folder(runtime: RuntimeDefinition, node: NodeRuntimeLayout) -> Path:
    """Where the adapter's package lies, or will lie when a beat has fetched it."""
    package = runtime.adapter.package
    if package.startswith(NPM_PREFIX):
        return npm_package_folder(node, package)
    if package.startswith("./"):
        return node.app_dir / package.removeprefix("./")
    expanded = Path(package).expanduser()
    return expanded if expanded.is_absolute() else node.node_modules / package


def runtime_packages(runtime: RuntimeDefinition, node: NodeRuntimeLayout) -> RuntimePackages:
    """The closure of adapter and agent, from the locks beside them. Raises NodeInstallError for a broken lock."""
    folder = adapter_folder(runtime, node)
    own = InstalledProject.read(node.root)
    if not (folder / PACKAGE_FILE_NAME).is_file() or own is None:
        return RuntimePackages(folder, (), (), f"{folder} is not installed; run a beat on {runtime.key} first")
    agents = _agent_package(runtime, node)
    if folder.is_relative_to(node.node_modules):
        asked_for = (runtime.adapter.package, *agents)
        return RuntimePackages(folder, asked_for, own.closure(asked_for))
    names = tuple(read_package_manifest(folder).dependencies)
    project = own if folder.is_relative_to(node.root) else _project_of(folder)
    if project is None:
        return RuntimePackages(folder, (*names, *agents), (), f"{folder} has no package-lock.json beside it")
    of_adapter = project.closure(names)
    of_agent = own.closure(agents)
    distinct = {(package.name, package.version): package for package in (*of_agent, *of_adapter)}
    return RuntimePackages(folder, (*names, *agents), tuple(distinct[key] for key in sorted(distinct)))


def _agent_package(runtime: RuntimeDefinition, node: NodeRuntimeLayout) -> tuple[str, ...]:
    """The name of the package that holds the agent's program."""
    try:
        command = agent_command(runtime, node)
    except NodeInstallError:
        # No binary for this platform: the runtime cannot start, and its adapter can still be counted.
        return ()
    if command is None or not command.is_relative_to(node.node_modules):
        return ()
    first, *rest = command.relative_to(node.node_modules).parts
    return (f"{first}/{rest[0]}" if first.startswith("@") else first,)


def _project_of(folder: Path) -> InstalledProject | None:
    """The project whose lock covers a package folder elsewhere: its own, or the one that npm installed it into."""
    for candidate in (folder, *folder.parents):
        if (project := InstalledProject.read(candidate)) is not None:
            return project
        if os.path.ismount(candidate):
            return None
    return None
