"""Lines of JavaScript that somebody wrote."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from adapters.native_files import files_below

SUFFIXES: Final = frozenset({".js", ".mjs", ".cjs"})
LONGEST_LINE: Final = 1000
"""Characters: a file with a longer line was bundled or minified."""


def code_lines(folder: Path) -> tuple[int, int]:
    """(lines, files) of a package's own JavaScript, less blank lines and lines that are only a comment."""
    counts = [
        count
        for path in files_below(folder, without={"node_modules"})
        if path.suffix in SUFFIXES and (count := lines_of_file(path)) is not None
    ]
    return sum(counts), len(counts)


def lines_of_file(path: Path) -> int | None:
    """None for a file that is bundled, minified, or no text."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return None
    if any(len(line) > LONGEST_LINE for line in lines):
        return None
    return _count(lines)


def _count(lines: Iterable[str]) -> int:
    """A comment is told by how its line begins; one within a template literal would be taken for one."""
    count, within_comment = 0, False
    for line in map(str.strip, lines):
        if within_comment or line.startswith("/*"):
            within_comment = "*/" not in line
        elif line and not line.startswith("//"):
            count += 1
    return count
