"""Plots as inline SVG: pure functions from plot data to markup."""

from __future__ import annotations

from markupsafe import Markup

from console.engine.report.plots import MemoryPlot, Plot, RatePlot, StripPlot, WhiskerPlot
from console.engine.report.svg.memory import draw_memory
from console.engine.report.svg.rates import draw_rates
from console.engine.report.svg.strips import draw_strips
from console.engine.report.svg.waterfall import draw_waterfall
from console.engine.report.svg.whiskers import draw_whiskers


def draw(plot: Plot, identity: str, title: str, description: str) -> Markup:
    """The plot as one `<svg>` element; `identity` is unique within the page."""
    if isinstance(plot, WhiskerPlot):
        return draw_whiskers(plot, identity, title, description)
    if isinstance(plot, StripPlot):
        return draw_strips(plot, identity, title, description)
    if isinstance(plot, MemoryPlot):
        return draw_memory(plot, identity, title, description)
    if isinstance(plot, RatePlot):
        return draw_rates(plot, identity, title, description)
    return draw_waterfall(plot, identity, title, description)
