"""When an experiment may stop before its last pair."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from console.engine.experiment.comparing import compare
from console.engine.experiment.looks import verdict_confidence
from console.engine.experiment.rows import ExperimentRows, experiment_rows
from console.engine.experiment.stopping import may_stop
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


@pytest.mark.parametrize(
    ("max_pairs", "looks"),
    [
        (18, 3),  # at 10, 14 and 18 pairs
        (20, 4),  # and when all have run
        (10, 1),
    ],
)
async def test_the_looks_share_the_error_of_one_interval_and_the_last_is_one_of_them(
    max_pairs: int, looks: int
) -> None:
    assert verdict_confidence(replace(STOPPING, max_pairs=max_pairs).record()) == approx(1 - 0.05 / looks)


async def test_what_never_settled_on_the_way_is_not_settled_by_a_narrower_interval_at_the_end(tmp_path: Path) -> None:
    """At 95% it would be within; but it was looked at four times."""
    nearly = [value * factor for value, factor in zip(QUIET, [1.0, 1.34] * 10, strict=True)]
    once = StoredExperiment(first_requests(QUIET, nearly), 20, max_pairs=20, min_pairs=10)
    words: dict[bool, str] = {}
    for stops in (False, True):
        (tmp_path / str(stops)).mkdir()
        rows = await rows_of(tmp_path / str(stops), replace(once, stops_when_settled=stops))
        (deciding,) = [item for item in compare(rows, load_definitions()) if item.decides]
        words[stops] = deciding.verdict
    assert words == {False: "within", True: "not settled"}
