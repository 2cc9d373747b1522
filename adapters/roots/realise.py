"""Making an execution root, or taking up the one that an earlier beat left."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import tempfile
from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from adapters.roots.git import GitError, git

RootKind = Literal["directory", "git_worktree"]


class RootError(Exception):
    """An execution root that cannot be had; the message is one sentence."""


@dataclass(frozen=True, slots=True)
class ExecutionRoot:
    """A realised root. `was_reused` tells a later beat's root from a first one's."""

    kind: RootKind
    path: Path
    was_reused: bool
    branch: str | None = None


@dataclass(frozen=True, slots=True)
class RootRequest:
    """What is asked for: `branch` and `repository` matter to worktrees only."""

    kind: RootKind
    directory: Path
    repository: Path
    branch: str
    seed: Callable[[Path], object]
    """Writes the scenario's files into a new root."""


async def realise_root(request: RootRequest) -> ExecutionRoot:
    """Make or reuse the root. Raises RootError with one sentence."""
    try:
        if request.kind == "git_worktree":
            return await _realise_worktree(request)
        return await asyncio.to_thread(_realise_directory, request)
    except OSError as error:
        raise RootError(f"the execution root {error.filename or request.directory} cannot be made: {error}") from error
    except GitError as error:
        raise RootError(f"the worktree for branch {request.branch} cannot be made: {error}") from error


def _realise_directory(request: RootRequest) -> ExecutionRoot:
    if request.directory.is_dir():
        return ExecutionRoot("directory", request.directory, was_reused=True)
    with _unfinished(request.directory) as unfinished:
        request.seed(unfinished)
        unfinished.rename(request.directory)
    return ExecutionRoot("directory", request.directory, was_reused=False)


@contextlib.contextmanager
def _unfinished(target: Path) -> Generator[Path]:
    """A folder near the target, to be renamed to it: what was seeded in part never looks complete."""
    target.parent.mkdir(parents=True, exist_ok=True)
    parent = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    try:
        folder = parent / target.name
        folder.mkdir()
        yield folder
    finally:
        shutil.rmtree(parent)


async def _realise_worktree(request: RootRequest) -> ExecutionRoot:
    """Paperclip's default for repositories: `<repository>/.paperclip/worktrees/<branch>`, validated and reused.

    Source: `server/services/workspace-runtime.js`, strategy git_worktree.
    """
    await _ensure_repository(request)
    path = request.repository / ".paperclip" / "worktrees" / request.branch
    if path.is_dir():
        found = (await git(path, "rev-parse", "--abbrev-ref", "HEAD")).strip()
        if found != request.branch:
            raise GitError(f"{path} stands on branch {found}; remove it or check its own branch out")
        return ExecutionRoot("git_worktree", path, was_reused=True, branch=request.branch)
    await git(request.repository, "worktree", "prune")
    if await git(request.repository, "branch", "--list", request.branch):
        await git(request.repository, "worktree", "add", str(path), request.branch)
    else:
        await git(request.repository, "worktree", "add", "-b", request.branch, str(path), "HEAD")
    return ExecutionRoot("git_worktree", path, was_reused=False, branch=request.branch)


async def _ensure_repository(request: RootRequest) -> None:
    if (request.repository / ".git").is_dir():
        return
    with _unfinished(request.repository) as unfinished:
        await git(unfinished, "init", "--quiet", "--initial-branch=main")
        await asyncio.to_thread(request.seed, unfinished)
        (unfinished / ".git" / "info" / "exclude").write_text(".paperclip/\n", "utf-8")
        await git(unfinished, "add", "--all")
        await git(unfinished, "commit", "--quiet", "--allow-empty", "--message", "Seed the scenario's files")
        _put_in_place(unfinished, request.repository)


def _put_in_place(unfinished: Path, target: Path) -> None:
    """Rename; the other lane of a race makes the same repository, and whoever comes second uses the first's."""
    try:
        unfinished.rename(target)
    except OSError:
        if not (target / ".git").is_dir():
            raise
