"""At the start of a console: experiments that a dead one left running are paused, and what it cut is discarded."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

import aiosqlite

from adapters.process_tree import ProcessIdentity
from console.engine.clock import Clock, iso_utc
from console.engine.experiment.rows import finished_pairs, unfinished_trials
from store import Queries, Store, write_records
from store.records import ExperimentRecord, TrialRecord


async def pause_abandoned(store: Store, queries: Queries, clock: Clock) -> list[ExperimentRecord]:
    """Those that were paused, with the sentence in `state_reason`; another live console's are left alone."""
    left = [item for item in await queries.experiments_in_state("running") if not _owner(item).is_alive()]
    paused = [await _pause(experiment.id, store, iso_utc(clock.epoch_s())) for experiment in left]
    return [experiment for experiment in paused if experiment is not None]


async def _pause(experiment_id: str, store: Store, now: str) -> ExperimentRecord | None:
    """None when another console was quicker."""

    async def pause(connection: aiosqlite.Connection) -> ExperimentRecord | None:
        queries = Queries(connection)
        current = await queries.experiment(experiment_id)
        if current is None or current.state != "running" or _owner(current).is_alive():
            return None
        trials = await queries.trials(experiment_id)
        arm_count = len(json.loads(current.runtime_keys_json))
        discarded = [
            replace(trial, state="discarded", finished_at=trial.finished_at or now)
            for trial in unfinished_trials(trials, arm_count)
        ]
        paused = replace(current, state="paused", state_reason=_reason(current, trials, arm_count))
        await write_records(connection, [paused, *discarded])
        return paused

    return await store.transaction(pause)


def _reason(experiment: ExperimentRecord, trials: Sequence[TrialRecord], arm_count: int) -> str:
    kept = sum(not pair[0].is_warmup for pair in finished_pairs(trials, arm_count).values())
    return (
        f"the console ended while it ran; {kept} of {experiment.max_pairs} pairs are kept, and it goes on with "
        f"`sidebeat experiment --resume {experiment.number}`"
    )


def _owner(experiment: ExperimentRecord) -> ProcessIdentity:
    return ProcessIdentity(experiment.console_pid, experiment.console_started_at_epoch)
