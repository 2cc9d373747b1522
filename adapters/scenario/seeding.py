"""Puts a scenario's files into an execution root."""

from __future__ import annotations

from pathlib import Path

from adapters.scenario.model import Scenario
from adapters.scenario.paths import locate


def seed_files(root: Path, scenario: Scenario) -> list[Path]:
    """Write the seeded files, replacing what is there; returns their paths.

    Raises OutsideRootError if a symbolic link would lead out of the root, OSError if a file cannot be written.
    """
    written: list[Path] = []
    for file in scenario.files:
        target = locate(root, file.path)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(file.content.encode())
        written.append(target)
    return written
