"""Which percentile may be told of how many values.

Sources: agent-os's performance guide (about 30 samples for a p50, 200 for a p95) for the flags of p50; the smallest n
at which the largest value is a distribution-free 95% upper bound of a percentile q, ceil(ln 0.05 / ln q), for the
others: 59 for p95, 299 for p99 (H. A. David, Order Statistics, 1970, ch. 2.5).
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence

from console.engine.statistics.figures import Sample, Summary
from console.engine.statistics.outliers import with_flags

SMALLEST_N = {50: 5, 95: 20, 99: 100}
"""Below it a percentile is not told, and the maximum stands in for it."""

FIRM_N = {50: 30, 95: 59, 99: 299}
"""Below it a percentile is marked as rough."""


def percentile(values: Sequence[float], percent: int) -> float:
    """Linear between the values (R's type 7, as numpy's default). Raises ValueError without values."""
    ordered = sorted(values)
    if not ordered:
        raise ValueError("a percentile of no values")
    position = (len(ordered) - 1) * percent / 100
    below = int(position)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (position - below)


def told_percentile(values: Sequence[float], percent: int) -> float | None:
    """The percentile, or None where there are too few values to tell it."""
    return percentile(values, percent) if len(values) >= SMALLEST_N[percent] else None


def summary(samples: Sequence[Sample]) -> Summary:
    """One arm's values of one metric, with its outliers flagged."""
    flagged = with_flags(samples)
    values = [sample.value for sample in flagged]
    return Summary(
        samples=flagged,
        minimum=min(values, default=None),
        p50=told_percentile(values, 50),
        p95=told_percentile(values, 95),
        p99=told_percentile(values, 99),
        maximum=max(values, default=None),
        p50_is_rough=len(values) < FIRM_N[50],
        p95_is_rough=len(values) < FIRM_N[95],
        p99_is_rough=len(values) < FIRM_N[99],
    )


def plain_median(values: Sequence[float]) -> float:
    """However few there are: for decisions that need one, not for telling. Raises StatisticsError without values."""
    return statistics.median(values)
