"""Rate bars: shares of beats with Wilson's 95% interval."""

from __future__ import annotations

from typing import Final

from markupsafe import Markup

from console.engine.report.plots import RateBar, RatePlot
from console.engine.report.svg.canvas import WIDTH, bar, drawing, element, label, line
from console.engine.report.svg.scale import LinearScale
from console.engine.report.values import share_text

_LABEL_WIDTH: Final = 280.0
_ROW: Final = 26.0
_TOP: Final = 6.0
_TICKS: Final = (0.0, 0.25, 0.5, 0.75, 1.0)


def draw_rates(plot: RatePlot, identity: str, title: str, description: str) -> Markup:
    """The bar is what was seen, the whisker what it may be."""
    scale = LinearScale(0.0, 1.0, _LABEL_WIDTH, WIDTH - 90)
    bottom = _TOP + _ROW * len(plot.bars)
    parts: list[Markup] = []
    for tick in _TICKS:
        x = scale.x(tick)
        parts += [line(x, _TOP, x, bottom, "grid"), label(x, bottom + 16, share_text(tick), anchor="middle")]
    parts += [_bar(item, _TOP + _ROW * index, scale) for index, item in enumerate(plot.bars)]
    return drawing(identity, bottom + 24, title, description, *parts)


def _bar(item: RateBar, y: float, scale: LinearScale) -> Markup:
    share = item.successes / item.n if item.n else 0.0
    middle = y + _ROW / 2
    low, high = scale.x(item.low), scale.x(item.high)
    told = f"{item.label}: {item.successes} of {item.n} ({share_text(item.low)} to {share_text(item.high)})"
    return element(
        "g",
        label(0, middle + 4, item.label, room=_LABEL_WIDTH - 12),
        bar(scale.left, y + 6, scale.x(share) - scale.left, _ROW - 12, f"rate {item.tone}", told),
        line(low, middle, high, middle, "whisker neutral"),
        line(low, middle - 5, low, middle + 5, "whisker neutral"),
        line(high, middle - 5, high, middle + 5, "whisker neutral"),
        label(scale.right + 12, middle + 4, f"{item.successes} of {item.n}"),
    )
