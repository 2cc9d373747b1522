"""Texts that are shown, but not as they were sent: split over rows, cut, or with other characters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from console.engine.quality.assignment import Assigned
from console.engine.quality.likeness import kept_characters, normal, squeezed
from console.engine.quality.passages import SAID_KINDS
from console.engine.quality.result import ScriptedItem
from console.engine.quality.showings import Rest, is_enough

_COMPARED_RESTS: Final = 8
"""Only so many parts are compared with a missing text: those that share the most characters with it."""

_SAME_EDGE_CHARACTERS: Final = 4
"""A text that is shown again has at least this start or this end."""

_REPEATED_SHARE: Final = 0.8
"""A part that holds so much of a text that is shown already is that text again, damaged."""


def find_damaged(items: Sequence[ScriptedItem], assigned: Assigned, rests: Sequence[Rest]) -> None:
    """Look for what is missing in what is left of the prose, and for what is there again."""
    left = [_Left(rest) for rest in rests if rest.passage.row.record.kind in SAID_KINDS]
    for index, item in enumerate(items):
        if item.kind not in ("text", "thinking") or index in assigned.first:
            continue
        if not _take_split(index, item, assigned, left):
            _take_likeliest(index, item, assigned, left)
    shown = [(index, normal(items[index].text)) for index in sorted(assigned.first) if items[index].call_id is None]
    for part in left:
        _take_repeated(shown, assigned, part)


class _Left:
    """A part that shows no item, and what is compared of it."""

    def __init__(self, rest: Rest) -> None:
        self.showing = rest.showing
        self.text = normal(rest.text)
        self.squeezed = squeezed(rest.text)
        self.characters = Counter(self.text)


def _take_split(index: int, item: ScriptedItem, assigned: Assigned, left: list[_Left]) -> bool:
    """The text in neighbouring parts, with other rows between them."""
    wanted = squeezed(item.text)
    for start in range(len(left)):
        end, together = start, ""
        while end < len(left) and wanted.startswith(left[end].squeezed, len(together)):
            together += left[end].squeezed
            end += 1
        if together == wanted:
            detail = f"in {end - start} parts"
            assigned.first[index] = replace(left[start].showing, text=item.text, detail=detail, is_split=True)
            del left[start:end]
            return True
    return False


def _take_likeliest(index: int, item: ScriptedItem, assigned: Assigned, left: list[_Left]) -> None:
    expected = normal(item.text)
    characters = Counter(expected)
    by_share = sorted(left, key=lambda rest: -(rest.characters & characters).total())[:_COMPARED_RESTS]
    kept, best = max(((kept_characters(expected, rest.text), rest) for rest in by_share),
                     key=lambda pair: pair[0], default=(0, None))  # fmt: skip
    if best is None or not is_enough(expected, best.text, kept):
        return
    assigned.first[index] = replace(best.showing, lost_characters=len(expected) - kept)
    left.remove(best)


def _take_repeated(shown: Sequence[tuple[int, str]], assigned: Assigned, part: _Left) -> None:
    for index, expected in shown:
        if not 0.5 <= len(part.text) / len(expected) <= 1.5 or not _has_same_edge(expected, part.text):
            continue
        if kept_characters(expected, part.text) >= _REPEATED_SHARE * len(expected):
            assigned.again.append((index, replace(part.showing, detail="again, in other characters")))
            return


def _has_same_edge(one: str, other: str) -> bool:
    size = _SAME_EDGE_CHARACTERS
    return one[:size] == other[:size] or one[-size:] == other[-size:]
