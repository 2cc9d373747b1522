"""The stored rows of an experiment, put together pair by pair."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from store import Queries
from store.records import ExperimentMarginRecord, ExperimentRecord, RunRecord, TrialRecord


@dataclass(frozen=True, slots=True)
class TrialBeat:
    """One beat of a trial. `counts` when it and all before it on its issue succeeded: then its numbers are compared."""

    run: RunRecord
    metrics: Mapping[str, float]
    counts: bool


@dataclass(frozen=True, slots=True)
class FinishedTrial:
    """One arm's part of a finished pair, with its beats in order."""

    record: TrialRecord
    beats: tuple[TrialBeat, ...]

    @property
    def succeeded(self) -> bool:
        """Whether every beat did."""
        return bool(self.beats) and all(beat.counts for beat in self.beats)

    def beat(self, beat_index: int) -> TrialBeat | None:
        """The beat of this index, from 1; None when it was not played."""
        return next((beat for beat in self.beats if beat.run.beat_index == beat_index), None)


@dataclass(frozen=True, slots=True)
class FinishedPair:
    """One pair of which every arm's trial has ended by itself; `trials` are by arm."""

    pair_no: int
    scenario: str
    is_warmup: bool
    trials: tuple[FinishedTrial, ...]

    def ran_before(self, first_arm: int, second_arm: int) -> bool:
        """Whether the one arm ran before the other."""
        return self.trials[first_arm].record.position < self.trials[second_arm].record.position


@dataclass(frozen=True)
class ExperimentRows:
    """An experiment with everything that was stored of it."""

    experiment: ExperimentRecord
    margins: tuple[ExperimentMarginRecord, ...]
    trials: tuple[TrialRecord, ...]
    runs: Mapping[str, RunRecord]
    metrics: Mapping[str, Mapping[str, float]]

    @cached_property
    def scenarios(self) -> tuple[str, ...]:
        """In the order in which they take turns."""
        return tuple(json.loads(self.experiment.scenarios_json))

    @cached_property
    def runtime_keys(self) -> tuple[str, ...]:
        """By arm."""
        return tuple(json.loads(self.experiment.runtime_keys_json))

    @cached_property
    def pairs(self) -> tuple[FinishedPair, ...]:
        """All finished pairs in the order of running, warm-up included."""
        return tuple(self._pair(trials) for trials in finished_pairs(self.trials, len(self.runtime_keys)).values())

    @cached_property
    def measured_pairs(self) -> tuple[FinishedPair, ...]:
        """Those that are not warm-up."""
        return tuple(pair for pair in self.pairs if not pair.is_warmup)

    def _pair(self, trials: Sequence[TrialRecord]) -> FinishedPair:
        first = trials[0]
        by_arm = sorted(trials, key=lambda trial: trial.arm_index)
        return FinishedPair(first.pair_no, first.scenario, first.is_warmup, tuple(map(self._trial, by_arm)))

    def _trial(self, record: TrialRecord) -> FinishedTrial:
        runs = [self.runs[run_id] for run_id in json.loads(record.run_ids_json) if run_id in self.runs]
        return FinishedTrial(record, tuple(self._beats(runs)))

    def _beats(self, runs: Sequence[RunRecord]) -> Iterator[TrialBeat]:
        counts = True
        for run in runs:
            counts = counts and run.status == "succeeded"
            yield TrialBeat(run, self.metrics.get(run.id, {}), counts)


def finished_pairs(trials: Sequence[TrialRecord], arm_count: int) -> dict[int, list[TrialRecord]]:
    """The trials of each finished pair by its number, in order: those of its last attempt that ended in every arm."""
    found: dict[int, list[TrialRecord]] = {}
    for (pair_no, _), attempt in sorted(_attempts(trials).items()):
        if _is_complete(attempt, arm_count):
            found[pair_no] = attempt
    return found


def unfinished_trials(trials: Sequence[TrialRecord], arm_count: int) -> list[TrialRecord]:
    """Those of pairs that were cut, so far as they are not marked as discarded."""
    return [
        trial
        for attempt in _attempts(trials).values()
        if not _is_complete(attempt, arm_count)
        for trial in attempt
        if trial.state != "discarded"
    ]


def _attempts(trials: Sequence[TrialRecord]) -> dict[tuple[int, int], list[TrialRecord]]:
    found: dict[tuple[int, int], list[TrialRecord]] = {}
    for trial in sorted(trials, key=lambda trial: trial.position):
        found.setdefault((trial.pair_no, trial.attempt), []).append(trial)
    return found


def _is_complete(attempt: Sequence[TrialRecord], arm_count: int) -> bool:
    return len(attempt) == arm_count and all(trial.state == "finished" for trial in attempt)


async def experiment_rows(queries: Queries, experiment_id: str) -> ExperimentRows | None:
    """Read them; None without such an experiment."""
    experiment = await queries.experiment(experiment_id)
    if experiment is None:
        return None
    metrics: dict[str, dict[str, float]] = {}
    for metric in await queries.trial_metrics(experiment_id):
        metrics.setdefault(metric.run_id, {})[metric.name] = metric.value
    return ExperimentRows(
        experiment=experiment,
        margins=tuple(await queries.experiment_margins(experiment_id)),
        trials=tuple(await queries.trials(experiment_id)),
        runs={run.id: run for run in await queries.trial_runs(experiment_id)},
        metrics=metrics,
    )
