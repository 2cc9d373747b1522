"""One comparison over several scenarios: what a further scenario may be expected to show."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from console.engine.experiment.results import Comparison
from console.engine.statistics.clustered import clustered_mean
from console.engine.statistics.figures import Interval, Pairing, Rate, Summary, VerdictWord
from console.engine.statistics.paired import Effects
from console.engine.statistics.rates import rate


def overall_comparison(
    comparisons: Sequence[Comparison], effects_by_scenario: Mapping[str, Effects], confidence: float
) -> Comparison:
    """Of one metric, beat and candidate: the geometric mean of the scenarios' ratios, its interval clustered by them.

    It decides nothing: the scenarios were chosen, not drawn, and each has a verdict of its own.
    """
    first = comparisons[0]
    baseline, candidate = (_pooled([getattr(item, side) for item in comparisons]) for side in ("baseline", "candidate"))
    found = _pairing(effects_by_scenario, sum(item.pairing.n for item in comparisons), confidence)
    return replace(
        first,
        scenario=None,
        baseline=baseline,
        candidate=candidate,
        pairing=found if first.baseline_rate is None else first.pairing,
        verdict=_verdict(first, found),
        verdict_without_outliers=_verdict(first, found),
        pairs_needed=None,
        checks=(),
        decides=False,
        incomplete_pairs=sum(item.incomplete_pairs for item in comparisons),
        baseline_rate=_pooled_rate([item.baseline_rate for item in comparisons]),
        candidate_rate=_pooled_rate([item.candidate_rate for item in comparisons]),
    )


def _pooled(summaries: Sequence[Summary]) -> Summary:
    """The values with the flags of their own scenarios, and no percentile: they are not of one kind."""
    samples = sorted((sample for item in summaries for sample in item.samples), key=lambda sample: sample.pair_no)
    return Summary(tuple(samples), None, None, None, None, None, p50_is_rough=True)


def _pooled_rate(rates: Sequence[Rate | None]) -> Rate | None:
    known = [item for item in rates if item is not None]
    return rate(sum(item.successes for item in known), sum(item.n for item in known)) if known else None


def _pairing(effects_by_scenario: Mapping[str, Effects], n: int, confidence: float) -> Pairing:
    logs = {name: found.values for name, found in effects_by_scenario.items() if found.are_logs and found.values}
    differences = {name: found.values for name, found in effects_by_scenario.items() if found.values}
    if not logs or len(logs) < len(differences):
        return Pairing(n, None, None, None, None, None, None, "not every scenario has a ratio")
    mean, interval = clustered_mean(logs, confidence)
    return Pairing(
        n=n,
        ratio=math.exp(mean),
        ratio_interval=Interval(math.exp(interval.low), math.exp(interval.high)) if interval else None,
        difference=None,
        mean_difference=None,
        difference_interval=None,
        p_value=None,
    )


def _verdict(comparison: Comparison, found: Pairing) -> VerdictWord:
    if comparison.margin is None:
        return "no margin"
    if found.ratio_interval is None:
        return "too few pairs"
    if found.ratio_interval.high <= comparison.margin.ratio:
        return "within"
    return "over" if found.ratio_interval.low > comparison.margin.ratio else "not settled"
