"""How much of a text is left in what is shown of it."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import Final

_COMPARED_CELLS: Final = 250_000
"""Texts whose lengths multiply to more are compared line by line first: difflib's time grows with that product."""


def normal(text: str) -> str:
    """The text without what cannot be seen: white space around it, and the kind of its line breaks."""
    return text.replace("\r\n", "\n").strip()


def squeezed(text: str) -> str:
    """The text without any white space."""
    return "".join(text.split())


def kept_characters(expected: str, shown: str) -> int:
    """How many characters of `expected` are in `shown`, in their order."""
    start = common_start(expected, shown)
    end = common_start(expected[start:][::-1], shown[start:][::-1])
    middle, shown_middle = expected[start : len(expected) - end], shown[start : len(shown) - end]
    return start + end + _kept_in_middle(middle, shown_middle)


def common_start(one: str, other: str) -> int:
    """How many characters two texts have in common at their start."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _kept_in_middle(expected: str, shown: str) -> int:
    if not expected or not shown:
        return 0
    if len(expected) * len(shown) <= _COMPARED_CELLS:
        return sum(block.size for block in SequenceMatcher(None, shown, expected, autojunk=False).get_matching_blocks())
    return _kept_by_lines(expected.splitlines(keepends=True), shown.splitlines(keepends=True))


def _kept_by_lines(expected: list[str], shown: list[str]) -> int:
    """A line that differs counts by its characters where the two sides are short, else as lost: never too high."""
    kept = 0
    for tag, e_from, e_to, s_from, s_to in SequenceMatcher(None, expected, shown, autojunk=False).get_opcodes():
        before, after = "".join(expected[e_from:e_to]), "".join(shown[s_from:s_to])
        if tag == "equal":
            kept += len(before)
        elif len(before) * len(after) <= _COMPARED_CELLS:
            kept += _kept_in_middle(before, after)
    return kept
