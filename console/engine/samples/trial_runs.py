"""Runs with their place in a pair: of an experiment's trials, or of launches in which both runtimes had a turn."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import cast

from store import Queries
from store.records import BridgeMode, RunRecord, TrialRecord

_PAGE_RUNS = 500


@dataclass(frozen=True, slots=True)
class TrialRun:
    """One beat of one arm's turn in one pair. `arm_index` 0 is the baseline; `position` the turn's place in the pair.

    `trial_state` is that of the trial, or the run's own outside of an experiment. `pair_no` is 0 for a run without one.
    """

    pair_no: int
    attempt: int
    arm_index: int
    position: int
    is_warmup: bool
    trial_state: str
    run: RunRecord

    @property
    def counts(self) -> bool:
        """Whether it is part of what is compared: no warm-up, and its pair has finished."""
        return not self.is_warmup and self.trial_state in ("finished", "succeeded")


async def trial_runs(queries: Queries, trials: Sequence[TrialRecord]) -> tuple[TrialRun, ...]:
    """The runs of these trials, in their order; a run that is not stored is left out."""
    found: list[TrialRun] = []
    for trial in trials:
        for run_id in run_ids(trial):
            run = await queries.run(run_id)
            if run is not None:
                found.append(_of_trial(trial, run))
    return tuple(found)


def run_ids(trial: TrialRecord) -> list[str]:
    """The ids of the trial's runs, by beat."""
    listed: object = json.loads(trial.run_ids_json)
    return [str(run_id) for run_id in cast("list[object]", listed)] if isinstance(listed, list) else []


async def stored_runs(
    queries: Queries, runtime_keys: tuple[str, str], scenario: str, bridge_mode: BridgeMode
) -> tuple[TrialRun, ...]:
    """All ended runs of two runtimes in a scenario, oldest first; those of one launch and beat make a pair.

    Live races are left out: their lanes share the machine while they are timed.
    """
    timed = {launch_id for launch_id, kind in (await _launch_kinds(queries)).items() if kind != "race"}
    found: list[TrialRun] = []
    for arm_index, key in enumerate(runtime_keys):
        runs = await _all_runs(queries, key, scenario)
        found += [
            TrialRun(0, 0, arm_index, 0, is_warmup=False, trial_state=run.status, run=run)
            for run in runs
            if run.bridge_mode == bridge_mode and run.finished_at is not None and run.launch_id in timed
        ]
    return _paired(sorted(found, key=lambda item: (item.run.started_at or "", item.run.created_at)))


def _paired(runs: Sequence[TrialRun]) -> tuple[TrialRun, ...]:
    """Numbers for the pairs, in the order in which they began; a run that has no partner keeps 0."""
    turns: dict[tuple[str, int], list[TrialRun]] = {}
    for item in runs:
        turns.setdefault((item.run.launch_id, item.run.beat_index), []).append(item)
    numbers: dict[str, tuple[int, int]] = {}
    complete = [turn for turn in turns.values() if sorted(item.arm_index for item in turn) == [0, 1]]
    for pair_no, turn in enumerate(complete, start=1):
        numbers.update({item.run.id: (pair_no, position) for position, item in enumerate(turn)})
    return tuple(
        replace(item, pair_no=numbers[item.run.id][0], position=numbers[item.run.id][1])
        if item.run.id in numbers
        else item
        for item in runs
    )


async def _launch_kinds(queries: Queries) -> dict[str, str]:
    kinds: dict[str, str] = {}
    while True:
        page = await queries.launches(limit=_PAGE_RUNS, offset=len(kinds))
        kinds.update({launch.id: launch.kind for launch in page})
        if len(page) < _PAGE_RUNS:
            return kinds


async def _all_runs(queries: Queries, runtime_key: str, scenario: str) -> list[RunRecord]:
    runs: list[RunRecord] = []
    while True:
        page = await queries.runs(runtime_key=runtime_key, scenario=scenario, limit=_PAGE_RUNS, offset=len(runs))
        runs += page
        if len(page) < _PAGE_RUNS:
            return runs


def _of_trial(trial: TrialRecord, run: RunRecord) -> TrialRun:
    return TrialRun(
        pair_no=trial.pair_no,
        attempt=trial.attempt,
        arm_index=trial.arm_index,
        position=trial.position,
        is_warmup=trial.is_warmup,
        trial_state=trial.state,
        run=run,
    )
