"""Values that stand far off: flagged, never removed.

Sources: hyperfine's modified z-score, |x - median| / MAD above 14.826, which is ten standard deviations of a normal
distribution (Iglewicz and Hoaglin 1993 for the score); Tukey's severe fences, three interquartile ranges beyond the
quartiles (Exploratory Data Analysis, 1977), as criterion has them.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import replace

from console.engine.statistics.figures import Sample

MODIFIED_Z_LIMIT = 14.826
SEVERE_FENCE = 3.0
SMALLEST_N = 5
"""Fewer values have no shape from which one could stand off."""


def outlier_flags(values: Sequence[float]) -> list[bool]:
    """Which values stand off, by either rule. Where half of the values are the same there is no scale, and no flag."""
    if len(values) < SMALLEST_N:
        return [False] * len(values)
    middle = statistics.median(values)
    spread = statistics.median(abs(value - middle) for value in values)
    first, _, third = statistics.quantiles(values, n=4, method="inclusive")
    reach = SEVERE_FENCE * (third - first)
    return [
        (spread > 0 and abs(value - middle) > MODIFIED_Z_LIMIT * spread)
        or (reach > 0 and not first - reach <= value <= third + reach)
        for value in values
    ]


def with_flags(samples: Sequence[Sample]) -> tuple[Sample, ...]:
    """The same samples with `is_outlier` set."""
    flags = outlier_flags([sample.value for sample in samples])
    return tuple(replace(sample, is_outlier=flag) for sample, flag in zip(samples, flags, strict=True))
