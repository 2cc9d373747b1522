"""Distribution strips: every single value, with its arm's median."""

from __future__ import annotations

from typing import Final

from markupsafe import Markup

from console.engine.report.plots import Strip, StripPlot
from console.engine.report.svg.canvas import WIDTH, drawing, element, label, line, tooltip
from console.engine.report.svg.scale import LinearScale, padded_range
from console.engine.report.values import binary_unit, quantity

_LABEL_WIDTH: Final = 200.0
_ROW: Final = 40.0
_TOP: Final = 12.0
_LANES: Final = 3
"""Neighbouring values stand on this many heights in turn, so that equal ones can be told apart."""


def draw_strips(plot: StripPlot, identity: str, title: str, description: str) -> Markup:
    """One strip an arm; filled circles for the first, squares for the second, diamonds for others."""
    bottom = _TOP + _ROW * len(plot.strips)
    values = [value for strip in plot.strips for value in strip.values]
    low, high = padded_range(values) if values else (0.0, 1.0)
    scale = LinearScale(max(0.0, low) if not values or min(values) >= 0 else low, high, _LABEL_WIDTH, WIDTH - 20)
    parts = [_axis(scale, bottom, plot.unit)]
    parts += [_strip(strip, _TOP + _ROW * (index + 0.5), scale, plot.unit) for index, strip in enumerate(plot.strips)]
    return drawing(identity, bottom + 24, title, description, *parts)


def _axis(scale: LinearScale, bottom: float, unit: str) -> Markup:
    parts: list[Markup] = []
    for tick in scale.ticks(binary_unit(scale.high) if unit == "bytes" else 1.0):
        x = scale.x(tick)
        parts += [line(x, _TOP, x, bottom, "grid"), label(x, bottom + 16, quantity(tick, unit), anchor="middle")]
    return element("g", *parts)


def _strip(strip: Strip, y: float, scale: LinearScale, unit: str) -> Markup:
    parts = [
        label(0, y, strip.label, room=_LABEL_WIDTH - 12, class_="text strong"),
        label(0, y + 14, f"n={len(strip.values)}", class_="text muted"),
        line(scale.left, y, scale.right, y, "grid"),
    ]
    for index, value in enumerate(sorted(strip.values)):
        offset = (index % _LANES - 1) * 6.0
        parts.append(_mark(scale.x(value), y + offset, strip.arm, quantity(value, unit)))
    if strip.median is not None:
        x = scale.x(strip.median)
        parts.append(line(x, y - 15, x, y + 15, f"median arm{min(strip.arm, 3)}"))
    return element("g", *parts)


def _mark(x: float, y: float, arm: int, told: str) -> Markup:
    class_ = f"dot arm{min(arm, 3)}"
    if arm == 0:
        return element("circle", tooltip(told), cx=x, cy=y, r=3.4, class_=class_)
    if arm == 1:
        return element("rect", tooltip(told), x=x - 3, y=y - 3, width=6, height=6, class_=class_)
    diamond = f"M{x:.1f} {y - 4:.1f}l4 4l-4 4l-4 -4z"
    return element("path", tooltip(told), d=diamond, class_=class_)
