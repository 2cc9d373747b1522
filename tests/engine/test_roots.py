"""Execution roots: made whole or not at all, and taken up again by the next beat."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from adapters.roots import RootError, RootKind, RootRequest, realise_root


def seed(folder: Path) -> None:
    (folder / "briefing.txt").write_text("seeded\n", "utf-8")


def request(
    tmp_path: Path, kind: RootKind, *, branch: str = "SB-1-work", seeding: Callable[[Path], object] = seed
) -> RootRequest:
    return RootRequest(kind, tmp_path / "roots" / "SB-1", tmp_path / "repositories" / "scenario", branch, seeding)


def files_below(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


async def test_a_directory_is_seeded_once_and_then_taken_up(tmp_path: Path) -> None:
    first = await realise_root(request(tmp_path, "directory"))
    assert (first.was_reused, first.branch) == (False, None)
    (first.path / "briefing.txt").write_text("changed\n", "utf-8")
    second = await realise_root(request(tmp_path, "directory"))
    assert second.was_reused
    assert second.path == first.path
    assert (second.path / "briefing.txt").read_text("utf-8") == "changed\n"


@pytest.mark.parametrize("kind", ["directory", "git_worktree"])
async def test_a_root_whose_seeding_fails_is_not_there_for_the_next_beat(tmp_path: Path, kind: RootKind) -> None:
    def fail(folder: Path) -> None:
        seed(folder)
        raise OSError(28, "No space left on device", str(folder / "second.txt"))

    with pytest.raises(RootError, match=r"the execution root .*second\.txt cannot be made: .*No space left"):
        await realise_root(request(tmp_path, kind, seeding=fail))
    assert files_below(tmp_path) == []
    assert not (await realise_root(request(tmp_path, kind))).was_reused


async def test_a_root_that_cannot_be_made_says_which(tmp_path: Path) -> None:
    (tmp_path / "roots").write_text("a file is in the way", "utf-8")
    with pytest.raises(RootError, match=r"the execution root .*roots cannot be made"):
        await realise_root(request(tmp_path, "directory"))


async def test_a_worktree_has_a_branch_of_its_own_below_the_scenarios_repository(tmp_path: Path) -> None:
    root = await realise_root(request(tmp_path, "git_worktree"))
    repository = tmp_path / "repositories" / "scenario"
    assert root.path == repository / ".paperclip" / "worktrees" / "SB-1-work"
    assert (root.was_reused, root.branch) == (False, "SB-1-work")
    assert git(root.path, "branch", "--show-current") == "SB-1-work"
    assert git(root.path, "status", "--porcelain") == ""
    assert git(repository, "status", "--porcelain") == ""
    assert (root.path / "briefing.txt").read_text("utf-8") == "seeded\n"
    other = await realise_root(request(tmp_path, "git_worktree", branch="SB-2-work"))
    assert other.path != root.path
    assert (await realise_root(request(tmp_path, "git_worktree"))).was_reused


async def test_two_lanes_may_make_the_same_repository_at_once(tmp_path: Path) -> None:
    branches = ["SB-1-work", "SB-2-work", "SB-3-work"]
    requests = [request(tmp_path, "git_worktree", branch=branch) for branch in branches]
    roots = await asyncio.gather(*map(realise_root, requests))
    assert [root.branch for root in roots] == branches
    assert all((root.path / "briefing.txt").is_file() for root in roots)
    assert [path.name for path in (tmp_path / "repositories").iterdir()] == ["scenario"]


async def test_a_worktree_on_another_branch_is_not_taken_up(tmp_path: Path) -> None:
    root = await realise_root(request(tmp_path, "git_worktree"))
    git(root.path, "checkout", "--quiet", "-b", "elsewhere")
    with pytest.raises(RootError, match="SB-1-work stands on branch elsewhere; remove it or check its own branch out"):
        await realise_root(request(tmp_path, "git_worktree"))


async def test_a_worktree_that_somebody_removed_comes_back_on_its_branch(tmp_path: Path) -> None:
    root = await realise_root(request(tmp_path, "git_worktree"))
    shutil.rmtree(root.path)
    again = await realise_root(request(tmp_path, "git_worktree"))
    assert (again.path, again.branch, again.was_reused) == (root.path, "SB-1-work", False)


async def test_the_operators_git_configuration_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".gitconfig").write_text("[user]\nname = Operator\n[core]\nhooksPath = /nowhere\n", "utf-8")
    monkeypatch.setenv("HOME", str(tmp_path))
    root = await realise_root(request(tmp_path, "git_worktree"))
    assert git(root.path, "log", "-1", "--format=%an") == "Sidebeat"


async def test_without_git_a_worktree_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(RootError, match="git is not installed; install it, or choose roots of kind `directory`"):
        await realise_root(request(tmp_path, "git_worktree"))
