"""When an experiment may stop before its last pair without fooling itself.

Looking again and again until an interval suits finds something in the end. So the looks are few and fixed beforehand
(at the fewest pairs, and after each further ABBA), and at each a verdict must hold at a confidence of which all looks
together stay at 95% (Bonferroni; source for repeated looks: S. Pocock, Biometrika 64, 1977).
"""

from __future__ import annotations

from console.engine.experiment.comparing import compare
from console.engine.experiment.rows import ExperimentRows
from console.engine.experiment.schedule import PAIRS_PER_BLOCK
from console.engine.measures.definitions import MetricDefinitions
from console.engine.statistics.student import CONFIDENCE

PAIRS_BETWEEN_LOOKS = 2 * PAIRS_PER_BLOCK


def may_stop(rows: ExperimentRows, definitions: MetricDefinitions) -> bool:
    """Whether every deciding comparison is settled, at a look that was due. A self-check always runs to its end."""
    experiment, measured = rows.experiment, len(rows.measured_pairs)
    if not experiment.stops_when_settled or experiment.kind == "self-check" or measured < experiment.min_pairs:
        return False
    if (measured - experiment.min_pairs) % PAIRS_BETWEEN_LOOKS:
        return False
    deciding = [item for item in compare(rows, definitions, look_confidence(rows)) if item.decides]
    return bool(deciding) and all(item.is_settled for item in deciding)


def look_confidence(rows: ExperimentRows) -> float:
    """Of each look, so that all of them together err as seldom as one interval may."""
    experiment = rows.experiment
    looks = (experiment.max_pairs - experiment.min_pairs) // PAIRS_BETWEEN_LOOKS + 1
    return 1 - (1 - CONFIDENCE) / looks
