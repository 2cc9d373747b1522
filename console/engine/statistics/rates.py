"""Rates with Wilson's interval, and how many more successes a threshold needs.

In closed form: criteria are evaluated when the console starts, which must not wait for SciPy.

Source: E. B. Wilson, Probable inference, the law of succession, and statistical inference (JASA 22, 1927).
"""

from __future__ import annotations

from statistics import NormalDist
from typing import Final

from console.engine.statistics.figures import Interval, Rate

_Z: Final = NormalDist().inv_cdf(0.975)  # two-sided 95%
_MOST_LOOKED_FOR = 2**24
"""A threshold that takes more successes than this is as good as out of reach."""


def wilson_interval(successes: int, n: int) -> Interval:
    """Of the share; 0 to 1 without any trial. Raises ValueError when there are more successes than trials."""
    if not 0 <= successes <= n:
        raise ValueError(f"{successes} of {n} is no count of successes")
    if n == 0:
        return Interval(0.0, 1.0)
    share, z2 = successes / n, _Z * _Z
    centre = share + z2 / (2 * n)
    reach = _Z * (share * (1 - share) / n + z2 / (4 * n * n)) ** 0.5
    low, high = ((centre + sign * reach) / (1 + z2 / n) for sign in (-1, 1))
    # Rounding must not leave a hair beyond what is certain.
    return Interval(0.0 if successes == 0 else low, 1.0 if successes == n else high)


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
