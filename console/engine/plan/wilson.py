"""Wilson's interval in closed form: criteria are evaluated when the console starts, which must not wait for SciPy.

Source: E. B. Wilson, Probable inference, the law of succession, and statistical inference (JASA 22, 1927).
"""

from __future__ import annotations

from statistics import NormalDist
from typing import Final

from console.engine.statistics.figures import Interval

_Z: Final = NormalDist().inv_cdf(0.975)  # two-sided 95%
_MOST_LOOKED_FOR: Final = 1 << 24


def wilson_interval(successes: int, n: int) -> Interval:
    """95% interval of the share; 0 to 1 without any trial."""
    if n == 0:
        return Interval(0.0, 1.0)
    share, z2 = successes / n, _Z * _Z
    centre = share + z2 / (2 * n)
    reach = _Z * (share * (1 - share) / n + z2 / (4 * n * n)) ** 0.5
    low, high = ((centre + sign * reach) / (1 + z2 / n) for sign in (-1, 1))
    # Rounding must not leave a hair beyond what is certain.
    return Interval(0.0 if successes == 0 else low, 1.0 if successes == n else high)


def successes_needed(successes: int, n: int, threshold: float) -> int | None:
    """How many more in a row lift the lower end to the threshold; None when none of a reasonable number does."""
    low, high = -1, 1
    while wilson_interval(successes + high, n + high).low < threshold:
        low, high = high, high * 2
        if high > _MOST_LOOKED_FOR:
            return None
    while high - low > 1:
        middle = (low + high) // 2
        reached = wilson_interval(successes + middle, n + middle).low >= threshold
        low, high = (low, middle) if reached else (middle, high)
    return high
