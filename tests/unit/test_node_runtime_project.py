"""The committed package.json and lock: they agree, are verified by hash, and name no registry."""

from __future__ import annotations

from adapters.node_runtime import NODE_PROJECT_DIR
from adapters.node_runtime.host_platform import HostPlatform
from adapters.node_runtime.lock_file import LOCK_FILE_NAME, read_lock_file, read_package_manifest

LINUX_X64 = HostPlatform("linux", "x64", "glibc")


def test_the_lock_was_made_from_this_package_json() -> None:
    manifest = read_package_manifest(NODE_PROJECT_DIR)
    locked = read_lock_file(NODE_PROJECT_DIR).packages[""]
    assert locked.dependencies == manifest.dependencies
    assert locked.optional_dependencies == manifest.optional_dependencies


def test_every_version_asked_for_is_exact() -> None:
    manifest = read_package_manifest(NODE_PROJECT_DIR)
    versions = [*manifest.dependencies.values(), *manifest.optional_dependencies.values()]
    assert versions
    assert not [version for version in versions if not version[0].isdigit() or " " in version]


def test_every_package_that_is_downloaded_is_verified_by_its_hash() -> None:
    lock = read_lock_file(NODE_PROJECT_DIR)
    downloaded = {path: package for path, package in lock.packages.items() if path and not package.in_bundle}
    assert len(downloaded) > 100
    assert not [path for path, package in downloaded.items() if not package.integrity]


def test_the_lock_names_no_registry() -> None:
    lines = (NODE_PROJECT_DIR / LOCK_FILE_NAME).read_text().splitlines()
    # A package's own `funding` is the one place that holds addresses.
    others = [line for line in lines if not line.strip().startswith(('"url":', '"funding":'))]
    assert len(others) > 1000
    assert not [line for line in others if any(word in line for word in ("resolved", "://", ".tgz", "registry"))]


def test_every_platform_with_an_opencode_binary_is_asked_for() -> None:
    assert set(read_package_manifest(NODE_PROJECT_DIR).optional_dependencies) == {
        "opencode-linux-x64-baseline",
        "opencode-linux-arm64",
        "opencode-darwin-arm64",
        "opencode-darwin-x64-baseline",
    }


def test_linux_x64_gets_the_binaries_of_the_virtual_machine_and_of_opencode() -> None:
    paths = read_lock_file(NODE_PROJECT_DIR).tarball_paths(LINUX_X64)
    assert "node_modules/opencode-linux-x64-baseline" in paths
    assert "node_modules/@rivet-dev/agentos-sidecar-linux-x64-gnu" in paths
