"""One metric across experiments: an interval for each, on one axis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from console.engine.statistics.figures import Interval
from console.ui.layout import Cell, columns
from console.ui.plots.axis import ratio_axis
from console.ui.plots.whisker import scale, whisker
from console.ui.text import EMPTY, SafeText, own, words

_LABEL_CELLS = 16
_RATIO_CELLS = 18


@dataclass(frozen=True, slots=True)
class PastInterval:
    """What one experiment found; `is_current` marks the one that is looked at."""

    label: SafeText
    ratio: float | None
    interval: Interval | None
    margin: float | None
    is_current: bool = False


def history(found: Sequence[PastInterval], width_cells: int) -> list[SafeText]:
    """A line with the scale, then a line for each experiment, in the order given."""
    plot_cells = max(8, width_cells - _LABEL_CELLS - _RATIO_CELLS - 4)
    axis = ratio_axis([item.margin for item in found if item.margin is not None], plot_cells)
    lines = [_line(EMPTY, EMPTY, EMPTY, scale(axis), plot_cells)]
    for item in found:
        mark = own("▸", "bold $primary") if item.is_current else EMPTY
        drawn = whisker(axis, item.ratio, item.interval, margin=item.margin)
        lines.append(_line(mark, item.label, ratio_words(item.ratio, item.interval), drawn, plot_cells))
    return [SafeText(line.truncate(width_cells)) for line in lines]


def ratio_words(ratio: float | None, interval: Interval | None) -> SafeText:
    """`1.04 (0.98 to 1.10)`; three digits that count."""
    if ratio is None:
        return own("\N{EN DASH}", "$text-muted")
    if interval is None:
        return words("{r}", r=_three_digits(ratio))
    low, high = _three_digits(interval.low), _three_digits(interval.high)
    return words("{r} ({low}\N{EN DASH}{high})", r=_three_digits(ratio), low=low, high=high)


def _three_digits(value: float) -> SafeText:
    if value >= 100:
        return words("{v:,.0f}", v=value)
    return words("{v:.1f}", v=value) if value >= 10 else words("{v:.2f}", v=value)


def _line(mark: SafeText, label: SafeText, ratio: SafeText, drawn: SafeText, plot_cells: int) -> SafeText:
    return columns([Cell(mark, 1), Cell(label, _LABEL_CELLS), Cell(ratio, _RATIO_CELLS), Cell(drawn, plot_cells)])
