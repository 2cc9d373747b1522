"""Every stored number of an experiment as a table: a row for each trial, beat and metric, with its provenance."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from console.engine.samples.trial_runs import TrialRun
from store import Queries
from store.records import ExperimentRecord, MetricRecord, RunRecord

Value = str | int | float | bool | None

PROVENANCE_PREFIX: Final = "provenance_"

_COLUMNS: Final = (
    "experiment",
    "experiment_id",
    "experiment_title",
    "experiment_kind",
    "temperature",
    "seed",
    "scenario",
    "pair_no",
    "attempt",
    "is_warmup",
    "trial_state",
    "position",
    "arm_index",
    "runtime_key",
    "beat_index",
    "run_id",
    "run_status",
    "model_mode",
    "started_at",
    "metric",
    "value",
    "unit",
)


@dataclass(frozen=True, slots=True)
class SampleTable:
    """Rows of values, in the order of `columns`."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]


async def sample_table(
    queries: Queries, runs: Sequence[TrialRun], experiment: ExperimentRecord | None = None
) -> SampleTable:
    """One row for each run and metric; what each run's provenance says has columns of its own."""
    provenances = [_provenance(item.run) for item in runs]
    names = sorted({name for provenance in provenances for name in provenance})
    rows: list[tuple[Value, ...]] = []
    for item, provenance in zip(runs, provenances, strict=True):
        tail = tuple(provenance.get(name) for name in names)
        metrics = await queries.metrics(item.run.id)
        rows += [(*_head(experiment, item), *_number(metric), *tail) for metric in metrics]
    return SampleTable((*_COLUMNS, *(f"{PROVENANCE_PREFIX}{name}" for name in names)), tuple(rows))


def _head(experiment: ExperimentRecord | None, item: TrialRun) -> tuple[Value, ...]:
    run = item.run
    ordered: tuple[Value, ...] = (None, None, None, None, run.bridge_mode, None)
    if experiment is not None:
        ordered = (
            experiment.number,
            experiment.id,
            experiment.title,
            experiment.kind,
            experiment.temperature,
            experiment.seed,
        )
    return (
        *ordered,
        run.scenario,
        item.pair_no,
        item.attempt,
        item.is_warmup,
        item.trial_state,
        item.position,
        item.arm_index,
        run.runtime_key,
        run.beat_index,
        run.id,
        run.status,
        run.model_mode,
        run.started_at,
    )


def _number(metric: MetricRecord) -> tuple[Value, ...]:
    return metric.name, metric.value, metric.unit


def _provenance(run: RunRecord) -> dict[str, Value]:
    """The members of the run's provenance; nested ones as JSON, and text that is no JSON as it is."""
    if run.provenance_json is None:
        return {}
    try:
        found: Any = json.loads(run.provenance_json)
    except ValueError:
        return {"unreadable": run.provenance_json}
    if not isinstance(found, dict):
        return {"unreadable": run.provenance_json}
    return {name: _plain(value) for name, value in cast("dict[str, Any]", found).items()}


def _plain(value: object) -> Value:
    return value if value is None or isinstance(value, (str, int, float)) else json.dumps(value, sort_keys=True)
