"""What a package needs, by the lock of the project in which it is installed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from adapters.node_runtime import NodeInstallError
from adapters.node_runtime.closure import InstalledProject
from adapters.node_runtime.host_platform import HostPlatform

LINUX = HostPlatform("linux", "x64", "glibc")


def project(tmp_path: Path, packages: dict[str, Any]) -> InstalledProject:
    lock: dict[str, Any] = {"lockfileVersion": 3, "packages": {"": {}, **packages}}
    (tmp_path / "package-lock.json").write_text(json.dumps(lock))
    found = InstalledProject.read(tmp_path)
    assert found is not None
    return found


def closure(tmp_path: Path, packages: dict[str, Any], *names: str) -> list[str]:
    found = project(tmp_path, packages).closure(names, platform=LINUX)
    return [f"{package.name}@{package.version}" for package in found]


def test_a_closure_follows_every_kind_of_dependency_and_stands_a_circle(tmp_path: Path) -> None:
    packages = {
        "node_modules/a": {
            "version": "1",
            "dependencies": {"b": "*"},
            "optionalDependencies": {"c": "*", "absent": "*"},
        },
        "node_modules/b": {"version": "1", "peerDependencies": {"a": "*", "@s/d": "*"}},
        "node_modules/c": {"version": "1"},
        "node_modules/@s/d": {"version": "2"},
        "node_modules/unrelated": {"version": "1"},
    }
    assert closure(tmp_path, packages, "a") == ["@s/d@2", "a@1", "b@1", "c@1"]


def test_the_nearest_of_two_versions_is_the_one_that_node_loads(tmp_path: Path) -> None:
    packages = {
        "node_modules/a": {"version": "1", "dependencies": {"b": "^1"}},
        "node_modules/a/node_modules/b": {"version": "1", "dependencies": {"c": "*"}},
        "node_modules/b": {"version": "2"},
        "node_modules/c": {"version": "1", "dependencies": {"b": "^2"}},
    }
    assert closure(tmp_path, packages, "a") == ["a@1", "b@1", "b@2", "c@1"]


def test_packages_of_another_platform_and_optional_peers_are_left_out(tmp_path: Path) -> None:
    optional_peer = {"peerDependencies": {"p": "*"}, "peerDependenciesMeta": {"p": {"optional": True}}}
    packages = {
        "node_modules/a": {"version": "1", "optionalDependencies": {"l": "*", "m": "*"}, **optional_peer},
        "node_modules/l": {"version": "1", "os": ["linux"], "cpu": ["x64"]},
        "node_modules/m": {"version": "1", "os": ["darwin"]},
        "node_modules/p": {"version": "1"},
    }
    assert closure(tmp_path, packages, "a") == ["a@1", "l@1"]


def test_what_stands_in_for_several_packages_is_one(tmp_path: Path) -> None:
    packages = {
        "node_modules/a": {"version": "1", "dependencies": {"x": "*", "y": "*"}},
        "node_modules/x": {"name": "tiny", "version": "3"},
        "node_modules/y": {"name": "tiny", "version": "3"},
    }
    assert closure(tmp_path, packages, "a") == ["a@1", "tiny@3"]


def test_a_folder_without_a_lock_is_no_project_and_a_broken_lock_is_told(tmp_path: Path) -> None:
    assert InstalledProject.read(tmp_path) is None
    (tmp_path / "package-lock.json").write_text("{}")
    with pytest.raises(NodeInstallError, match=r"package-lock\.json: lockfileVersion"):
        InstalledProject.read(tmp_path)
