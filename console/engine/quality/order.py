"""Which of some items stand in the wrong order: as few as possible, so that moving those would mend it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import TypeVar

ItemT = TypeVar("ItemT")
Position = tuple[int, int]
"""A row, and a place within it."""


def out_of_order(placed: Sequence[tuple[ItemT, Position]]) -> list[ItemT]:
    """The items to be moved; given in the order that would be right, with where each is shown.

    What is left when they are taken out is a longest increasing subsequence of the positions.
    """
    ends: list[Position] = []
    end_indexes: list[int] = []
    before: list[int] = []
    for index, (_, position) in enumerate(placed):
        length = bisect_left(ends, position)
        before.append(end_indexes[length - 1] if length else -1)
        ends[length : length + 1], end_indexes[length : length + 1] = [position], [index]
    kept: set[int] = set()
    index = end_indexes[-1] if end_indexes else -1
    while index >= 0:
        kept.add(index)
        index = before[index]
    return [item for index, (item, _) in enumerate(placed) if index not in kept]
