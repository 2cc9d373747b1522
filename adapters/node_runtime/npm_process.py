"""npm as a child process that never outlives its caller."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncGenerator, AsyncIterator
from pathlib import Path

from adapters.node_runtime.layout import NodeRuntimeLayout

# Said in full, because the user's own npm configuration may say otherwise; its proxy and registry stay in force.
NPM_INSTALL_ARGUMENTS = (
    "install",
    "--no-save",
    "--package-lock",
    "--ignore-scripts",
    "--include=optional",
    "--install-strategy=hoisted",
    "--no-global",
    "--no-dry-run",
    "--no-audit",
    "--no-fund",
    "--no-update-notifier",
    "--no-progress",
    "--no-color",
    "--loglevel=http",
)

_MAX_LINE_BYTES = 1024 * 1024


@contextlib.asynccontextmanager
async def npm_install(layout: NodeRuntimeLayout, work_dir: Path) -> AsyncGenerator[asyncio.subprocess.Process]:
    """npm installing the project in `work_dir`; its output is on `stdout`, and it is gone when the context ends."""
    process = await asyncio.create_subprocess_exec(
        layout.node_executable,
        layout.npm_cli,
        *NPM_INSTALL_ARGUMENTS,
        cwd=work_dir,
        env=os.environ | {"PWD": str(work_dir)},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        start_new_session=True,
        limit=_MAX_LINE_BYTES,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            # It may have ended without our loop knowing yet; macOS then says PermissionError.
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
        await process.wait()


async def output_lines(process: asyncio.subprocess.Process) -> AsyncIterator[str]:
    """npm's lines as they come, without their newline."""
    assert process.stdout is not None
    async for line in process.stdout:
        yield line.decode(errors="replace").rstrip("\r\n")
