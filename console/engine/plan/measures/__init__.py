"""The registry of measures: what a plan file may ask of the stored rows, by name."""

from __future__ import annotations

from typing import Final

from console.engine.plan.measures import burden, experiments, failures, flow, report, resume, transcripts
from console.engine.plan.measures.measure import Measure

MEASURES: Final[dict[str, Measure]] = {
    measure.name: measure
    for measure in (
        flow.END_TO_END,
        flow.SUCCEEDED,
        resume.RESUMED,
        transcripts.READABLE,
        failures.SURFACED,
        flow.BASELINE,
        experiments.SETTLED,
        experiments.MARGINS,
        burden.RATIO,
        report.FRESH,
    )
}
"""Every measure, by name."""
