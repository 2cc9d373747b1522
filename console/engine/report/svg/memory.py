"""Memory over time: the processes of one run of each runtime."""

from __future__ import annotations

from typing import Final

from markupsafe import Markup

from console.engine.report.plots import Curve, MemoryPlot
from console.engine.report.svg.canvas import WIDTH, drawing, element, label, line, number, tooltip
from console.engine.report.svg.scale import LinearScale
from console.engine.report.values import binary_unit, quantity

_LEFT: Final = 76.0
_TOP: Final = 14.0
_HEIGHT: Final = 220.0


def draw_memory(plot: MemoryPlot, identity: str, title: str, description: str) -> Markup:
    """One line a run; line styles differ as well as colours."""
    times = [at_ms for curve in plot.curves for at_ms, _ in curve.points] or [0.0]
    sizes = [size for curve in plot.curves for _, size in curve.points] or [1.0]
    across = LinearScale(min(0.0, *times), max(*times, 1.0), _LEFT, WIDTH - 20)
    up = LinearScale(0.0, max(sizes) * 1.08 or 1.0, _TOP + _HEIGHT, _TOP)
    parts = [_axes(across, up)]
    parts += [_curve(curve, across, up) for curve in plot.curves]
    bottom = _TOP + _HEIGHT + 24
    for index, curve in enumerate(plot.curves):
        y = bottom + 16 * (index + 1)
        class_ = f"curve arm{min(curve.arm, 3)}"
        parts += [line(_LEFT, y - 4, _LEFT + 28, y - 4, class_), label(_LEFT + 36, y, curve.label)]
    return drawing(identity, bottom + 16 * len(plot.curves) + 10, title, description, *parts)


def _axes(across: LinearScale, up: LinearScale) -> Markup:
    parts: list[Markup] = []
    for tick in across.ticks():
        x = across.x(tick)
        parts += [
            line(x, _TOP, x, _TOP + _HEIGHT, "grid"),
            label(x, _TOP + _HEIGHT + 16, quantity(tick, "ms"), anchor="middle"),
        ]
    for tick in up.ticks(binary_unit(up.high)):
        y = up.x(tick)
        parts += [
            line(_LEFT, y, across.right, y, "grid"),
            label(_LEFT - 8, y + 4, quantity(tick, "bytes"), anchor="end"),
        ]
    return element("g", *parts)


def _curve(curve: Curve, across: LinearScale, up: LinearScale) -> Markup:
    points = " ".join(f"{number(across.x(at_ms))},{number(up.x(size))}" for at_ms, size in curve.points)
    return element("polyline", tooltip(curve.label), points=points, class_=f"curve arm{min(curve.arm, 3)}")
