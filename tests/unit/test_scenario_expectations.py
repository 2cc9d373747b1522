"""What must be true after a beat is checked on the host's disk, and never outside of the execution root."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from adapters.scenario import (
    Beat,
    Expectation,
    OutsideRootError,
    Scenario,
    Turn,
    check_expectations,
    load_scenario,
    seed_files,
)
from adapters.scenario.loader import SHIPPED_FOLDER


def check(root: Path, expectation: Expectation) -> tuple[bool, str]:
    beat = Beat(prompt="Do it.", turns=(Turn(text="Done."),), expect=(expectation,))
    (result,) = check_expectations(root, beat)
    return result.held, result.sentence


@pytest.mark.parametrize(
    ("expectation", "held", "sentence"),
    [
        (Expectation(path="a.txt"), True, "a.txt is as expected"),
        (Expectation(path="a.txt", equals="one\n"), True, "a.txt is as expected"),
        (Expectation(path="a.txt", equals="two\n"), False, r"a.txt holds 'one\n', expected 'two\n'"),
        (Expectation(path="a.txt", contains=("on", "e")), True, "a.txt is as expected"),
        (Expectation(path="a.txt", contains=("on", "x")), False, r"a.txt holds 'one\n', which lacks 'x'"),
        (Expectation(path="a.txt", exists=False), False, "a.txt exists, but should be absent"),
        (Expectation(path="b.txt"), False, "b.txt is missing"),
        (Expectation(path="b.txt", equals="x"), False, "b.txt is missing"),
        (Expectation(path="b.txt", exists=False), True, "b.txt is absent, as expected"),
    ],
)
def test_an_expectation_says_what_was_found(
    tmp_path: Path, expectation: Expectation, held: bool, sentence: str
) -> None:
    (tmp_path / "a.txt").write_bytes(b"one\n")
    assert check(tmp_path, expectation) == (held, sentence)


def test_a_hash_is_compared_with_the_bytes(tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(b"\xff\x00")
    right, wrong = hashlib.sha256(b"\xff\x00").hexdigest(), "0" * 64
    assert check(tmp_path, Expectation(path="a.bin", sha256=right))[0]
    assert check(tmp_path, Expectation(path="a.bin", sha256=wrong)) == (
        False,
        f"a.bin has SHA-256 {right}, expected {wrong}",
    )


def test_a_long_file_is_quoted_in_part(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x" * 1000)
    assert check(tmp_path, Expectation(path="a.txt", equals=""))[1] == f"a.txt holds '{'x' * 60}'..., expected ''"


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo])
def test_what_is_no_regular_file_does_not_hold_and_is_not_read(tmp_path: Path, make: Callable[[Path], None]) -> None:
    make(tmp_path / "a.txt")
    assert check(tmp_path, Expectation(path="a.txt")) == (False, "a.txt is not a regular file")
    assert check(tmp_path, Expectation(path="a.txt", exists=False)) == (False, "a.txt exists, but should be absent")


def test_a_link_out_of_the_root_is_not_followed(tmp_path: Path) -> None:
    root, outside = tmp_path / "root", tmp_path / "secret.txt"
    root.mkdir()
    outside.write_text("secret")
    (root / "a.txt").symlink_to(outside)
    held, sentence = check(root, Expectation(path="a.txt", contains=("secret",)))
    assert not held
    assert sentence == f"a.txt cannot be read: a.txt leads out of the execution root to {outside}"


def test_seeded_files_get_their_bytes_and_folders(tmp_path: Path) -> None:
    written = seed_files(tmp_path, load_scenario(SHIPPED_FOLDER / "multi-tool.toml"))
    assert [path.relative_to(tmp_path).as_posix() for path in written] == ["inbox/first.txt", "inbox/second.txt"]
    assert written[0].read_bytes() == b"apples\n"


def test_seeding_does_not_follow_a_link_out_of_the_root(tmp_path: Path) -> None:
    root, outside = tmp_path / "root", tmp_path / "outside"
    root.mkdir()
    outside.mkdir()
    (root / "inbox").symlink_to(outside)
    scenario: Scenario = load_scenario(SHIPPED_FOLDER / "multi-tool.toml")
    with pytest.raises(OutsideRootError, match=r"inbox/first\.txt leads out of the execution root"):
        seed_files(root, scenario)
    assert list(outside.iterdir()) == []
