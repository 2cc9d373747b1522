"""The phase waterfall: where the time of a beat goes, one runtime under the other on one axis."""

from __future__ import annotations

from typing import Final

from markupsafe import Markup

from console.engine.report.plots import PhaseBar, WaterfallPlot
from console.engine.report.svg.canvas import CHARACTER_WIDTH, WIDTH, bar, drawing, element, label, line
from console.engine.report.svg.scale import LinearScale
from console.engine.report.values import quantity

_ROW: Final = 20.0
_HEAD: Final = 24.0
_LABEL_WIDTH: Final = 190.0
_COLOURS: Final = 8


def draw_waterfall(plot: WaterfallPlot, identity: str, title: str, description: str) -> Markup:
    """Each step begins where the one before it ended."""
    longest = max((sum(phase.duration_ms for phase in item.phases) for item in plot.bars), default=0.0)
    scale = LinearScale(0.0, longest * 1.02 or 1.0, _LABEL_WIDTH, WIDTH - 70)
    names = list(dict.fromkeys(phase.name for item in plot.bars for phase in item.phases))
    colours = {name: index % _COLOURS for index, name in enumerate(names)}
    parts: list[Markup] = []
    y = 4.0
    for item in plot.bars:
        parts.append(_bars(item, y, scale, colours))
        y += _HEAD + _ROW * len(item.phases) + 8
    return drawing(identity, y + 24, title, description, _axis(scale, y), *parts)


def _axis(scale: LinearScale, bottom: float) -> Markup:
    parts: list[Markup] = []
    for tick in scale.ticks():
        x = scale.x(tick)
        parts += [line(x, 4, x, bottom, "grid"), label(x, bottom + 16, quantity(tick, "ms"), anchor="middle")]
    return element("g", *parts)


def _bars(item: PhaseBar, top: float, scale: LinearScale, colours: dict[str, int]) -> Markup:
    whole_ms = sum(phase.duration_ms for phase in item.phases)
    parts = [label(0, top + 16, f"{item.label} — {quantity(whole_ms, 'ms')}", class_="text strong")]
    begins_ms = 0.0
    for index, phase in enumerate(item.phases):
        y = top + _HEAD + _ROW * index
        left, right = scale.x(begins_ms), scale.x(begins_ms + phase.duration_ms)
        told = quantity(phase.duration_ms, "ms")
        parts += [
            label(8, y + 13, phase.name, room=_LABEL_WIDTH - 16),
            bar(left, y + 3, right - left, _ROW - 6, f"phase{colours[phase.name]}", f"{phase.name}: {told}"),
            _told(left, right, y + 13, told),
        ]
        begins_ms += phase.duration_ms
    return element("g", *parts)


def _told(left: float, right: float, y: float, told: str) -> Markup:
    """The duration behind its bar, or before it where the drawing ends."""
    if right + 4 + len(told) * CHARACTER_WIDTH <= WIDTH:
        return label(right + 4, y, told, class_="text muted")
    return label(left - 4, y, told, anchor="end", class_="text muted")
