"""Foreign text for a plain terminal line: nothing in it can steer the terminal."""

from __future__ import annotations

import unicodedata

_UNSAFE_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_JOINERS = frozenset("\u200c\u200d")
"""Zero-width (non-)joiners steer letters and emoji, not the terminal."""


def one_line(text: str) -> str:
    """The text on one line; control, format and surrogate characters become U+FFFD, line ends a space."""
    if text.isprintable():
        return text
    flat = " ".join(text.splitlines()) if len(text.splitlines()) > 1 else text.rstrip("\r\n")
    return "".join(character if _is_harmless(character) else "\ufffd" for character in flat.expandtabs(4))


def _is_harmless(character: str) -> bool:
    return character in _JOINERS or unicodedata.category(character) not in _UNSAFE_CATEGORIES
