"""What pairs say: the geometric mean of their ratios, and their differences.

Sources: R. Jain, The Art of Computer Systems Performance Analysis (1991), ch. 12.6 (geometric mean of ratios) and 13.4
(paired observations); T. Kalibera and R. Jones, Rigorous benchmarking in reasonable time (ISMM 2013): an effect is a
ratio with an interval.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from console.engine.statistics.figures import Interval, Pairing, Sample
from console.engine.statistics.gates import plain_median, told_percentile
from console.engine.statistics.student import CONFIDENCE, mean_interval, two_sided_p


@dataclass(frozen=True, slots=True)
class Pair:
    """One pair in which both arms have the value; `baseline_ran_first` is its order of running."""

    baseline: Sample
    candidate: Sample
    baseline_ran_first: bool

    @property
    def pair_no(self) -> int:
        """Its number in the experiment."""
        return self.baseline.pair_no

    @property
    def difference(self) -> float:
        """Candidate minus baseline."""
        return self.candidate.value - self.baseline.value

    @property
    def log_ratio(self) -> float:
        """Natural logarithm of candidate over baseline. Raises ValueError unless both are positive."""
        return math.log(self.candidate.value / self.baseline.value)


@dataclass(frozen=True, slots=True)
class Effects:
    """One number for each pair, on the scale on which it is judged: logs of ratios, or differences."""

    values: tuple[float, ...]
    are_logs: bool


def no_ratio_because(pairs: Sequence[Pair], floor: float) -> str | None:
    """Why no ratio may be told; None when it may."""
    if not pairs:
        return "no pair has it in both arms"
    if any(min(pair.baseline.value, pair.candidate.value) <= 0 for pair in pairs):
        return "a value is not above zero"
    medians = (plain_median([pair.baseline.value for pair in pairs]), plain_median([p.candidate.value for p in pairs]))
    return "a median is below its floor" if min(medians) < floor else None


def effects(pairs: Sequence[Pair], floor: float) -> Effects:
    """Logs of the ratios where a ratio may be told, else the differences."""
    if no_ratio_because(pairs, floor) is None:
        return Effects(tuple(pair.log_ratio for pair in pairs), are_logs=True)
    return Effects(tuple(pair.difference for pair in pairs), are_logs=False)


def pairing(pairs: Sequence[Pair], floor: float = 0.0, confidence: float = CONFIDENCE) -> Pairing:
    """What the pairs say of a metric whose ratio counts from `floor` (in its unit) on."""
    because, found = no_ratio_because(pairs, floor), effects(pairs, floor)
    differences = [pair.difference for pair in pairs]
    log_interval = mean_interval(found.values, confidence) if found.are_logs else None
    medians = [
        told_percentile(values, 50)
        for values in ([pair.baseline.value for pair in pairs], [pair.candidate.value for pair in pairs])
    ]
    return Pairing(
        n=len(pairs),
        ratio=math.exp(statistics.fmean(found.values)) if found.are_logs else None,
        ratio_interval=Interval(math.exp(log_interval.low), math.exp(log_interval.high)) if log_interval else None,
        difference=medians[1] - medians[0] if medians[0] is not None and medians[1] is not None else None,
        mean_difference=statistics.fmean(differences) if differences else None,
        difference_interval=mean_interval(differences, confidence),
        p_value=two_sided_p(found.values),
        no_ratio_because=because,
    )
