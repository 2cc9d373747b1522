"""git, called as a child with nothing of the operator's configuration."""

from __future__ import annotations

import asyncio
import os
from asyncio.subprocess import DEVNULL, PIPE
from pathlib import Path

IDENTITY = ("-c", "user.name=Sidebeat", "-c", "user.email=sidebeat@localhost", "-c", "commit.gpgsign=false")


class GitError(Exception):
    """git is missing, or refused; the message is its own last line."""


async def git(repository: Path, *arguments: str) -> str:
    """Run git in a folder and return its standard output. Raises GitError."""
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(repository),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "LC_ALL": "C",
    }
    try:
        process = await asyncio.create_subprocess_exec(
            "git", *IDENTITY, *arguments, cwd=repository, env=environment, stdin=DEVNULL, stdout=PIPE, stderr=PIPE
        )
    except FileNotFoundError as error:
        raise GitError("git is not installed; install it, or choose roots of kind `directory`") from error
    output, complaint = await process.communicate()
    if process.returncode != 0:
        lines = complaint.decode("utf-8", "replace").strip().splitlines() or [f"exit code {process.returncode}"]
        raise GitError(f"git {arguments[0]}: {lines[-1]}")
    return output.decode("utf-8", "replace")
