"""What it takes to have a runtime at all, counted from its definition and the Node project."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from pydantic import BaseModel, ConfigDict, Field

from adapters.catalogue import RuntimeDefinition
from adapters.node_runtime.closure import InstalledPackage
from adapters.runtime_packages import RuntimePackages

_LOWER_BOUND = re.compile(r"(?:>=|\^|~)\s*v?(\d+(?:\.\d+)*)")
_VARIABLES = "env"
"""The adapter's configuration keeps the agent's environment under this key."""


class NodeProject(BaseModel):
    """package.json, as far as it tells what was asked for and what was put in its place."""

    model_config = ConfigDict(extra="ignore", populate_by_name=True)

    dependencies: dict[str, str] = Field(default_factory=dict)
    optional_dependencies: dict[str, str] = Field(default_factory=dict, alias="optionalDependencies")
    overrides: dict[str, str | dict[str, str]] = Field(default_factory=dict)


def setup_steps(runtime: RuntimeDefinition, found: RuntimePackages, project: NodeProject) -> list[str]:
    """Each step as a person would write it down."""
    steps = [f"install {name}" for name in found.asked_for]
    needed = {package.name for package in found.closure}
    for parent, replaced in project.overrides.items():
        if parent in needed:
            names = replaced if isinstance(replaced, dict) else {parent: replaced}
            steps += [f"override {name} of {parent}" for name in names]
    steps += [f"write ~/{path}" for path in runtime.home_json]
    variables = [*_variables(runtime), *runtime.config_json, *runtime.environment]
    steps += [f"set {name}" for name in variables]
    return [*steps, "enable experimental runtimes"] if runtime.experimental else steps


def configuration_keys(runtime: RuntimeDefinition) -> list[str]:
    """The path of each value that the adapter's configuration sets; the environment is counted as steps."""
    config = {name: value for name, value in runtime.config.items() if name != _VARIABLES}
    return [*_leaves(config), *_leaves(runtime.config_json)]


def platform_requirements(packages: Sequence[InstalledPackage]) -> list[str]:
    """Distinct demands on the machine, in words; of all that ask for a Node, the newest that one asks for."""
    found: set[str] = set()
    oldest_nodes: list[tuple[int, ...]] = []
    for package in packages:
        locked = package.locked
        for field, values in (("os", locked.os), ("cpu", locked.cpu), ("libc", locked.libc)):
            found |= {f"{field} {value}" for value in values}
        bounds = _LOWER_BOUND.findall(locked.engines.get("node", ""))
        if bounds:
            # Of alternatives (`^20 || >=22`) the oldest will do.
            oldest_nodes.append(min(tuple(map(int, bound.split("."))) for bound in bounds))
    if oldest_nodes:
        found.add(f"node >={'.'.join(map(str, max(oldest_nodes)))}")
    return sorted(found)


def _variables(runtime: RuntimeDefinition) -> list[str]:
    told = runtime.config.get(_VARIABLES)
    return list(cast("dict[str, Any]", told)) if isinstance(told, dict) else []


def _leaves(value: object, path: str = "") -> Iterator[str]:
    if isinstance(value, Mapping):
        for name, inner in cast("Mapping[str, object]", value).items():
            yield from _leaves(inner, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for index, inner in enumerate(cast("list[object]", value)):
            yield from _leaves(inner, f"{path}.{index}")
    else:
        yield path
