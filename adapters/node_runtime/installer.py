"""Installs Node's packages once for all of a user's checkouts and consoles."""

from __future__ import annotations

import asyncio
import hashlib
import shutil
from collections import deque
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from adapters.node_runtime.app_files import write_app_files
from adapters.node_runtime.errors import NodeInstallError
from adapters.node_runtime.host_platform import current_platform
from adapters.node_runtime.install_lock import held_lock
from adapters.node_runtime.layout import CACHE_DIR_VARIABLE, NodeRuntimeLayout
from adapters.node_runtime.lock_file import (
    LOCK_FILE_NAME,
    PACKAGE_FILE_NAME,
    read_lock_file,
    read_project_file,
)
from adapters.node_runtime.npm_failure import describe_npm_failure
from adapters.node_runtime.npm_process import npm_install, output_lines
from adapters.node_runtime.progress import InstallPhase, InstallProgress, TarballCounter
from adapters.node_runtime.unfinished import make_unfinished_dir, remove_tree, sweep_unfinished_dirs

ProgressListener = Callable[[InstallProgress], None]

_NPM_LOG_NAME = "npm.log"
_REMEMBERED_LINE_COUNT = 200


def is_installed(layout: NodeRuntimeLayout) -> bool:
    """Whether an installation was completed here."""
    return layout.is_complete


async def ensure_installed(layout: NodeRuntimeLayout, on_progress: ProgressListener) -> NodeRuntimeLayout:
    """Install the packages unless they are there; `on_progress` is called on the event loop, READY last.

    Waits while another process installs. Cancelling it ends npm and removes what it had written. Raises
    NodeInstallError.
    """
    try:
        if not is_installed(layout):
            await _install_alone(layout, on_progress)
        _link_node(layout)
    except OSError as error:
        raise NodeInstallError(
            f"Node's packages could not be installed, {error.filename or layout.cache_root} failed with "
            f"'{error.strerror}': make {layout.cache_root} writable with about 1 GB free, or set "
            f"{CACHE_DIR_VARIABLE} to another folder, then start again."
        ) from error
    on_progress(InstallProgress(InstallPhase.READY))
    return layout


def prepare_app_files(layout: NodeRuntimeLayout) -> Path:
    """Copy Sidebeat's own JavaScript below the installed packages; returns `layout.app_dir`.

    Raises NodeInstallError if the packages are not installed or the copy cannot be written.
    """
    if not is_installed(layout):
        raise NodeInstallError(
            f"Node's packages are not installed in {layout.root}: start `sidebeat`, which installs them."
        )
    try:
        write_app_files(layout.app_files, layout.app_dir)
    except OSError as error:
        raise NodeInstallError(
            f"Sidebeat's JavaScript could not be copied to {layout.app_dir} ({error.strerror}): make "
            f"{layout.cache_root} writable, or set {CACHE_DIR_VARIABLE} to another folder, then start again."
        ) from error
    return layout.app_dir


async def _install_alone(layout: NodeRuntimeLayout, on_progress: ProgressListener) -> None:
    layout.installations_dir.mkdir(parents=True, exist_ok=True)
    waiting = InstallProgress(InstallPhase.WAITING)
    async with held_lock(layout.lock_path, on_waiting=lambda: on_progress(waiting)):
        if is_installed(layout):
            return
        await asyncio.to_thread(sweep_unfinished_dirs, layout)
        async with _unfinished_dir(layout) as work_dir:
            await _install_into(work_dir, layout, on_progress)
            work_dir.rename(layout.root)
        layout.complete_marker.touch()
    layout.npm_log_path.unlink(missing_ok=True)


@asynccontextmanager
async def _unfinished_dir(layout: NodeRuntimeLayout) -> AsyncGenerator[Path]:
    work_dir = make_unfinished_dir(layout)
    try:
        yield work_dir
    except (NodeInstallError, OSError):
        _keep_npm_log(work_dir, layout)
        raise
    finally:
        # Shielded, so that a second cancel cannot leave half of it.
        await asyncio.shield(asyncio.to_thread(remove_tree, work_dir))


def _keep_npm_log(work_dir: Path, layout: NodeRuntimeLayout) -> None:
    if (work_dir / _NPM_LOG_NAME).exists():
        shutil.move(work_dir / _NPM_LOG_NAME, layout.npm_log_path)


async def _install_into(work_dir: Path, layout: NodeRuntimeLayout, on_progress: ProgressListener) -> None:
    tarball_paths = read_lock_file(layout.project_dir).tarball_paths(current_platform())
    for name in (PACKAGE_FILE_NAME, LOCK_FILE_NAME):
        (work_dir / name).write_bytes(read_project_file(layout.project_dir / name))
    lock_hash = _sha256(work_dir / LOCK_FILE_NAME)
    on_progress(InstallProgress(InstallPhase.RESOLVING, 0, len(tarball_paths)))
    async with npm_install(layout, work_dir) as process:
        await _follow(process, layout, work_dir / _NPM_LOG_NAME, TarballCounter(len(tarball_paths)), on_progress)
    on_progress(InstallProgress(InstallPhase.FINISHING, len(tarball_paths), len(tarball_paths)))
    if _sha256(work_dir / LOCK_FILE_NAME) != lock_hash:
        raise NodeInstallError(
            f"npm changed its copy of {layout.project_dir / LOCK_FILE_NAME}, so the lock and "
            f"{PACKAGE_FILE_NAME} disagree: restore both from version control; npm's whole output is in "
            f"{layout.npm_log_path}."
        )
    _check_nothing_was_left_out(work_dir, tarball_paths, layout)


async def _follow(
    process: asyncio.subprocess.Process,
    layout: NodeRuntimeLayout,
    log_path: Path,
    counter: TarballCounter,
    on_progress: ProgressListener,
) -> None:
    last_lines: deque[str] = deque(maxlen=_REMEMBERED_LINE_COUNT)
    with log_path.open("w", encoding="utf-8", buffering=1) as log:
        async for line in output_lines(process):
            log.write(f"{line}\n")
            last_lines.append(line)
            if progress := counter.feed(line):
                on_progress(progress)
    exit_code = await process.wait()
    if exit_code != 0:
        kept_at = layout.npm_log_path
        raise NodeInstallError(describe_npm_failure(last_lines, exit_code=exit_code, log_path=kept_at))


def _check_nothing_was_left_out(work_dir: Path, tarball_paths: list[str], layout: NodeRuntimeLayout) -> None:
    """npm ends well even when an optional package, such as opencode's binary, could not be fetched."""
    missing = [path for path in tarball_paths if not (work_dir / path / PACKAGE_FILE_NAME).is_file()]
    if missing:
        raise NodeInstallError(
            f"Node's packages could not be installed, npm left out {', '.join(missing[:3])} "
            f"({len(missing)} in all): check the network and npm's `registry` and `proxy` settings, then start "
            f"again; npm's whole output is in {layout.npm_log_path}."
        )


def _link_node(layout: NodeRuntimeLayout) -> None:
    """Make `node_bin_dir`; a link that is there already is right, since the folder is named after its target."""
    link = layout.node_bin_dir / "node"
    if link.is_symlink():
        return
    link.parent.mkdir(exist_ok=True)
    try:
        link.symlink_to(layout.node_executable)
    except FileExistsError:
        if link.readlink() != layout.node_executable:
            raise


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
