"""What stands above the parts of a run: which run it is, and how it ended."""

from __future__ import annotations

from typing import Final

from console.ui.figures import run_state
from console.ui.layout import stacked
from console.ui.run_words import duration, lane_name, moment, named, outcomes_differ
from console.ui.text import EMPTY, SafeText, fit, foreign, join, own, words
from store.records import RunRecord

WIDE_FROM_CELLS: Final = 110
"""From this width on, it is shown when the run started."""


def run_title(run: RunRecord, issue: str) -> SafeText:
    """`PAP-7 · beat 2 · agentos_local/pi`."""
    runtime = foreign(run.runtime_key, "bold $secondary" if run.experimental else "bold")
    return join([foreign(issue, "bold"), words("beat {k}", k=run.beat_index), runtime], " · ")


def run_summary(run: RunRecord, width_cells: int) -> SafeText:
    """Two lines."""
    wide = width_cells >= WIDE_FROM_CELLS
    first = [
        named("scenario", foreign(run.scenario)),
        named("lane", lane_name(run.lane_index)),
        own("EXPERIMENTAL", "bold $warning") if run.experimental else EMPTY,
        join([foreign(run.bridge_mode), foreign(run.model_mode)], " "),
        named("started", moment(run.started_at) or own("not yet")) if wide else EMPTY,
        named("took", duration(run)) if run.finished_at else EMPTY,
    ]
    line = join(first, "   ") if wide else join(first, "  ")
    return stacked([fit(line, width_cells), fit(_ending(run), width_cells)])


def _ending(run: RunRecord) -> SafeText:
    if outcomes_differ(run):
        both = [named("upstream", run_state(run.upstream_status or "")), own("≠", "bold $warning")]
        both.append(named("observed", run_state(run.observed_status or run.status)))
        return join([*both, foreign(run.outcome_reason or "", "$warning")], "  ")
    said = run.error_message or run.summary or ""
    return join([run_state(run.status), foreign(said, "$error" if run.error_message else "$text-muted")], "  ")
