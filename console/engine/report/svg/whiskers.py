"""Interval whiskers: each metric's ratio with its 95% interval, against its margin."""

from __future__ import annotations

from typing import Final

from markupsafe import Markup

from console.engine.report.plots import Whisker, WhiskerPlot
from console.engine.report.svg.canvas import WIDTH, drawing, element, label, line, tooltip
from console.engine.report.svg.scale import LogScale
from console.engine.report.values import ratio_text

_LABEL_WIDTH: Final = 300.0
_VERDICT_WIDTH: Final = 110.0
_ROW: Final = 26.0
_TOP: Final = 34.0


def draw_whiskers(plot: WhiskerPlot, identity: str, title: str, description: str) -> Markup:
    """One row a metric; the line at 1 is the baseline, the dashed mark the margin."""
    scale = _scale(plot)
    bottom = _TOP + _ROW * len(plot.whiskers)
    parts = [_axis(scale, bottom), label(scale.left, 14, f"{plot.candidate} ÷ {plot.baseline}", class_="text strong")]
    parts += [_row(whisker, _TOP + _ROW * (index + 0.5), scale) for index, whisker in enumerate(plot.whiskers)]
    return drawing(identity, bottom + 24, title, description, *parts)


def _scale(plot: WhiskerPlot) -> LogScale:
    ends = [1.0]
    for whisker in plot.whiskers:
        ends += [value for value in (whisker.low, whisker.high, whisker.margin) if value is not None]
    low = max(min(ends) / 1.1, 1e-3)
    return LogScale(low, max(max(ends) * 1.1, low * 1.2), _LABEL_WIDTH, WIDTH - _VERDICT_WIDTH)


def _axis(scale: LogScale, bottom: float) -> Markup:
    parts: list[Markup] = []
    for tick in scale.ticks():
        x = scale.x(tick)
        parts += [line(x, _TOP, x, bottom, "grid"), label(x, bottom + 16, ratio_text(tick), anchor="middle")]
    parts.append(line(scale.x(1.0), _TOP - 6, scale.x(1.0), bottom, "axis"))
    return element("g", *parts)


def _row(whisker: Whisker, y: float, scale: LogScale) -> Markup:
    told = f"{whisker.label}: {ratio_text(whisker.ratio)} ({ratio_text(whisker.low)} to {ratio_text(whisker.high)})"
    low, middle, high = scale.x(whisker.low), scale.x(whisker.ratio), scale.x(whisker.high)
    tone = {"over": "bad", "within": "good"}.get(whisker.verdict, "neutral")
    parts = [
        label(0, y + 4, whisker.label, room=_LABEL_WIDTH - 12),
        line(low, y, high, y, f"whisker {tone}"),
        line(low, y - 5, low, y + 5, f"whisker {tone}"),
        line(high, y - 5, high, y + 5, f"whisker {tone}"),
        element("circle", tooltip(told), cx=middle, cy=y, r=4.5, class_=f"dot {tone}"),
    ]
    if whisker.margin is not None:
        at = scale.x(whisker.margin)
        parts.append(line(at, y - 10, at, y + 10, "margin"))
    if whisker.verdict:
        parts.append(label(scale.right + 12, y + 4, whisker.verdict, room=_VERDICT_WIDTH - 12))
    return element("g", *parts)
