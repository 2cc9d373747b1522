"""A scope read from stored rows. Brings scipy, so that a screen imports it when it is first needed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import combinations

from console.engine.experiment.comparing import compare
from console.engine.experiment.reading import result_of
from console.engine.experiment.rows import ExperimentRows, experiment_rows
from console.engine.experiment.self_check import self_check_for, self_check_of
from console.engine.find import UnknownIdError
from console.engine.measures.definitions import MetricDefinitions, load_definitions
from console.engine.samples.scope import MetricScope, ScopeReading, StoredScope
from console.engine.samples.trial_runs import TrialRun, stored_runs
from store import Queries
from store.records import BridgeMode, ExperimentRecord, TrialRecord


async def read_scope(queries: Queries, scope: MetricScope) -> ScopeReading:
    """All of it, from stored rows. Raises UnknownIdError for an experiment that there is not."""
    if isinstance(scope, StoredScope):
        return await _read_stored(queries, scope)
    rows = await experiment_rows(queries, scope.experiment_id)
    if rows is None:
        raise UnknownIdError(f"there is no experiment {scope.experiment_id}; see `sidebeat experiment --list`")
    definitions = load_definitions()
    compared = compare(rows, definitions)
    is_self_check = rows.experiment.kind == "self-check"
    found = self_check_of(rows, compared) if is_self_check else await self_check_for(queries, rows, definitions)
    result = result_of(rows, compared, found)
    return ScopeReading(scope, rows, compare(rows, every_run_metric(definitions)), result, 0)


async def stored_scopes(queries: Queries) -> tuple[StoredScope, ...]:
    """Every two runtimes that have ended runs in a scenario, those with the most runs first.

    Of two, the one that is not experimental is the baseline, else the one that comes first by name.
    """
    groups: dict[tuple[str, BridgeMode], list[tuple[bool, str, int]]] = {}
    for group in await queries.run_groups():
        place = (group.scenario, group.bridge_mode)
        groups.setdefault(place, []).append((group.experimental, group.runtime_key, group.count))
    found = [
        StoredScope((first[1], second[1]), scenario, mode, first[2] + second[2])
        for (scenario, mode), runtimes in groups.items()
        for first, second in combinations(sorted(runtimes), 2)
    ]
    return tuple(sorted(found, key=lambda scope: (-scope.run_count, scope.scenario, scope.runtime_keys)))


def every_run_metric(definitions: MetricDefinitions) -> MetricDefinitions:
    """The definitions of all numbers that a run has, each as if it were compared."""
    of_runs = [metric for metric in definitions if metric.source == "run"]
    return MetricDefinitions(tuple(metric.model_copy(update={"compared": True}) for metric in of_runs))


async def _read_stored(queries: Queries, scope: StoredScope) -> ScopeReading:
    runs = await stored_runs(queries, scope.runtime_keys, scope.scenario, scope.bridge_mode)
    paired = [item for item in runs if item.pair_no]
    metrics: dict[str, dict[str, float]] = {}
    for item in paired:
        metrics[item.run.id] = {metric.name: metric.value for metric in await queries.metrics(item.run.id)}
    rows = ExperimentRows(
        experiment=_as_experiment(scope),
        margins=(),
        trials=tuple(_as_trials(paired)),
        runs={item.run.id: item.run for item in paired},
        metrics=metrics,
    )
    comparisons = compare(rows, every_run_metric(load_definitions()))
    return ScopeReading(scope, rows, comparisons, None, len(runs) - len(paired))


def _as_experiment(scope: StoredScope) -> ExperimentRecord:
    """Stored runs in the shape of an experiment that was never planned, so that the same statistics apply."""
    return ExperimentRecord(
        id="",
        number=0,
        title="",
        kind="comparison",
        scenarios_json=json.dumps([scope.scenario]),
        runtime_keys_json=json.dumps(scope.runtime_keys),
        temperature=scope.bridge_mode,
        seed=0,
        warmup_pairs=0,
        min_pairs=1,
        max_pairs=1,
        stops_when_settled=False,
        time_limit_s=0.0,
        state="finished",
        created_at="",
        console_pid=0,
        console_started_at_epoch=0.0,
    )


def _as_trials(runs: Sequence[TrialRun]) -> Iterator[TrialRecord]:
    for item in runs:
        yield TrialRecord(
            experiment_id="",
            pair_no=item.pair_no,
            attempt=0,
            arm_index=item.arm_index,
            position=item.position,
            scenario=item.run.scenario,
            runtime_key=item.run.runtime_key,
            is_warmup=False,
            state="finished",
            issue_id=item.run.issue_id,
            run_ids_json=json.dumps([item.run.id]),
            started_at=item.run.started_at,
            finished_at=item.run.finished_at,
        )
