"""The pages that are made from code are current, and nothing committed names a machine or a registry."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from console.cli.main import cli
from console.cli.page import commands_page
from console.ui.keys.page import keys_page

REPOSITORY = Path(__file__).parents[2]


def committed_texts() -> Iterator[tuple[str, str]]:
    """Every text file that git tracks."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=REPOSITORY, capture_output=True, check=True)
    for name in listed.stdout.decode().split("\0"):
        path = REPOSITORY / name
        if name and path.is_file() and path.suffix not in {".gz", ".png"}:
            yield name, path.read_text("utf-8")


def test_the_commands_page_is_current() -> None:
    assert (REPOSITORY / "docs/commands.md").read_text("utf-8") == commands_page()


def test_the_keys_page_is_current() -> None:
    assert (REPOSITORY / "docs/keys.md").read_text("utf-8") == keys_page()


@pytest.mark.parametrize("name", sorted(cli.commands))
def test_every_command_says_what_it_does(name: str) -> None:
    command = cli.commands[name]
    assert command.help
    assert all(option.help for option in command.params if isinstance(option, click.Option))


def test_the_readme_names_both_commands() -> None:
    readme = (REPOSITORY / "README.md").read_text("utf-8")
    assert "make run" in readme
    assert "make test" in readme


def test_nothing_committed_names_a_registry_or_a_machine() -> None:
    forbidden = [
        "registry." + "npmjs",
        "files." + "pythonhosted",
        "pypi." + "org/simple",
        "/root" + "/",
        "/work" + "/main",
    ]
    found = [f"{name}: {word}" for name, text in committed_texts() for word in forbidden if word in text]
    assert found == []
