"""How far an experiment has come, and how long it may still take."""

from __future__ import annotations

import statistics

from console.engine.clock import epoch_of
from console.engine.experiment.results import Progress
from console.engine.experiment.rows import ExperimentRows, FinishedPair


def progress_of(rows: ExperimentRows) -> Progress:
    """From its trials; the time left is the mean of the finished pairs for each that may still come."""
    experiment = rows.experiment
    durations = [found for pair in rows.pairs if (found := _seconds(pair)) is not None]
    remaining = experiment.warmup_pairs + experiment.max_pairs - len(rows.pairs)
    is_open = experiment.state not in ("finished", "stopped")
    return Progress(
        finished_pairs=len(rows.measured_pairs),
        max_pairs=experiment.max_pairs,
        warmup_pairs_done=len(rows.pairs) - len(rows.measured_pairs),
        warmup_pairs=experiment.warmup_pairs,
        seconds_left=statistics.fmean(durations) * max(0, remaining) if durations and is_open else None,
        current=next((trial for trial in rows.trials if trial.state == "running"), None),
    )


def _seconds(pair: FinishedPair) -> float | None:
    began = [trial.record.started_at for trial in pair.trials]
    ended = [trial.record.finished_at for trial in pair.trials]
    if None in began or None in ended:
        return None
    return max(epoch_of(at) for at in ended if at) - min(epoch_of(at) for at in began if at)
