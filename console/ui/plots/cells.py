"""A line of cells that is drawn into, and then read as safe text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import LiteralString

from console.ui.text import SafeText, foreign, join

Label = tuple[int, str, LiteralString]
"""(the cell it is centred on, its text, its style)."""


class CellLine:
    """So many cells, each with one sign and a style; what is drawn outside of them is left out."""

    def __init__(self, width_cells: int) -> None:
        self._signs = [" "] * max(0, width_cells)
        self._styles: list[LiteralString] = [""] * max(0, width_cells)

    def put(self, cell: int, text: str, style: LiteralString = "") -> None:
        """Write single-cell signs from `cell` on."""
        for offset, sign in enumerate(text):
            if 0 <= cell + offset < len(self._signs):
                self._signs[cell + offset], self._styles[cell + offset] = sign, style

    def is_free(self, cell: int, length: int) -> bool:
        """Whether so many cells, and one on either side, are still blank."""
        around = self._signs[max(0, cell - 1) : cell + length + 1]
        return cell >= 0 and cell + length <= len(self._signs) and not "".join(around).strip()

    def text(self) -> SafeText:
        """The line, exactly as wide as it was made."""
        count = len(self._signs)
        changes = [cell for cell in range(1, count) if self._styles[cell] != self._styles[cell - 1]]
        spans = zip([0, *changes], [*changes, count], strict=True)
        return join([foreign("".join(self._signs[start:end]), self._styles[start]) for start, end in spans if end])


def place_labels(labels: Sequence[Label], width_cells: int) -> SafeText:
    """Labels centred on their cells, or beginning or ending there; the first ones first, and none without room."""
    line = CellLine(width_cells)
    for cell, text, style in labels:
        for start in (cell - len(text) // 2, cell, cell - len(text) + 1):
            within = min(max(0, start), width_cells - len(text))
            if line.is_free(within, len(text)):
                line.put(within, text, style)
                break
    return line.text()
