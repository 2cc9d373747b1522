"""How an experiment goes, for people, on standard error."""

from __future__ import annotations

import statistics
from dataclasses import dataclass, field

from console.cli.plain import say
from console.engine.clock import epoch_of
from console.engine.engine import Engine
from console.engine.events import EngineEvent, ExperimentChanged, NodePackagesProgressed, OperatorWarned, RunChanged
from console.engine.experiment.rows import experiment_rows
from console.engine.lane_state import FINAL_STATUSES
from store.records import ExperimentRecord, TrialRecord

ENDED = ("paused", "finished", "stopped")


@dataclass(slots=True)
class ExperimentProgress:
    """Tells of one experiment after the other as it is followed."""

    engine: Engine
    _record: ExperimentRecord | None = None
    _arm_count: int = 2
    _finished: set[int] = field(default_factory=set[int])
    _seconds: list[float] = field(default_factory=list[float])
    """That the trials took."""
    _told_percent: int = -1

    def __post_init__(self) -> None:
        self.engine.feed.subscribe(self._tell)

    async def follow(self, record: ExperimentRecord) -> None:
        """From now on tell of this one."""
        rows = await experiment_rows(self.engine.queries, record.id)
        assert rows is not None  # it is planned
        self._record, self._arm_count = record, len(rows.runtime_keys)
        self._finished = {pair.pair_no for pair in rows.pairs}
        self._seconds = [_seconds(trial.record) for pair in rows.pairs for trial in pair.trials]
        pairs = f"pairs: {record.max_pairs}, warm-up: {record.warmup_pairs}"
        say(f"experiment {record.number}: {record.title}; {pairs}")

    def _tell(self, event: EngineEvent) -> None:
        if isinstance(event, NodePackagesProgressed) and event.total:
            self._tell_packages(event)
        elif isinstance(event, OperatorWarned):
            say(event.sentence)
        elif isinstance(event, RunChanged) and event.run.status in FINAL_STATUSES - {"succeeded"}:
            if event.run.finished_at:
                say(
                    f"run {event.run.id[:8]} on {event.run.runtime_key}: {event.run.status} ({event.run.error_message})"
                )
        elif isinstance(event, ExperimentChanged) and event.trial is None and event.experiment.state in ENDED:
            say(f"experiment {event.experiment.number} {event.experiment.state}: {event.experiment.state_reason or ''}")
        elif isinstance(event, ExperimentChanged) and event.trial is not None and event.trial.state == "finished":
            self._tell_trial(event.experiment, event.trial)

    def _tell_trial(self, experiment: ExperimentRecord, trial: TrialRecord) -> None:
        self._seconds.append(_seconds(trial))
        is_last = trial.position == self._arm_count - 1
        if is_last:
            self._finished.add(trial.pair_no)
        number = trial.pair_no - experiment.warmup_pairs
        pair = f"warm-up {trial.pair_no}" if trial.is_warmup else f"pair {number} of {experiment.max_pairs}"
        left_pairs = experiment.warmup_pairs + experiment.max_pairs - len(self._finished)
        left_trials = left_pairs * self._arm_count - (0 if is_last else trial.position + 1)
        left = shown_duration(left_trials * statistics.fmean(self._seconds))
        arm = "ABCD"[trial.arm_index]
        say(f"{pair}: {arm} {trial.runtime_key} in {self._seconds[-1]:.1f} s; at most {left} left")

    def _tell_packages(self, event: NodePackagesProgressed) -> None:
        percent = event.fetched * 100 // event.total // 10 * 10
        if percent != self._told_percent:
            self._told_percent = percent
            say(f"Node packages: {event.fetched} of {event.total}")


def shown_duration(seconds: float) -> str:
    """`45 s`, `12 min`, `1 h 20 min`."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"


def _seconds(trial: TrialRecord) -> float:
    if trial.started_at is None or trial.finished_at is None:
        return 0.0
    return epoch_of(trial.finished_at) - epoch_of(trial.started_at)
