"""A share of successes on the way from 0 to 100%, with its interval and the threshold."""

from __future__ import annotations

from typing import LiteralString

from console.engine.statistics.figures import Rate
from console.ui.plots.axis import Axis
from console.ui.plots.cells import CellLine
from console.ui.plots.whisker import whisker
from console.ui.text import EMPTY, SafeText, join, own, words


def rate_bar(rate: Rate, width_cells: int, style: LiteralString = "$primary") -> SafeText:
    """`│ … ├──●┤ … │`: 0 and 100% are the ends, `┊` the threshold."""
    if width_cells < 3:
        return CellLine(width_cells).text()
    axis = Axis(0.0, 1.0, width_cells - 2)
    inside = whisker(axis, rate.share, rate.interval if rate.n else None, margin=rate.threshold, even=None, style=style)
    return join([own("▕", "$text-muted"), inside, own("▏", "$text-muted")])


def rate_words(rate: Rate) -> SafeText:
    """`14/14, at least 78%`: the count, and the lower end of Wilson's interval."""
    if not rate.n:
        return own("none yet", "$text-muted")
    count = words("{k}/{n}", k=rate.successes, n=rate.n)
    low, high = rate.interval.low * 100, rate.interval.high * 100
    return join([count, words("{low:.0f}\N{EN DASH}{high:.0f}%", low=low, high=high)], "  ")


def needed_words(rate: Rate) -> SafeText:
    """`59 more in a row for ≥ 95%`, or that it is reached; empty without a threshold."""
    if rate.threshold is None:
        return EMPTY
    percent = words("{p:.0f}%", p=rate.threshold * 100)
    if rate.n and rate.interval.low >= rate.threshold:
        return words("✔ ≥ {p}", "$success", p=percent)
    if rate.needed is None:
        return words("◐ not settled for ≥ {p}", "$warning", p=percent)
    return words("◐ {k} more in a row for ≥ {p}", "$warning", k=rate.needed, p=percent)
