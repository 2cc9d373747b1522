"""How often an experiment is looked at before its last pair, and how sure a verdict must then be.

Looking again and again until an interval suits finds something in the end. So the looks are few and fixed beforehand
(at the fewest pairs, after each further ABBA, and when all pairs have run), and a verdict must hold at a confidence of
which all looks together stay at 95% (Bonferroni; source for repeated looks: S. Pocock, Biometrika 64, 1977). The last
look is one of them: an experiment that never settled on the way has had as many chances.
"""

from __future__ import annotations

from console.engine.experiment.schedule import PAIRS_PER_BLOCK
from console.engine.statistics.student import CONFIDENCE
from store.records import ExperimentRecord

PAIRS_BETWEEN_LOOKS = 2 * PAIRS_PER_BLOCK


def looks_at(experiment: ExperimentRecord) -> int:
    """How many times it may be looked at; once where it always runs all its pairs."""
    if not experiment.stops_when_settled:
        return 1
    return 1 - (experiment.min_pairs - experiment.max_pairs) // PAIRS_BETWEEN_LOOKS


def verdict_confidence(experiment: ExperimentRecord) -> float:
    """Of each verdict, so that all looks together err as seldom as one interval may."""
    return 1 - (1 - CONFIDENCE) / looks_at(experiment)
