"""The shapes in which statistics are told. Ratios are candidate over baseline; intervals are 95% unless said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

VerdictWord = Literal["within", "over", "not settled", "no margin", "too few pairs"]
"""The interval against the margin: its upper end is not above; its lower end is above; it straddles."""


@dataclass(frozen=True, slots=True)
class Interval:
    """Both ends, in the unit of what it is about."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Sample:
    """Where one value came from. `pair_no` is that of the experiment; `run_id` opens the rows behind it."""

    pair_no: int
    run_id: str
    value: float
    is_outlier: bool = False
    """Flagged, never removed: modified z beyond ten standard deviations' worth, or a severe Tukey fence."""


@dataclass(frozen=True, slots=True)
class Summary:
    """One arm's values of one metric. A percentile is None below its smallest sample: 5 for p50, 20 and 100."""

    samples: tuple[Sample, ...]
    minimum: float | None
    p50: float | None
    p95: float | None
    p99: float | None
    maximum: float | None
    p50_is_rough: bool
    """Fewer than 30 values."""
    p95_is_rough: bool = False
    """Fewer than 59, from which on the largest value bounds it with 95% confidence."""
    p99_is_rough: bool = False
    """Fewer than 299, likewise."""

    @property
    def n(self) -> int:
        """How many values."""
        return len(self.samples)


@dataclass(frozen=True, slots=True)
class Rate:
    """So many of so many, with Wilson's interval.

    `needed` more successes in a row would lift its lower end to the threshold: 0 when it is there, None without a
    threshold, or with one that no number of successes reaches.
    """

    successes: int
    n: int
    interval: Interval
    threshold: float | None = None
    needed: int | None = None

    @property
    def share(self) -> float | None:
        """Successes over n."""
        return self.successes / self.n if self.n else None


@dataclass(frozen=True, slots=True)
class Check:
    """One test of the experiment's own soundness: first run, trend, order effect, outliers, self-check."""

    name: str
    passed: bool
    statement: str
    could_tell: bool = True
    """False where the pairs were too few for it to find anything."""


@dataclass(frozen=True, slots=True)
class Pairing:
    """What the pairs say of one metric, candidate against baseline.

    `ratio` is the geometric mean of the paired ratios; it is None where a median is below the metric's floor or a
    value is not positive, and `no_ratio_because` says which. `difference` is that of the medians (None below five
    pairs), `mean_difference` the mean of the paired differences with a t-interval.
    """

    n: int
    ratio: float | None
    ratio_interval: Interval | None
    difference: float | None
    mean_difference: float | None
    difference_interval: Interval | None
    p_value: float | None
    """Of the paired t-test on logs (on differences without a ratio) against no difference; Holm's step-down has been
    applied where several comparisons decide."""
    no_ratio_because: str | None = None
