"""Reading package-lock.json: what is downloaded on which platform, and what a bad file says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from adapters.node_runtime import NodeInstallError
from adapters.node_runtime.host_platform import HostPlatform
from adapters.node_runtime.lock_file import LockFile, read_lock_file

LINUX_X64 = HostPlatform("linux", "x64", "glibc")
LINUX_MUSL = HostPlatform("linux", "x64", "musl")
MAC_ARM64 = HostPlatform("darwin", "arm64", None)


def lock_with(**packages: dict[str, object]) -> LockFile:
    entries = {f"node_modules/{name}": {"version": "1.0.0", **fields} for name, fields in packages.items()}
    return LockFile.model_validate({"lockfileVersion": 3, "packages": {"": {"name": "project"}, **entries}})


def test_a_package_for_another_platform_is_not_downloaded() -> None:
    lock = lock_with(everywhere={}, linux={"os": ["linux"], "cpu": ["x64"]}, mac={"os": ["darwin"]})
    assert lock.tarball_paths(LINUX_X64) == ["node_modules/everywhere", "node_modules/linux"]
    assert lock.tarball_paths(MAC_ARM64) == ["node_modules/everywhere", "node_modules/mac"]


def test_a_package_for_another_c_library_is_not_downloaded() -> None:
    lock = lock_with(gnu={"os": ["linux"], "libc": "glibc"}, musl={"os": ["linux"], "libc": ["musl"]})
    assert lock.tarball_paths(LINUX_X64) == ["node_modules/gnu"]
    assert lock.tarball_paths(LINUX_MUSL) == ["node_modules/musl"]
    assert lock.tarball_paths(MAC_ARM64) == []


def test_a_negated_platform_forbids_and_any_allows() -> None:
    lock = lock_with(not_linux={"os": ["!linux"]}, any_cpu={"cpu": ["any"]})
    assert lock.tarball_paths(LINUX_X64) == ["node_modules/any_cpu"]
    assert lock.tarball_paths(MAC_ARM64) == ["node_modules/not_linux", "node_modules/any_cpu"]


def test_a_bundled_package_comes_with_its_parent() -> None:
    lock = lock_with(parent={}, bundled={"inBundle": True})
    assert lock.tarball_paths(LINUX_X64) == ["node_modules/parent"]


@pytest.mark.parametrize(
    ("content", "field"),
    [
        ("not json", "the file: Invalid JSON"),
        ("{}", "lockfileVersion: Field required"),
        (json.dumps({"lockfileVersion": 1, "packages": {}}), "lockfileVersion: Input should be 3"),
        (json.dumps({"lockfileVersion": 3, "packages": {"": []}}), "packages.: Input should be"),
    ],
)
def test_a_bad_lock_is_named_with_its_field_and_the_remedy(tmp_path: Path, content: str, field: str) -> None:
    (tmp_path / "package-lock.json").write_text(content)
    with pytest.raises(NodeInstallError) as failure:
        read_lock_file(tmp_path)
    message = str(failure.value)
    assert message.startswith(f"{tmp_path / 'package-lock.json'}: {field}")
    assert message.endswith("restore the file from version control or reinstall Sidebeat.")
    assert "\n" not in message


def test_a_missing_lock_is_named_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(NodeInstallError, match=r"package-lock\.json cannot be read .*: restore it from"):
        read_lock_file(tmp_path)
