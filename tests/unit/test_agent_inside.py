"""The version of an agent is what lies in its package, whatever a runtime's file says."""

from __future__ import annotations

import io
import json
import struct
import tarfile
from pathlib import Path
from typing import Any

import pytest

from adapters.agent_inside import agent_inside
from adapters.catalogue import RuntimeDefinition
from adapters.node_runtime import NodeRuntimeLayout
from console.engine.beat.machine import git_commit, machine_facts

COMMIT = "0123456789abcdef0123456789abcdef01234567"


def runtime(where: str = "vm") -> RuntimeDefinition:
    return RuntimeDefinition.model_validate(
        {
            "schema": 1,
            "key": "r",
            "title": "r",
            "where": where,
            "adapter": {"type": "t", "package": "p"},
            "agent": {"family": "pi", "version": "9.9.9"},
        }
    )


def write_json(path: Path, value: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value), "utf-8")


def pack(path: Path, members: dict[str, Any]) -> None:
    """As agent-os packs its software: a header with two sizes, a manifest, an index, and a tar."""
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w") as archive:
        for name, value in members.items():
            content = json.dumps(value).encode()
            info = tarfile.TarInfo(f"./{name}")
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(struct.pack("<4sIII", b"\x89AOS", 1, 3, 5) + b"mmm" + b"iiiii" + tar.getvalue())


@pytest.fixture
def node(tmp_path: Path) -> NodeRuntimeLayout:
    return NodeRuntimeLayout(tmp_path, "key")


@pytest.fixture
def software(node: NodeRuntimeLayout) -> Path:
    folder = node.node_modules / "@agentos-software" / "pi"
    program = "./node_modules/@maker/pi/dist/cli.js"
    write_json(folder / "package.json", {"name": "@agentos-software/pi", "version": "0.2", "bin": {"pi": program}})
    return folder


def test_a_program_on_the_host_is_of_the_package_in_which_it_lies(node: NodeRuntimeLayout) -> None:
    package = node.node_modules / "@maker" / "pi"
    write_json(package / "package.json", {"name": "@maker/pi", "version": "1.2.3"})
    write_json(package / "dist" / "package.json", {"type": "module"})
    found = agent_inside(runtime("host"), node, package / "dist" / "cli.js")
    assert (found.version, found.source) == ("1.2.3", "package.json of @maker/pi")


def test_a_packed_agent_is_read_out_of_its_archive(node: NodeRuntimeLayout, software: Path) -> None:
    members = {"package.json": {"version": "0.2"}, "node_modules/@maker/pi/package.json": {"version": "0.60.0"}}
    pack(software / "dist" / "package.aospkg", members)
    found = agent_inside(runtime(), node, None)
    assert (found.version, found.source) == ("0.60.0", "node_modules/@maker/pi/package.json in package.aospkg")


@pytest.mark.parametrize("content", [b"", b"\x89AOS", b"another format, which is longer than a header"])
def test_an_archive_of_another_format_has_no_version(node: NodeRuntimeLayout, software: Path, content: bytes) -> None:
    (software / "dist").mkdir()
    (software / "dist" / "package.aospkg").write_bytes(content)
    assert agent_inside(runtime(), node, None).version is None


def test_an_agent_that_was_built_from_source_is_told_by_its_build(node: NodeRuntimeLayout) -> None:
    folder = node.node_modules / "@agentos-software" / "pi"
    write_json(folder / "package.json", {"name": "@agentos-software/pi", "bin": {"pi": "./dist/adapter.js"}})
    write_json(folder / "dist" / "pi-acp.manifest.json", {"source": {"version": "1.3.13"}})
    found = agent_inside(runtime(), node, None)
    assert (found.version, found.source) == ("1.3.13", "pi-acp.manifest.json of @agentos-software/pi")


def test_an_adapter_that_brings_an_agent_of_its_own_leaves_it_unknown(node: NodeRuntimeLayout) -> None:
    assert agent_inside(runtime("host"), node, None).version is None
    assert agent_inside(runtime("vm"), node, None).version is None


def test_the_commit_is_read_from_a_branch_a_packed_branch_and_a_worktree(tmp_path: Path) -> None:
    git = tmp_path / "a" / ".git"
    (git / "refs" / "heads").mkdir(parents=True)
    (git / "HEAD").write_text("ref: refs/heads/main\n")
    assert git_commit(tmp_path / "a") is None
    (git / "packed-refs").write_text(f"# pack-refs with: peeled\n{COMMIT} refs/heads/main\n")
    assert git_commit(tmp_path / "a") == COMMIT
    (git / "refs" / "heads" / "main").write_text(f"{COMMIT[::-1]}\n")
    assert git_commit(tmp_path / "a") == COMMIT[::-1]

    worktree = git / "worktrees" / "b"
    worktree.mkdir(parents=True)
    (worktree / "HEAD").write_text("ref: refs/heads/main\n")
    (worktree / "commondir").write_text("../..\n")
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / ".git").write_text(f"gitdir: {worktree}\n")
    assert git_commit(tmp_path / "b") == COMMIT[::-1]

    (git / "HEAD").write_text(f"{COMMIT}\n")
    assert git_commit(tmp_path / "a") == COMMIT
    assert git_commit(tmp_path) is None


def test_the_machine_says_what_it_is() -> None:
    facts = machine_facts()
    assert facts["cpu_count"] >= 1
    assert facts["memory_bytes"] > facts["memory_available_bytes"] > 0
    assert facts["load_1m"] >= 0
