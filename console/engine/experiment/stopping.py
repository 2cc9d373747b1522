"""When an experiment may stop before its last pair without fooling itself: at a look that was due (`looks.py`)."""

from __future__ import annotations

from console.engine.experiment.comparing import compare
from console.engine.experiment.looks import PAIRS_BETWEEN_LOOKS
from console.engine.experiment.rows import ExperimentRows
from console.engine.measures.definitions import MetricDefinitions


def may_stop(rows: ExperimentRows, definitions: MetricDefinitions) -> bool:
    """Whether every deciding comparison is settled, at a look that was due. A self-check always runs to its end."""
    experiment, measured = rows.experiment, len(rows.measured_pairs)
    if not experiment.stops_when_settled or experiment.kind == "self-check" or measured < experiment.min_pairs:
        return False
    if (measured - experiment.min_pairs) % PAIRS_BETWEEN_LOOKS:
        return False
    deciding = [item for item in compare(rows, definitions) if item.decides]
    return bool(deciding) and all(item.is_settled for item in deciding)
