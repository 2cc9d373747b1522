"""Every value of an arm as a dot above its place on an axis."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import LiteralString

from console.ui.plots.axis import Axis
from console.ui.plots.braille import BrailleGrid
from console.ui.plots.cells import CellLine
from console.ui.text import SafeText


@dataclass(frozen=True, slots=True)
class Dot:
    """One value; an outlier is marked, and drawn like the others."""

    value: float
    is_outlier: bool = False


@dataclass(frozen=True, slots=True)
class Strip:
    """Lines of dots over a line with marks: `┴` the median, `○` an outlier. A dot may stand for several values."""

    lines: tuple[SafeText, ...]
    values_per_dot: int


def strip(
    dots: Sequence[Dot], axis: Axis, *, median: float | None = None, height: int = 2, style: LiteralString = "$primary"
) -> Strip:
    """Dots stacked on the axis, in `height` lines, and a line below them."""
    columns = Counter(axis.step(dot.value, 2) for dot in dots)
    tallest = max(columns.values(), default=0)
    per_dot = max(1, -(-tallest // (4 * height)))
    grid = BrailleGrid(axis.width_cells, height)
    for column, count in columns.items():
        for level in range(-(-count // per_dot)):
            grid.dot(column, level)
    return Strip((*grid.lines(style), _marks(dots, axis, median)), per_dot)


def _marks(dots: Sequence[Dot], axis: Axis, median: float | None) -> SafeText:
    line = CellLine(axis.width_cells)
    line.put(0, "─" * axis.width_cells, "$text-disabled")
    for dot in dots:
        if dot.is_outlier:
            line.put(axis.step(dot.value), "○", "bold $warning")
    if median is not None:
        line.put(axis.step(median), "┴", "bold")
    return line.text()
