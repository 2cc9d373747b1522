"""What criteria read from experiments, margins and measurements."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from console.engine.experiment.results import Arm, Comparison, ExperimentResult, Margin, Progress
from console.engine.plan.measures.facts import Facts
from console.engine.statistics.figures import Interval, Pairing, Rate, Summary
from store import Queries, Store
from store.records import ExperimentMarginRecord, ExperimentRecord, MeasurementRecord
from tests.unit.plan_rows import OPENCODE_VM, PI_VM, Shelf, beats, metrics, moment, runtimes
from tests.unit.store_samples import fixed_clock, sample

COLD_START = "execute_to_first_request_ms"
NO_VALUES = Summary((), None, None, None, None, None, True)
LIMITS = {
    "session resume reliability": "phase-1.verify.2",
    "transcript/log quality": "phase-1.verify.3",
    "implementation complexity": "guardrail.4",
    "operational complexity": "guardrail.4",
}


class FakeFacts(Facts):
    """Facts whose experiments say what a test wants."""

    def __init__(self, queries: Queries, *results: ExperimentResult, **options: Any) -> None:
        super().__init__(queries, **options)
        self._results = {result.experiment.id: result for result in results}

    async def experiment_result(self, experiment_id: str) -> ExperimentResult:
        return self._results[experiment_id]


@pytest.fixture
async def shelf(tmp_path: Path) -> AsyncGenerator[Shelf]:
    path = tmp_path / "sidebeat.db"
    async with await Store.open(path, fixed_clock) as store, await Queries.open(path) as queries:
        shelf = Shelf(store, queries)
        await shelf.keep(*runtimes())
        yield shelf


def experiment(number: int, *runtime_keys: str, **changes: Any) -> ExperimentRecord:
    keys = json.dumps(runtime_keys or ("pi_local", PI_VM))
    values = {"id": f"e{number}", "number": number, "runtime_keys_json": keys, "kind": "comparison", "title": "hello"}
    return sample(ExperimentRecord, **{**values, "state": "finished", **changes})


def compared(metric: str = COLD_START, *, verdict: Any = "within", needed: int | None = None) -> Comparison:
    pairing = Pairing(20, 1.04, Interval(0.98, 1.1), 69.0, 69.0, Interval(-10.0, 150.0), 0.2)
    margin = Margin(metric, 1.25, True, ())
    return Comparison(
        metric, "ms", 1, None, NO_VALUES, NO_VALUES, 1, pairing, margin, verdict, verdict, needed, (), decides=True
    )


def result(record: ExperimentRecord, *comparisons: Comparison, hidden: str | None = None) -> ExperimentResult:
    keys = json.loads(record.runtime_keys_json)
    rate = Rate(20, 20, Interval(0.84, 1.0))
    return ExperimentResult(
        record,
        ("hello-tool",),
        tuple(Arm(index, key, rate, "0.60.0") for index, key in enumerate(keys)),
        Progress(20, 20, 1, 1, 0.0, None),
        comparisons,
        (),
        hidden,
        (),
        (),
    )


async def test_an_experiment_settles_once_its_self_check_agrees_and_what_decides_has_a_verdict(shelf: Shelf) -> None:
    record = experiment(3)
    await shelf.keep(record)
    found = await shelf.find("experiment_settled", FakeFacts(shelf.queries, result(record, compared())))
    assert (found.value, found.n, found.is_open) == (1.0, 20, False)
    assert found.statement == (
        "experiment 3, 20 pairs: execute_to_first_request_ms within 1.04x (0.98 to 1.10), margin 1.25x"
    )
    assert [(row.kind, row.id) for row in found.behind] == [("experiment", "e3")]


async def test_over_the_margin_is_settled_too(shelf: Shelf) -> None:
    record = experiment(3)
    await shelf.keep(record)
    said = FakeFacts(shelf.queries, result(record, compared(verdict="over")))
    assert (await shelf.find("experiment_settled", said)).value == 1.0


async def test_a_margin_that_was_changed_afterwards_is_told_with_the_verdict(shelf: Shelf) -> None:
    record = experiment(3)
    await shelf.keep(record)
    history = (margin(), margin(revision=1, margin_ratio=2.0, finished_pairs_then=14))
    changed = replace(compared(), margin=Margin(COLD_START, 2.0, True, history))
    found = await shelf.find("experiment_settled", FakeFacts(shelf.queries, result(record, changed)))
    assert found.statement.endswith("margin 2x, changed after 14 pairs")


async def test_without_a_self_check_nothing_is_settled(shelf: Shelf) -> None:
    record = experiment(3)
    await shelf.keep(record)
    said = FakeFacts(shelf.queries, result(record, compared(), hidden="no self-check of pi_local was run"))
    found = await shelf.find("experiment_settled", said)
    assert found.is_open
    assert "no self-check" in found.statement


async def test_an_open_verdict_tells_how_many_more_pairs(shelf: Shelf) -> None:
    record = experiment(3)
    await shelf.keep(record)
    open_one = compared(verdict="not settled", needed=14)
    found = await shelf.find("experiment_settled", FakeFacts(shelf.queries, result(record, compared(), open_one)))
    assert (found.is_open, found.needed) == (True, 14)


async def test_an_older_experiment_that_has_settled_counts_before_a_newer_one_that_has_not(shelf: Shelf) -> None:
    old, new = experiment(1), experiment(2)
    await shelf.keep(old, new)
    said = FakeFacts(shelf.queries, result(old, compared()), result(new, compared(verdict="not settled")))
    found = await shelf.find("experiment_settled", said)
    assert found.statement.startswith("experiment 1")
    assert [row.id for row in found.behind] == ["e2", "e1"]


@pytest.mark.parametrize(
    "record",
    [
        experiment(1, "pi_local", "pi_local", kind="self-check"),
        experiment(1, "opencode_local", OPENCODE_VM),
        experiment(1, "pi_local", "opencode_local"),
        experiment(1, PI_VM, "pi_local"),
    ],
    ids=["self-check", "another target", "no experimental arm", "the wrong baseline"],
)
async def test_only_comparisons_of_the_target_with_its_experimental_runtime_count(
    shelf: Shelf, record: ExperimentRecord
) -> None:
    await shelf.keep(record)
    assert (await shelf.find("experiment_settled", Facts(shelf.queries, target="pi_local"))).n == 0


def margin(metric: str = COLD_START, **changes: Any) -> ExperimentMarginRecord:
    values = {"experiment_id": "e3", "metric": metric, "revision": 0, "finished_pairs_then": 0, "margin_ratio": 1.25}
    return sample(ExperimentMarginRecord, **{**values, **changes})


async def test_margins_are_fixed_when_an_experiment_set_them_before_pair_1_and_the_plan_limits_the_others(
    shelf: Shelf,
) -> None:
    await shelf.keep(experiment(3), margin())
    facts = Facts(shelf.queries, limits=frozenset(LIMITS.values()))
    found = await shelf.find("margins_fixed", facts, limits=LIMITS)
    assert (found.value, found.n) == (1.0, 5)
    assert "cold start latency: 1.25x before pair 1 of experiment 3" in found.statement
    assert "session resume reliability: by phase-1.verify.2" in found.statement


@pytest.mark.parametrize(
    "late", [margin(finished_pairs_then=4), margin(revision=1), margin("peak_pss_bytes")], ids=["late", "changed", "x"]
)
async def test_a_margin_that_was_set_later_or_for_another_metric_fixes_nothing(
    shelf: Shelf, late: ExperimentMarginRecord
) -> None:
    await shelf.keep(experiment(3), late)
    facts = Facts(shelf.queries, limits=frozenset(LIMITS.values()))
    found = await shelf.find("margins_fixed", facts, limits=LIMITS)
    assert (found.is_open, found.needed) == (True, 1)
    assert found.statement == "4 of 5 have a definition and a limit; still without: cold start latency"


async def test_a_limit_that_the_plan_does_not_have_is_no_limit(shelf: Shelf) -> None:
    found = await shelf.find("margins_fixed", Facts(shelf.queries), limits=LIMITS)
    assert (found.n, found.needed) == (0, 5)


async def test_the_burden_is_the_paired_ratio_of_the_lightest_candidate(shelf: Shelf) -> None:
    record = experiment(3)
    await shelf.keep(record)
    heavier = compared("peak_pss_bytes")
    pairing = replace(heavier.pairing, ratio=5.0, ratio_interval=Interval(4.9, 5.1))
    both = result(record, compared(), replace(heavier, pairing=pairing))
    found = await shelf.find("ratio_to_baseline", FakeFacts(shelf.queries, both), metric="peak_pss_bytes")
    assert (found.value, found.interval, found.n, found.is_open) == (5.0, Interval(4.9, 5.1), 20, False)
    assert found.statement == "peak_pss_bytes: agentos_local/pi 5.00x (4.90 to 5.10) in experiment 3"


def with_ratio(ratio: float, *, arm: int = 1, scenario: str | None = None) -> Comparison:
    item = compared("peak_pss_bytes")
    pairing = replace(item.pairing, ratio=ratio, ratio_interval=Interval(ratio - 0.1, ratio + 0.1))
    return replace(item, pairing=pairing, candidate_arm=arm, scenario=scenario)


async def test_a_candidate_is_as_heavy_as_in_its_heaviest_scenario(shelf: Shelf) -> None:
    record = experiment(3)
    await shelf.keep(record)
    said = result(
        record, with_ratio(2.0, scenario="hello-tool"), with_ratio(12.0, scenario="long-stream"), with_ratio(4.9)
    )
    found = await shelf.find("ratio_to_baseline", FakeFacts(shelf.queries, said), metric="peak_pss_bytes")
    assert found.value == 12.0


async def test_a_further_candidate_with_another_agent_lightens_nothing(shelf: Shelf) -> None:
    record = experiment(3, "pi_local", PI_VM, OPENCODE_VM)
    await shelf.keep(record)
    said = FakeFacts(shelf.queries, result(record, with_ratio(12.0), with_ratio(2.0, arm=2)))
    assert (await shelf.find("ratio_to_baseline", said, metric="peak_pss_bytes")).value == 12.0


@pytest.mark.parametrize("measure", ["experiment_settled", "ratio_to_baseline"])
async def test_an_experiment_that_was_stopped_by_hand_before_its_last_pair_settles_nothing(
    shelf: Shelf, measure: str
) -> None:
    record = experiment(3, state="stopped")
    await shelf.keep(record)
    whole = result(record, compared())
    arguments = {"metric": COLD_START} if measure == "ratio_to_baseline" else {}
    assert not (await shelf.find(measure, FakeFacts(shelf.queries, whole), **arguments)).is_open
    cut = replace(whole, progress=replace(whole.progress, finished_pairs=12))
    assert (await shelf.find(measure, FakeFacts(shelf.queries, cut), **arguments)).is_open


async def test_a_ratio_whose_verdict_is_hidden_settles_nothing(shelf: Shelf) -> None:
    record = experiment(3)
    await shelf.keep(record)
    said = FakeFacts(shelf.queries, result(record, compared(), hidden="no self-check was run"))
    found = await shelf.find("ratio_to_baseline", said, metric=COLD_START)
    assert found.is_open
    assert found.statement.endswith("no self-check was run")


async def test_unpaired_beats_are_a_hint_that_settles_nothing(shelf: Shelf) -> None:
    await shelf.keep(
        *beats(2, "pi_local"), *metrics(0, execute_to_first_request_ms=800), *beats(1, PI_VM, 5),
        *metrics(1, execute_to_first_request_ms=1000), *metrics(5, execute_to_first_request_ms=1800),
    )  # fmt: skip
    found = await shelf.find("ratio_to_baseline", Facts(shelf.queries, target="pi_local"), metric=COLD_START)
    assert (found.value, found.n, found.is_open) == (2.0, 1, True)
    assert {row.id for row in found.behind} == {"run-0", "run-1", "run-5"}


def measured(subject: str, value: float, number: int = 1) -> MeasurementRecord:
    return sample(
        MeasurementRecord,
        id=f"{subject}-{number}",
        subject=subject,
        name="runtime_packages",
        value=value,
        measured_at=moment(number),
    )


async def test_what_is_measured_beside_the_runs_is_the_newest_of_both(shelf: Shelf) -> None:
    await shelf.keep(measured("pi_local", 100), measured(PI_VM, 900), measured(PI_VM, 300, 2), measured(OPENCODE_VM, 1))
    found = await shelf.find("ratio_to_baseline", Facts(shelf.queries, target="pi_local"), metric="runtime_packages")
    assert (found.value, found.interval) == (3.0, Interval(3.0, 3.0))
    assert "agentos_local/pi 300 against pi_local 100" in found.statement


async def test_only_runtimes_of_the_same_agent_are_compared(shelf: Shelf) -> None:
    await shelf.keep(measured("pi_local", 100), measured(OPENCODE_VM, 150), measured(PI_VM, 900))
    assert (await shelf.find("ratio_to_baseline", metric="runtime_packages")).value == 9.0
    await shelf.keep(*beats(1, "pi_local"), *metrics(0, execute_to_first_request_ms=100))
    await shelf.keep(*beats(1, OPENCODE_VM, 1), *metrics(1, execute_to_first_request_ms=150))
    assert (await shelf.find("ratio_to_baseline", metric=COLD_START)).n == 0
    await shelf.keep(experiment(1, "pi_local", OPENCODE_VM))
    assert (await shelf.find("experiment_settled")).n == 0


async def test_a_baseline_of_nothing_gives_no_ratio(shelf: Shelf) -> None:
    await shelf.keep(measured("pi_local", 0), measured(PI_VM, 3))
    facts = Facts(shelf.queries, target="pi_local")
    assert (await shelf.find("ratio_to_baseline", facts, metric="runtime_packages")).n == 0
