"""An interval as `├──●──┤` on an axis, with the values that it is held against."""

from __future__ import annotations

from typing import Final, LiteralString

from console.engine.statistics.figures import Interval
from console.ui.plots.axis import Axis
from console.ui.plots.cells import CellLine, Label, place_labels
from console.ui.text import SafeText

EVEN: Final = 1.0
"""The ratio at which both are the same."""

_GUIDE: Final[LiteralString] = "$text-muted"


def whisker(
    axis: Axis,
    point: float | None,
    interval: Interval | None,
    *,
    margin: float | None = None,
    even: float | None = EVEN,
    style: LiteralString = "$primary",
) -> SafeText:
    """The interval with its point; `│` marks `even`, `┊` the margin, `◀` and `▶` point at what is off the axis."""
    line = CellLine(axis.width_cells)
    for value, sign in ((even, "│"), (margin, "┊")):
        if value is not None:
            line.put(axis.step(value), sign, _GUIDE)
    if interval is not None:
        _draw_interval(line, axis, interval, style)
    if point is not None and axis.holds(point):
        line.put(_within_arrows(axis.step(point), axis, interval), "●", style)
    if point is not None and interval is None and not axis.holds(point):
        line.put(0 if axis.step(point) < 0 else axis.width_cells - 1, "◀" if axis.step(point) < 0 else "▶", style)
    return line.text()


def scale(axis: Axis, *, margin: float | None = None, even: float | None = EVEN) -> SafeText:
    """The numbers over whiskers on this axis: 1.0, the margin, and the ends where there is room."""
    last = axis.width_cells - 1
    labels: list[Label] = []
    if even is not None:
        labels.append((axis.step(even), f"{even:.1f}", "$text-muted"))
    if margin is not None:
        labels.append((axis.step(margin), f"{margin:.4g}\N{MULTIPLICATION SIGN}", "bold"))
    labels.append((0, f"{axis.low:.2g}", "$text-muted"))
    labels.append((last, f"{axis.high:.2g}", "$text-muted"))
    return place_labels([label for label in labels if 0 <= label[0] <= last], axis.width_cells)


def _within_arrows(cell: int, axis: Axis, interval: Interval | None) -> int:
    """A point at the very end stands beside the arrow that says that the interval goes on."""
    if interval is None or axis.width_cells < 3:
        return cell
    goes_on_left, goes_on_right = axis.step(interval.low) < 0, axis.step(interval.high) >= axis.width_cells
    return min(max(cell, int(goes_on_left)), axis.width_cells - 1 - int(goes_on_right))


def _draw_interval(line: CellLine, axis: Axis, interval: Interval, style: LiteralString) -> None:
    last = axis.width_cells - 1
    low, high = axis.step(interval.low), axis.step(interval.high)
    if low > last or high < 0:
        line.put(last if low > last else 0, "▶" if low > last else "◀", style)
        return
    start, end = max(0, low), min(last, high)
    line.put(start, "─" * (end - start + 1), style)
    line.put(start, "├" if low >= 0 else "◀", style)
    line.put(end, "┤" if high <= last else "▶", style)
    if low == high:
        line.put(start, "┼", style)
