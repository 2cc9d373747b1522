"""Where a text holds any of some other texts, whole; and what of it they leave over."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

_NEXT_WORD: Final = re.compile(r"\s+")

_TELLING_CHARACTERS: Final = 12
"""A text so long is known wherever it ends; a shorter one must end where a word does."""


@dataclass(frozen=True, slots=True)
class Found:
    """One of the wanted texts, from `start` to `end` of the searched one."""

    start: int
    end: int
    text: str


class Wanted:
    """Texts to look for, the longest first: one that is part of another is not found within it."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._by_first: Mapping[str, list[str]] = defaultdict(list)
        for text in sorted({text for text in texts if text}, key=len, reverse=True):
            self._by_first[text[0]].append(text)

    def at(self, searched: str, start: int) -> str | None:
        """The longest of them that stands there as words of its own."""
        for text in self._beginning(searched, start):
            if len(text) >= _TELLING_CHARACTERS or self._ends_there(searched, start + len(text)):
                return text
        return None

    def _beginning(self, searched: str, start: int) -> Iterator[str]:
        candidates = self._by_first.get(searched[start], ()) if start < len(searched) else ()
        return (text for text in candidates if searched.startswith(text, start))

    def _ends_there(self, searched: str, end: int) -> bool:
        """At the end, before white space, or where the next one begins: merged pieces have nothing between them."""
        return end >= len(searched) or searched[end].isspace() or next(self._beginning(searched, end), None) is not None


def search(searched: str, wanted: Wanted) -> tuple[list[Found], list[tuple[int, int]]]:
    """All occurrences in order, none within another; and the spans between them that hold more than white space."""
    found: list[Found] = []
    at = _skip_space(searched, 0)
    while at < len(searched):
        text = wanted.at(searched, at)
        if text is not None:
            found.append(Found(at, at + len(text), text))
            at = _skip_space(searched, at + len(text))
            continue
        gap = _NEXT_WORD.search(searched, at)
        at = gap.end() if gap is not None else len(searched)
    return found, list(_between(searched, found))


def _skip_space(text: str, at: int) -> int:
    gap = _NEXT_WORD.match(text, at)
    return gap.end() if gap is not None else at


def _between(searched: str, found: Sequence[Found]) -> Iterator[tuple[int, int]]:
    starts = [0, *(one.end for one in found)]
    ends = [*(one.start for one in found), len(searched)]
    for start, end in zip(starts, ends, strict=True):
        if searched[start:end].strip():
            yield start, end
