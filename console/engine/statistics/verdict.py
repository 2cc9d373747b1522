"""The verdict: where the interval lies against a margin that was fixed beforehand.

Source: the logic of non-inferiority trials (ICH E9 and E10): within when the whole interval is on the margin's good
side. How many more pairs it takes follows from a half-width that falls with the square root of their number.
"""

from __future__ import annotations

import math
import statistics
from dataclasses import dataclass

from console.engine.statistics.figures import VerdictWord
from console.engine.statistics.paired import Effects
from console.engine.statistics.student import CONFIDENCE, mean_interval, two_sided_p

MIN_PAIRS = 5
"""As for a p50: fewer pairs get no verdict."""

_MOST_PAIRS_TOLD = 100_000


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict. `pairs_needed` further ones would settle it, if what was seen so far goes on: 0 when settled,
    None when no number can be told. `p_margin` is of the t-test that the effect is just the margin."""

    word: VerdictWord
    pairs_needed: int | None = None
    p_margin: float | None = None

    @property
    def is_settled(self) -> bool:
        """Within or over."""
        return self.word in ("within", "over")


def limit_of(effects: Effects, margin_ratio: float, *, baseline_median: float, floor: float) -> float:
    """The margin on the scale of the effects.

    Without a ratio it is the difference that the margin grants to the baseline's median, or to the floor where the
    median is below it.
    """
    if effects.are_logs:
        return math.log(margin_ratio)
    return (margin_ratio - 1) * max(baseline_median, floor)


def judge(effects: Effects, limit: float | None, confidence: float = CONFIDENCE) -> Judgement:
    """The verdict for a limit on the scale of the effects; lower is better."""
    if limit is None:
        return Judgement("no margin")
    values = effects.values
    if len(values) < MIN_PAIRS:
        return Judgement("too few pairs", MIN_PAIRS - len(values), two_sided_p(values, limit))
    interval, p_margin = mean_interval(values, confidence), two_sided_p(values, limit)
    assert interval is not None  # there are at least MIN_PAIRS values
    if interval.high <= limit:
        return Judgement("within", 0, p_margin)
    if interval.low > limit:
        return Judgement("over", 0, p_margin)
    return Judgement("not settled", _pairs_needed(effects, limit, interval.high - interval.low), p_margin)


def _pairs_needed(effects: Effects, limit: float, width: float) -> int | None:
    distance = abs(limit - statistics.fmean(effects.values))
    if distance == 0.0:
        return None
    n = len(effects.values)
    needed = n * ((width / 2 / distance) ** 2 - 1)
    return max(1, math.ceil(needed)) if needed <= _MOST_PAIRS_TOLD else None
