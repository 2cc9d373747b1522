"""Writes the numbers of a scope as CSV and JSON beside the database."""

from __future__ import annotations

import asyncio
from pathlib import Path

from console.engine.paths import file_name
from console.engine.samples.files import SampleFormat, SamplesNotWrittenError, as_csv, as_json, write_files
from console.engine.samples.scope import ExperimentScope, MetricScope
from console.engine.samples.table import sample_table
from console.engine.samples.trial_runs import stored_runs, trial_runs
from console.ui.engine_port import EnginePort


async def export_scope(engine: EnginePort, scope: MetricScope) -> list[Path]:
    """The paths of the files. Raises SamplesNotWrittenError and StoreError."""
    queries, paths = engine.queries, engine.paths
    if paths.label is not None:
        raise SamplesNotWrittenError(
            f"{paths.label}: a recording has no folder that stays; export from the database of its runs"
        )
    if isinstance(scope, ExperimentScope):
        experiment = await queries.experiment(scope.experiment_id)
        runs = await trial_runs(queries, await queries.trials(scope.experiment_id))
        margins = tuple(await queries.experiment_margins(scope.experiment_id))
        name = f"experiment-{experiment.number}" if experiment is not None else "experiment"
    else:
        experiment, margins = None, ()
        runs = await stored_runs(queries, scope.runtime_keys, scope.scenario, scope.bridge_mode)
        name = file_name("-".join([*scope.runtime_keys, scope.scenario, scope.bridge_mode]))
    table = await sample_table(queries, runs, experiment)
    stem = f"{paths.database.stem}-{name}-samples"
    texts: dict[SampleFormat, str] = {
        "csv": await asyncio.to_thread(as_csv, table),
        "json": await asyncio.to_thread(as_json, table, experiment, margins),
    }
    return await asyncio.to_thread(write_files, paths.database.absolute().parent, stem, texts)
