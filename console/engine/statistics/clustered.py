"""Several scenarios: the ratio of each, then the geometric mean across them, with the scenario as the unit.

Source: E. Miller, Adding error bars to evals (arXiv 2411.00640): pairs of one scenario are not independent pieces of
evidence about scenarios in general, so the error is that between scenarios; with few clusters Student's t with one
degree of freedom less than clusters (Cameron and Miller 2015, A practitioner's guide to cluster-robust inference).
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence

from console.engine.statistics.figures import Interval
from console.engine.statistics.student import mean_interval


def clustered_mean(
    effects_by_scenario: Mapping[str, Sequence[float]], confidence: float = 0.95
) -> tuple[float, Interval | None]:
    """The mean of the scenarios' means and its interval; None below two scenarios. Raises ValueError without any."""
    means = [statistics.fmean(values) for values in effects_by_scenario.values() if values]
    if not means:
        raise ValueError("a mean of no scenario")
    return statistics.fmean(means), mean_interval(means, confidence)
