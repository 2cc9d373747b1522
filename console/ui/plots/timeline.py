"""A quantity over time as a line of dots, with its scale at the left and its time below."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import LiteralString

from console.ui.layout import padded
from console.ui.plots.axis import Axis
from console.ui.plots.braille import BrailleGrid
from console.ui.plots.cells import Label, place_labels
from console.ui.text import EMPTY, SafeText, fit, join, own

LABEL_CELLS = 10


def timeline(
    points: Sequence[tuple[float, float]],
    x_axis: tuple[float, float],
    top: tuple[float, SafeText],
    size: tuple[int, int],
    style: LiteralString = "$primary",
) -> list[SafeText]:
    """Points (x, y) joined by lines; `top` is the highest y and its label, `size` cells and lines with the labels."""
    width, height = size
    plot_cells = max(1, width - LABEL_CELLS - 1)
    grid = BrailleGrid(plot_cells, height)
    across, up = Axis(*x_axis, plot_cells), Axis(0.0, top[0] or 1.0, height)
    dots = [(across.step(x, 2), up.step(y, 4)) for x, y in points]
    for column, row in dots[:1]:
        grid.dot(column, row)
    for start, end in pairwise(dots):
        _join(grid, start, end)
    lines = grid.lines(style)
    labels = [top[1], *([EMPTY] * max(0, height - 2)), own("0")][:height]
    return [
        fit(join([padded(label, LABEL_CELLS, is_right=True), own("┤", "$text-muted"), line]), width)
        for label, line in zip(labels, lines, strict=True)
    ]


def time_scale(x_axis: tuple[float, float], width: int) -> SafeText:
    """The times under a timeline, in seconds from milliseconds: the first, the middle, the last."""
    plot_cells = max(1, width - LABEL_CELLS - 1)
    low, high = x_axis
    labels: list[Label] = [
        (plot_cells - 1, f"{high / 1000:.1f} s", "$text-muted"),
        (0, f"{low / 1000:.1f}", "$text-muted"),
        (plot_cells // 2, f"{(low + high) / 2000:.1f}", "$text-muted"),
    ]
    return fit(join([padded(EMPTY, LABEL_CELLS + 1), place_labels(labels, plot_cells)]), width)


def _join(grid: BrailleGrid, start: tuple[int, int], end: tuple[int, int]) -> None:
    steps = max(abs(end[0] - start[0]), abs(end[1] - start[1]), 1)
    for step in range(steps + 1):
        share = step / steps
        grid.dot(round(start[0] + (end[0] - start[0]) * share), round(start[1] + (end[1] - start[1]) * share))
