"""Installing with the real npm: a project with one small package, then the real one."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from adapters.node_runtime import (
    InstallPhase,
    InstallProgress,
    NodeInstallError,
    NodeRuntimeLayout,
    default_layout,
    ensure_installed,
    is_installed,
    prepare_app_files,
)
from adapters.node_runtime.unfinished import make_unfinished_dir

pytestmark = pytest.mark.real

TINY_PROJECT_DIR = Path(__file__).parent / "tiny_node_project"
REPOSITORY_DIR = Path(__file__).parent.parent.parent
DEADLINE_S = 60.0


@pytest.fixture
def tiny_layout(tmp_path: Path) -> NodeRuntimeLayout:
    return default_layout(tmp_path / "cache", project_dir=TINY_PROJECT_DIR)


@pytest.fixture
def silent_registry(tmp_path: Path) -> Iterator[dict[str, str]]:
    """npm's settings for a registry that takes connections and never answers, so that npm works without end."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        yield {
            "npm_config_registry": f"http://127.0.0.1:{port}/",
            "npm_config_cache": str(tmp_path / "npm-cache"),
        }


def start_console(layout: NodeRuntimeLayout, npm_settings: dict[str, str] | None = None) -> subprocess.Popen[str]:
    module = "tests.adapters.node_install_child"
    return subprocess.Popen(
        [sys.executable, "-m", module, str(layout.cache_root), str(layout.project_dir)],
        cwd=REPOSITORY_DIR,
        env=os.environ | (npm_settings or {}),
        stdout=subprocess.PIPE,
        text=True,
    )


def run_colour(layout: NodeRuntimeLayout) -> str:
    """What our own file prints that imports the installed package."""
    command = ["node", layout.app_dir / "colour.mjs"]
    environment = {"PATH": str(layout.node_bin_dir)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return done.stdout


def leftovers(layout: NodeRuntimeLayout) -> list[str]:
    """Everything in the cache that is neither an installation's lock nor the complete installation."""
    allowed = {layout.lock_path.name, layout.key if is_installed(layout) else ""}
    return [path.name for path in layout.installations_dir.iterdir() if path.name not in allowed]


def running_npm(layout: NodeRuntimeLayout) -> list[psutil.Process]:
    def works_below_the_cache(process: psutil.Process) -> bool:
        try:
            return Path(process.cwd()).is_relative_to(layout.cache_root)
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            return False

    return [process for process in psutil.process_iter() if works_below_the_cache(process)]


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(DEADLINE_S):
        while not condition():  # noqa: ASYNC110 - another process sets no event here
            await asyncio.sleep(0.02)


async def test_packages_are_installed_with_progress_and_found_by_our_files(
    tiny_layout: NodeRuntimeLayout,
) -> None:
    seen: list[InstallProgress] = []
    assert await ensure_installed(tiny_layout, seen.append) is tiny_layout
    prepare_app_files(tiny_layout)
    assert seen == [
        InstallProgress(InstallPhase.RESOLVING, 0, 1),
        InstallProgress(InstallPhase.FETCHING, 1, 1, "picocolors"),
        InstallProgress(InstallPhase.FINISHING, 1, 1),
        InstallProgress(InstallPhase.READY),
    ]
    assert run_colour(tiny_layout) == "function here\n"
    assert [path.name for path in tiny_layout.node_bin_dir.iterdir()] == ["node"]
    assert leftovers(tiny_layout) == []


async def test_what_is_installed_is_not_installed_again(tiny_layout: NodeRuntimeLayout) -> None:
    await ensure_installed(tiny_layout, lambda _: None)
    inode = tiny_layout.root.stat().st_ino
    seen: list[InstallProgress] = []
    await ensure_installed(tiny_layout, seen.append)
    assert [progress.phase for progress in seen] == [InstallPhase.READY]
    assert tiny_layout.root.stat().st_ino == inode


def test_of_two_consoles_one_installs_and_both_can_work(tiny_layout: NodeRuntimeLayout) -> None:
    consoles = [start_console(tiny_layout) for _ in range(2)]
    phases = [console.communicate(timeout=DEADLINE_S)[0].split() for console in consoles]
    assert [console.returncode for console in consoles] == [0, 0]
    assert [phase_list[-1] for phase_list in phases] == ["ready", "ready"]
    assert sorted("resolving" in phase_list for phase_list in phases) == [False, True]
    assert run_colour(tiny_layout) == "function here\n"
    assert leftovers(tiny_layout) == []


async def test_a_console_waits_for_another_and_takes_over_when_that_gives_up(
    tiny_layout: NodeRuntimeLayout, silent_registry: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    waits = asyncio.Event()
    seen: list[InstallPhase] = []

    def on_progress(progress: InstallProgress) -> None:
        seen.append(progress.phase)
        waits.set()

    with monkeypatch.context() as patch:
        for name, value in silent_registry.items():
            patch.setenv(name, value)
        first = asyncio.create_task(ensure_installed(tiny_layout, lambda _: None))
        await until(lambda: running_npm(tiny_layout) != [])
    second = asyncio.create_task(ensure_installed(tiny_layout, on_progress))
    await waits.wait()
    assert seen == [InstallPhase.WAITING]
    first.cancel()
    await second
    assert seen[1:] == [
        InstallPhase.RESOLVING,
        InstallPhase.FETCHING,
        InstallPhase.FINISHING,
        InstallPhase.READY,
    ]


async def test_a_killed_install_leaves_nothing_that_looks_complete(
    tiny_layout: NodeRuntimeLayout, silent_registry: dict[str, str]
) -> None:
    console = start_console(tiny_layout, silent_registry)
    await until(lambda: running_npm(tiny_layout) != [])
    console.send_signal(signal.SIGKILL)
    await asyncio.to_thread(console.communicate, timeout=DEADLINE_S)
    assert not is_installed(tiny_layout)
    await ensure_installed(tiny_layout, lambda _: None)
    prepare_app_files(tiny_layout)
    assert run_colour(tiny_layout) == "function here\n"
    assert leftovers(tiny_layout) == []
    assert running_npm(tiny_layout) == []


async def test_a_cancelled_install_leaves_neither_files_nor_npm(
    tiny_layout: NodeRuntimeLayout, silent_registry: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in silent_registry.items():
        monkeypatch.setenv(name, value)
    task = asyncio.create_task(ensure_installed(tiny_layout, lambda _: None))
    await until(lambda: running_npm(tiny_layout) != [])
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert running_npm(tiny_layout) == []
    assert leftovers(tiny_layout) == []
    assert not is_installed(tiny_layout)


async def test_what_dead_installers_left_is_swept(tiny_layout: NodeRuntimeLayout) -> None:
    other_layout = NodeRuntimeLayout(tiny_layout.cache_root, "0" * 16, TINY_PROJECT_DIR)
    tiny_layout.root.mkdir(parents=True)
    for layout in (tiny_layout, other_layout):
        (make_unfinished_dir(layout) / "node_modules").mkdir()
    await ensure_installed(tiny_layout, lambda _: None)
    assert leftovers(tiny_layout) == [other_layout.lock_path.name]


async def test_an_unreachable_registry_is_one_sentence_with_the_remedy_and_the_log(
    tiny_layout: NodeRuntimeLayout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9/")
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "npm-cache"))
    monkeypatch.setenv("npm_config_fetch_retries", "0")
    with pytest.raises(NodeInstallError, match=r"ECONNREFUSED.*`registry` and `proxy`") as failure:
        await ensure_installed(tiny_layout, lambda _: None)
    assert str(tiny_layout.npm_log_path) in str(failure.value)
    assert "ECONNREFUSED" in tiny_layout.npm_log_path.read_text()
    assert leftovers(tiny_layout) == [tiny_layout.npm_log_path.name]
    assert not is_installed(tiny_layout)


async def test_bytes_other_than_the_locked_ones_are_refused(tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    lock_text = (TINY_PROJECT_DIR / "package-lock.json").read_text()
    (project / "package.json").write_bytes((TINY_PROJECT_DIR / "package.json").read_bytes())
    (project / "package-lock.json").write_text(lock_text.replace("sha512-xceH", "sha512-xceX"))
    layout = default_layout(tmp_path / "cache", project_dir=project)
    with pytest.raises(NodeInstallError, match=r"EINTEGRITY.*other bytes than the lock names"):
        await ensure_installed(layout, lambda _: None)
    assert not is_installed(layout)


async def test_a_cache_path_that_is_a_file_is_named_with_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "cache").touch()
    layout = default_layout(tmp_path / "cache", project_dir=TINY_PROJECT_DIR)
    with pytest.raises(NodeInstallError, match="SIDEBEAT_CACHE_DIR"):
        await ensure_installed(layout, lambda _: None)


def test_the_real_packages_are_there(node_runtime: NodeRuntimeLayout) -> None:
    for pi_cli in (
        "@mariozechner/pi-coding-agent/dist/cli.js",
        "@earendil-works/pi-coding-agent/dist/bundle/cli.js",
    ):
        assert os.access(node_runtime.package_file(pi_cli), os.R_OK)
    assert os.access(node_runtime.opencode_executable, os.X_OK)
    assert (node_runtime.app_dir / "bridge.mjs").is_file()


@pytest.mark.parametrize(
    ("pi_cli", "version"),
    [
        ("@mariozechner/pi-coding-agent/dist/cli.js", "0.60.0"),
        ("@earendil-works/pi-coding-agent/dist/bundle/cli.js", "0.87.1"),
    ],
)
def test_both_versions_of_pi_list_their_models(
    node_runtime: NodeRuntimeLayout, tmp_path: Path, pi_cli: str, version: str
) -> None:
    environment = {
        "HOME": str(tmp_path),
        "PATH": str(node_runtime.node_bin_dir),
        "OPENAI_API_KEY": "not-a-key",
        "PI_OFFLINE": "1",
    }

    def pi(argument: str) -> str:
        command = [node_runtime.node_executable, node_runtime.package_file(pi_cli), argument]
        done = subprocess.run(
            command,
            cwd=tmp_path,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout + done.stderr

    assert version in pi("--version")
    assert "gpt-5" in pi("--list-models")
