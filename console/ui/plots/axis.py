"""Where a value stands among the cells of a line."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Axis:
    """From `low` at the first cell to `high` at the last; `is_log` spaces ratios evenly and needs `low` above 0."""

    low: float
    high: float
    width_cells: int
    is_log: bool = False

    def position(self, value: float) -> float:
        """0 at the low end, 1 at the high end; outside of both for a value off the axis."""
        if self.high <= self.low:
            return 0.5
        if not self.is_log:
            return (value - self.low) / (self.high - self.low)
        if value <= 0:
            return -math.inf
        low = math.log(self.low)
        return (math.log(value) - low) / (math.log(self.high) - low)

    def step(self, value: float, steps_per_cell: int = 1) -> int:
        """The cell (or part of a cell) of a value: below 0, or past the last, when it is off the axis."""
        count = self.width_cells * steps_per_cell
        position = self.position(value)
        if position == -math.inf or position < -1e-9:
            return -1
        if position > 1 + 1e-9:
            return count
        return round(position * (count - 1))

    def holds(self, value: float) -> bool:
        """Whether the value is on the axis."""
        return 0 <= self.step(value) < self.width_cells


RATIO_REACH = 2.0
"""A ratio axis reaches from a half to the double at least; what is farther off is pointed at."""


def ratio_axis(margins: Iterable[float], width_cells: int) -> Axis:
    """A logarithmic axis around 1 that has room for every margin."""
    reach = max([RATIO_REACH, *(margin * 1.25 for margin in margins)])
    return Axis(1 / RATIO_REACH, reach, width_cells, is_log=True)


def value_axis(values: Iterable[float], width_cells: int) -> Axis:
    """A linear axis from the smallest to the largest value, or logarithmic where they are a decade apart."""
    found = list(values)
    low, high = min(found, default=0.0), max(found, default=1.0)
    is_log = low > 0 and high / low > 10
    return Axis(low, high, width_cells, is_log)
