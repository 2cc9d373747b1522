"""Foreign text for a terminal: nothing in it can steer the terminal, hide, or reorder what stands beside it."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

REPLACEMENT: Final = "\N{REPLACEMENT CHARACTER}"

_TAB_CELLS: Final = 4
_UNSAFE_CATEGORIES: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_JOINERS: Final = frozenset("\u200c\u200d")
"""Zero-width (non-)joiners steer letters and emoji, not the terminal."""

_COLOUR_SEQUENCE: Final = re.compile(r"\x1b\[[0-9;:]{0,64}m")
_CONTROL_SEQUENCE: Final = re.compile(
    r"\x1b\[[0-?]{0,64}[ -/]{0,8}[@-~]"  # cursor, erase, mode, ...
    r"|\x1b[\]PX^_][^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)"  # a string: title, clipboard, link, ...
)


def harmless(text: str, tab_cells: int) -> str:
    """The text without colours; any other control sequence, control, format or surrogate character is one U+FFFD.

    Tabs become spaces, up to the next multiple of `tab_cells`. Line ends are control characters too.
    """
    if text.isprintable():
        return text
    bare = _CONTROL_SEQUENCE.sub(REPLACEMENT, _COLOUR_SEQUENCE.sub("", text).expandtabs(tab_cells))
    return bare if bare.isprintable() else "".join(map(_harmless_character, bare))


def one_line(text: str) -> str:
    """The harmless text on one line, with spaces for line ends."""
    if text.isprintable():
        return text
    lines = text.splitlines()
    return harmless(" ".join(lines) if len(lines) > 1 else text.rstrip("\r\n"), _TAB_CELLS)


def _harmless_character(character: str) -> str:
    if character.isprintable() or character in _JOINERS:
        return character
    return REPLACEMENT if unicodedata.category(character) in _UNSAFE_CATEGORIES else character
