"""Whether the experiment itself can be believed: its first pair, a trend over time, the order of running, outliers.

Sources: hyperfine's warning about the first run; Spearman's rank correlation for a trend that need not be linear; for
the order effect, the treatment-by-period comparison of a crossover (B. Jones and M. Kenward, Design and Analysis of
Cross-Over Trials): mean effect of the pairs with the baseline first minus that of the others, by Welch's t.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence

from scipy import stats

from console.engine.statistics.figures import Check
from console.engine.statistics.outliers import outlier_flags
from console.engine.statistics.paired import Effects, Pair
from console.engine.statistics.student import standard_error

ALPHA = 0.01
"""Of each check: there are several for each metric, and a healthy experiment should seldom ring."""

SMALLEST_TREND_N = 8
SMALLEST_GROUP = 3


def soundness_checks(pairs: Sequence[Pair], effects: Effects, alpha: float = ALPHA) -> tuple[Check, ...]:
    """All checks of one comparison; `pairs` and `effects` are in the order of running."""
    return (
        first_pair_check(pairs, effects),
        trend_check(effects, alpha),
        order_check(pairs, effects, alpha),
        outlier_check(pairs),
    )


def first_pair_check(pairs: Sequence[Pair], effects: Effects) -> Check:
    """Whether the first pair stands off from the rest, in its effect or in either arm."""
    columns = (effects.values, [pair.baseline.value for pair in pairs], [pair.candidate.value for pair in pairs])
    if any(flags[0] for values in columns if (flags := outlier_flags(values))):
        return Check("first pair", False, f"pair {pairs[0].pair_no}, the first, stands off: warm up for longer")
    return Check("first pair", True, "the first pair is like the others")


def trend_check(effects: Effects, alpha: float = ALPHA) -> Check:
    """Whether the effect rises or falls while the experiment runs."""
    if len(effects.values) < SMALLEST_TREND_N:
        said = f"too few pairs to see a trend (from {SMALLEST_TREND_N})"
        return Check("trend", True, said, could_tell=False)
    if standard_error(effects.values) == 0.0:
        return Check("trend", True, "no trend: every pair says the same")
    found = stats.spearmanr(range(len(effects.values)), effects.values)
    rho, p_value = float(found.statistic), float(found.pvalue)
    if p_value < alpha:
        way = "rises" if rho > 0 else "falls"
        return Check("trend", False, f"the effect {way} with time (Spearman {rho:+.2f}, p {p_value:.3f})")
    return Check("trend", True, f"no trend (Spearman {rho:+.2f})")


def order_check(pairs: Sequence[Pair], effects: Effects, alpha: float = ALPHA) -> Check:
    """Whether it matters which arm runs first."""
    first, second = (
        [value for pair, value in zip(pairs, effects.values, strict=True) if pair.baseline_ran_first is is_first]
        for is_first in (True, False)
    )
    if min(len(first), len(second)) < SMALLEST_GROUP:
        said = f"too few pairs to see an order effect (from {SMALLEST_GROUP} of each order)"
        return Check("order", True, said, could_tell=False)
    shift = statistics.fmean(first) - statistics.fmean(second)
    shown = f"{math.exp(shift):.3f}x" if effects.are_logs else f"{shift:+.4g}"
    p_value = _welch_p(first, second)
    if p_value < alpha:
        return Check("order", False, f"order effect: {shown} when the baseline runs first (p {p_value:.3f})")
    return Check("order", True, f"no order effect ({shown})")


def outlier_check(pairs: Sequence[Pair]) -> Check:
    """Which values are flagged. It passes anyway: they are kept, and the verdict is told without them too."""
    flagged = sorted({pair.pair_no for pair in pairs if pair.baseline.is_outlier or pair.candidate.is_outlier})
    if not flagged:
        return Check("outliers", True, "no outliers")
    shown = ", ".join(map(str, flagged))
    return Check("outliers", True, f"outliers kept: pair{'s' if len(flagged) > 1 else ''} {shown}")


def _welch_p(first: Sequence[float], second: Sequence[float]) -> float:
    """Of Welch's t-test; where neither group varies, 1 or 0 by whether they are the same."""
    errors = [standard_error(group) or 0.0 for group in (first, second)]
    shift = statistics.fmean(first) - statistics.fmean(second)
    variance = errors[0] ** 2 + errors[1] ** 2
    if variance == 0.0:
        return 1.0 if math.isclose(shift, 0.0, abs_tol=1e-9) else 0.0
    groups = zip(errors, (first, second), strict=True)
    freedom = variance**2 / sum(error**4 / (len(group) - 1) for error, group in groups)
    return float(2 * stats.t.sf(abs(shift) / math.sqrt(variance), freedom))
