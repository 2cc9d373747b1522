"""When an experiment may stop before its last pair."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from console.engine.experiment.rows import ExperimentRows, experiment_rows
from console.engine.experiment.stopping import look_confidence, may_stop
from console.engine.measures.definitions import load_definitions
from store import Queries, Store
from tests.unit.approximate import approx
from tests.unit.experiment_samples import StoredExperiment, first_requests
from tests.unit.store_samples import fixed_clock

QUIET = [1000.0, 1010.0, 995.0, 1005.0, 990.0] * 4
NOISY = [1000.0, 1900.0, 700.0, 1500.0, 600.0] * 4
STOPPING = StoredExperiment(
    first_requests(QUIET, QUIET[::-1]), 10, stops_when_settled=True, min_pairs=10, max_pairs=20, state="running"
)


async def rows_of(folder: Path, stored: StoredExperiment) -> ExperimentRows:
    path = folder / "sidebeat.sqlite"
    async with await Store.open(path, fixed_clock) as store, await Queries.open(path) as queries:
        for record in stored.records():
            store.put(record)
        await store.flush()
        rows = await experiment_rows(queries, stored.id)
        assert rows is not None
        return rows


@pytest.mark.parametrize(
    ("stored", "expected"),
    [
        (STOPPING, True),
        (replace(STOPPING, pairs=9), False),
        (replace(STOPPING, pairs=11), False),
        (replace(STOPPING, pairs=14), True),
        (replace(STOPPING, stops_when_settled=False), False),
        (replace(STOPPING, kind="self-check", runtime_keys=("pi_local",) * 2), False),
        (replace(STOPPING, metrics=first_requests(QUIET, NOISY)), False),
        (replace(STOPPING, metrics=first_requests(QUIET, [value * 2 for value in QUIET])), True),
        (replace(STOPPING, margins={}), False),
    ],
)
async def test_it_stops_at_a_look_that_was_due_when_everything_is_settled(
    tmp_path: Path, stored: StoredExperiment, expected: bool
) -> None:
    assert may_stop(await rows_of(tmp_path, stored), load_definitions()) is expected


async def test_the_looks_share_the_error_of_one_interval(tmp_path: Path) -> None:
    rows = await rows_of(tmp_path, STOPPING)
    # At 10, 14 and 18 pairs.
    assert look_confidence(rows) == approx(1 - 0.05 / 3)
