"""A straight line through what a population costs."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """Least squares: `base` at a population of zero, `slope` for each further one, residuals in the points' order."""

    base: float
    slope: float
    residuals: tuple[float, ...]

    @property
    def largest_residual(self) -> float:
        """The largest distance of a point from the line."""
        return max(map(abs, self.residuals), default=0.0)


def fit_line(points: Sequence[tuple[int, float]]) -> Line | None:
    """The line through (population, value); None for fewer than three points, through which any line would fit."""
    if len(points) < 3:
        return None
    populations, values = [float(population) for population, _ in points], [value for _, value in points]
    slope, base = statistics.linear_regression(populations, values)
    residuals = tuple(
        value - (base + slope * population) for population, value in zip(populations, values, strict=True)
    )
    return Line(base, slope, residuals)


def mean_step(values: Sequence[float]) -> float | None:
    """The mean of the differences between neighbours; None for fewer than two values."""
    return (values[-1] - values[0]) / (len(values) - 1) if len(values) > 1 else None
