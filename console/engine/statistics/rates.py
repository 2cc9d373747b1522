"""Rates with Wilson's interval, and how many more successes a threshold needs.

Source: E. B. Wilson, Probable inference, the law of succession, and statistical inference (JASA 22, 1927).
"""

from __future__ import annotations

from scipy import stats

from console.engine.statistics.figures import Interval, Rate
from console.engine.statistics.student import CONFIDENCE

_MOST_LOOKED_FOR = 2**24
"""A threshold that takes more successes than this is as good as out of reach."""


def wilson_interval(successes: int, n: int) -> Interval:
    """Of the share; 0 to 1 without any trial. Raises ValueError when there are more successes than trials."""
    if not 0 <= successes <= n:
        raise ValueError(f"{successes} of {n} is no count of successes")
    if n == 0:
        return Interval(0.0, 1.0)
    found = stats.binomtest(successes, n).proportion_ci(confidence_level=CONFIDENCE, method="wilson")
    return Interval(float(found.low), float(found.high))


def rate(successes: int, n: int, threshold: float | None = None) -> Rate:
    """So many of so many, and what the threshold (a share) still needs."""
    needed = None if threshold is None else successes_needed(successes, n, threshold)
    return Rate(successes, n, wilson_interval(successes, n), threshold, needed)


def successes_needed(successes: int, n: int, threshold: float) -> int | None:
    """How many more in a row lift the interval's lower end to the threshold; None when no number does.

    The lower end rises with each success, so the number is found by doubling and halving.
    """

    def is_reached(more: int) -> bool:
        return wilson_interval(successes + more, n + more).low >= threshold

    if is_reached(0):
        return 0
    high = 1
    while not is_reached(high):
        high *= 2
        if high > _MOST_LOOKED_FOR:
            return None
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if is_reached(middle) else (middle, high)
    return high
