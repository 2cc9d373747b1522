"""Axes: from values to coordinates, and where the ticks stand."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_TICKS: Final = 6
_LOG_STEPS: Final = (1.0, 1.5, 2.0, 3.0, 5.0, 7.0)


@dataclass(frozen=True, slots=True)
class LinearScale:
    """`low`..`high` onto `left`..`right`."""

    low: float
    high: float
    left: float
    right: float

    def x(self, value: float) -> float:
        """The coordinate; beyond an end it is the end."""
        share = (value - self.low) / (self.high - self.low) if self.high > self.low else 0.0
        return self.left + min(1.0, max(0.0, share)) * (self.right - self.left)

    def ticks(self, unit: float = 1.0) -> list[float]:
        """Round multiples of `unit` within the axis."""
        if self.high <= self.low:
            return [self.low]
        rough = (self.high - self.low) / _TICKS / unit
        power = 10.0 ** math.floor(math.log10(rough))
        step = next(factor * power for factor in (1.0, 2.0, 5.0, 10.0) if factor * power >= rough) * unit
        first = math.ceil(self.low / step)
        return [index * step for index in range(first, math.floor(self.high / step + 1e-9) + 1)]


@dataclass(frozen=True, slots=True)
class LogScale:
    """As `LinearScale`, on logarithms; both ends are positive."""

    low: float
    high: float
    left: float
    right: float

    def x(self, value: float) -> float:
        """The coordinate; beyond an end it is the end."""
        inner = LinearScale(math.log(self.low), math.log(self.high), self.left, self.right)
        return inner.x(math.log(max(value, self.low)))

    def ticks(self) -> list[float]:
        """Round values within the axis, of which at most a few are taken."""
        powers = range(math.floor(math.log10(self.low)), math.ceil(math.log10(self.high)) + 1)
        every = [step * 10.0**power for power in powers for step in _LOG_STEPS]
        within = [value for value in every if self.low <= value <= self.high]
        if len(within) <= _TICKS + 2:
            return within
        return [value for value in within if round(math.log10(value) % 1, 6) in (0.0, 0.30103, 0.69897)][: _TICKS * 3]


def padded_range(values: Sequence[float], share: float = 0.05) -> tuple[float, float]:
    """The values' range with some air around it; one value alone gets air by its own size."""
    low, high = min(values), max(values)
    air = (high - low) * share or abs(high) * share or 1.0
    return low - air, high + air
