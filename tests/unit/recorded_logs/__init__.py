"""Log lines of real runs with upstream's own entries for them, less paths and what no parser reads."""

from __future__ import annotations

from pathlib import Path

from adapters.bridge.messages import ParsedLine


def recorded_lines(name: str) -> list[ParsedLine]:
    """The lines of `<name>.jsonl`, in order."""
    lines = (Path(__file__).parent / f"{name}.jsonl").read_text("utf-8").split("\n")
    return [ParsedLine.model_validate_json(line) for line in lines if line]
