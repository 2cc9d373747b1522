"""Dots, two beside and four above each other in a cell."""

from __future__ import annotations

from typing import Final, LiteralString

from console.ui.text import SafeText, foreign

_BLANK: Final = 0x2800
_BITS: Final = ((0x40, 0x80), (0x04, 0x20), (0x02, 0x10), (0x01, 0x08))
"""Of the dots of a cell, from the lowest row up: left, right."""


class BrailleGrid:
    """Twice as many columns and four times as many rows of dots as cells; row 0 is at the bottom."""

    def __init__(self, width_cells: int, height_lines: int) -> None:
        self._width, self._height = width_cells, height_lines
        self._cells = [[0] * width_cells for _ in range(height_lines)]

    def dot(self, column: int, row: int) -> None:
        """Set a dot; one outside of the grid is left out."""
        if 0 <= column < self._width * 2 and 0 <= row < self._height * 4:
            self._cells[self._height - 1 - row // 4][column // 2] |= _BITS[row % 4][column % 2]

    def lines(self, style: LiteralString = "") -> list[SafeText]:
        """From the top down; a cell without dots is a blank."""
        return [foreign("".join(chr(_BLANK + cell) if cell else " " for cell in line), style) for line in self._cells]
