"""Text made fit for a report: harmless, and no longer than a reader wants it."""

from __future__ import annotations

from typing import Final

from console.engine.plain_text import REPLACEMENT, harmless, one_line

LINE_CHARACTERS: Final = 600
"""A longer line is cut and says how long it was; the database has all of it."""

BLOCK_LINES: Final = 60

_TAB_CELLS: Final = 4
_NONCHARACTERS: Final = dict.fromkeys(
    (*range(0xFDD0, 0xFDF0), *(plane | low for plane in range(0, 0x110000, 0x10000) for low in (0xFFFE, 0xFFFF))),
    REPLACEMENT,
)
"""Code points that are no characters, which HTML does not allow."""


def fit_line(text: str, limit: int = LINE_CHARACTERS) -> str:
    """One harmless line that UTF-8 and HTML can hold."""
    line = one_line(text[: limit + 1]).translate(_NONCHARACTERS)
    return line if len(text) <= limit else f"{line[:limit]}… ({len(text):,} characters in all)"


def fit_block(text: str, limit: int = BLOCK_LINES) -> str:
    """Harmless lines, at most `limit`; the last then says how many there are."""
    lines = text.splitlines()
    kept = [harmless(fit_line(line), _TAB_CELLS) for line in lines[:limit]]
    return "\n".join(kept if len(lines) <= limit else [*kept, f"… {len(lines):,} lines in all"])
