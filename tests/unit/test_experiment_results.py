"""What an experiment says, read from stored rows alone."""

from __future__ import annotations

import json
import math
import random
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from console.engine.experiment.as_data import result_data
from console.engine.experiment.reading import experiment_result
from console.engine.experiment.results import Comparison, ExperimentResult
from console.engine.find import UnknownIdError
from store import Queries, Store
from store.records import ExperimentMarginRecord, TrialRecord
from tests.unit.approximate import approx
from tests.unit.experiment_samples import FIRST_REQUEST, MACHINE, STAMP, StoredExperiment, first_requests
from tests.unit.store_samples import fixed_clock

Told = Callable[..., Awaitable[ExperimentResult]]


def times(seed: int, n: int = 20, *, middle: float = 1000.0, spread: float = 0.02) -> list[float]:
    noise = random.Random(seed)
    return [middle * (1 + noise.gauss(0, spread)) for _ in range(n)]


SELF_CHECK = StoredExperiment(
    first_requests(times(1), times(2)), 20, number=9, kind="self-check", runtime_keys=("pi_local", "pi_local")
)
SLOWER = StoredExperiment(first_requests(times(3), times(4, middle=1100)), 20)


@pytest.fixture
async def told(tmp_path: Path) -> AsyncGenerator[Told]:
    """Stores experiments and reads the first of them back."""
    path = tmp_path / "sidebeat.sqlite"
    async with await Store.open(path, fixed_clock) as store, await Queries.open(path) as queries:

        async def tell(*stored: StoredExperiment, more: tuple[object, ...] = ()) -> ExperimentResult:
            for record in (*(record for experiment in stored for record in experiment.records()), *more):
                store.put(record)  # pyright: ignore[reportArgumentType]  # every test gives records
            await store.flush()
            return await experiment_result(queries, stored[0].id)

        yield tell


def only(result: ExperimentResult) -> Comparison:
    (deciding,) = result.deciding
    return deciding


async def test_the_ratio_has_its_interval_its_difference_and_its_verdict(told: Told) -> None:
    result = await told(SLOWER, SELF_CHECK)
    found = only(result)
    assert found.pairing.ratio == approx(1.1, rel=0.02)
    assert found.pairing.ratio_interval is not None
    assert found.pairing.ratio_interval.low > 1.05
    assert found.pairing.difference == approx(100, rel=0.3)
    assert (found.verdict, found.verdict_without_outliers, found.pairing.n) == ("within", "within", 20)
    assert found.statement.startswith("1.1")
    assert found.statement.endswith("20 pairs; within (1.25 times)")
    assert result.verdicts_hidden_because is None
    assert all(check.passed for check in result.checks)
    assert [sample.pair_no for sample in found.baseline.samples] == list(range(2, 22))
    assert found.candidate.samples[0].run_id == "e1-2-1"


async def test_the_warm_up_is_stored_and_counts_for_nothing(told: Told) -> None:
    def metrics(arm: int, index: int) -> dict[str, float]:
        return {FIRST_REQUEST: 100.0 * (1 + arm) + index}

    result = await told(StoredExperiment(metrics, 6, warmup_pairs=2, max_pairs=6))
    assert (result.progress.warmup_pairs_done, result.progress.finished_pairs) == (2, 6)
    assert len(result.trials) == 16
    assert only(result).pairing.n == 6


async def test_verdicts_stay_hidden_until_the_baseline_was_run_against_itself(told: Told) -> None:
    result = await told(SLOWER)
    assert result.verdicts_hidden_because == (
        "no verdict is shown before pi_local was run against itself (cold, the same scenarios, this machine): "
        "`sidebeat experiment --self-check --runtime pi_local --scenario hello-tool --cold`"
    )
    data = result_data(result)
    assert {item["verdict"] for item in data["comparisons"]} == {None}
    assert {item["statement"] for item in data["comparisons"]} == {None}


@pytest.mark.parametrize(
    "changed",
    [
        {"runtime_keys": ("opencode_local",) * 2},
        {"temperature": "warm"},
        {"scenarios": ("remember",)},
        {"provenance": {**STAMP, "cpu_count": 4}},
        {"state": "paused"},
    ],
)
async def test_a_self_check_of_something_else_does_not_count(told: Told, changed: dict[str, object]) -> None:
    result = await told(SLOWER, replace(SELF_CHECK, **changed))  # pyright: ignore[reportArgumentType]  # each row names its fields
    assert result.self_check is None
    assert result.verdicts_hidden_because is not None


async def test_the_newest_self_check_counts(told: Told) -> None:
    biased = replace(SELF_CHECK, metrics=first_requests(times(1), times(2, middle=1080)), number=12)
    result = await told(SLOWER, SELF_CHECK, biased)
    assert result.self_check is not None
    assert (result.self_check.experiment_number, result.self_check.says_no_difference) == (12, False)
    assert result.verdicts_hidden_because is not None
    assert result.verdicts_hidden_because.startswith(
        "no verdict is shown, for self-check 12 does not say no difference: a difference where there is none"
    )


async def test_a_self_check_is_held_against_the_margin_of_the_comparison_and_not_its_own(told: Told) -> None:
    wide = replace(SELF_CHECK, metrics=first_requests(times(1, spread=0.3), times(2, spread=0.3)))
    wide = replace(wide, margins={FIRST_REQUEST: (3.0, True)})
    assert (await told(wide)).self_check.says_no_difference  # pyright: ignore[reportOptionalMemberAccess]  # fails the test
    result = await told(SLOWER, wide)
    assert result.verdicts_hidden_because is not None
    assert "too wide to tell" in result.verdicts_hidden_because


async def test_self_checks_that_said_otherwise_before_are_told(told: Told) -> None:
    biased = replace(SELF_CHECK, metrics=first_requests(times(1), times(2, middle=1080)), number=4)
    result = await told(SLOWER, biased, replace(biased, number=5), SELF_CHECK)
    assert result.self_check is not None
    assert result.self_check.says_no_difference
    assert result.self_check.statement.endswith("; 2 earlier ones did not say so")


async def test_a_self_check_says_no_difference(told: Told) -> None:
    result = await told(SELF_CHECK)
    assert result.self_check is not None
    assert result.self_check.says_no_difference
    assert result.self_check.statement.startswith("no difference (Cold start: to the first model request ")
    assert result.verdicts_hidden_because is None


@pytest.mark.parametrize(
    ("metrics", "pairs", "complaint"),
    [
        (first_requests(times(1), times(2, middle=1080)), 20, "a difference where there is none"),
        (first_requests(times(1, spread=0.6), times(2, spread=0.6)), 10, "too wide to tell"),
        (first_requests(times(1), times(2)), 4, "too few pairs"),
        (
            first_requests(times(1), [value * (1.1 - 0.01 * index) for index, value in enumerate(times(2))]),
            20,
            "the effect falls with time",
        ),
    ],
)
async def test_a_self_check_that_shows_nothing_or_too_much_does_not_say_so(
    told: Told, metrics: Callable[[int, int], dict[str, float]], pairs: int, complaint: str
) -> None:
    result = await told(replace(SELF_CHECK, metrics=metrics, pairs=pairs))
    assert result.self_check is not None
    assert not result.self_check.says_no_difference
    assert complaint in result.self_check.statement


async def test_an_order_effect_is_told_and_cancels_out(told: Told) -> None:
    def metrics(arm: int, index: int) -> dict[str, float]:
        is_first = (arm == 0) == (index % 4 in (1, 2))
        return {FIRST_REQUEST: times(arm, middle=1000 + 100 * is_first)[index]}

    result = await told(StoredExperiment(metrics, 20))
    found = only(result)
    assert found.pairing.ratio == approx(1.0, abs=0.02)
    assert [check.name for check in found.checks if not check.passed] == ["order"]
    (order,) = [check for check in result.checks if check.name == "order"]
    assert not order.passed


async def test_failures_are_counted_and_their_times_are_in_no_pair(told: Told) -> None:
    values = times(3)

    def metrics(arm: int, index: int) -> dict[str, float] | None:
        return None if (arm, index) in ((1, 4), (1, 9)) else {FIRST_REQUEST: values[index]}

    result = await told(StoredExperiment(metrics, 20))
    assert [(arm.success.successes, arm.success.n) for arm in result.arms] == [(20, 20), (18, 20)]
    assert result.arms[0].success.interval.low == approx(0.839, abs=1e-3)
    assert result.arms[0].success.needed == 53
    assert [(failure.pair_no, failure.run_id, failure.reason) for failure in result.failures] == [
        (6, "e1-6-1", "it broke"),
        (11, "e1-11-1", "it broke"),
    ]
    assert (only(result).pairing.n, only(result).incomplete_pairs) == (18, 2)
    assert (
        f"{FIRST_REQUEST} (beat 1, hello-tool): 2 pairs left out, in which a beat failed or had no such number; "
        in (" ".join(result.caveats))
    )


async def test_a_rate_counts_failed_beats_too(told: Told) -> None:
    def metrics(arm: int, index: int) -> dict[str, float]:
        return {FIRST_REQUEST: 100.0, "succeeded": float(arm == 0 or index > 2)}

    result = await told(StoredExperiment(metrics, 10))
    (found,) = [item for item in result.comparisons if item.metric == "succeeded"]
    assert found.baseline_rate is not None
    assert found.candidate_rate is not None
    assert (found.baseline_rate.successes, found.candidate_rate.successes, found.candidate_rate.n) == (10, 7, 10)
    assert (found.pairing.no_ratio_because, found.verdict) == ("it is a rate", "no margin")


async def test_an_outlier_stays_and_the_verdict_is_told_without_it(told: Told) -> None:
    slow = times(4, n=8)
    slow[3] *= 40
    result = await told(StoredExperiment(first_requests(times(3, n=8), slow), 8))
    found = only(result)
    assert (found.pairing.n, found.verdict, found.verdict_without_outliers) == (8, "not settled", "within")
    assert [sample.pair_no for sample in found.candidate.samples if sample.is_outlier] == [5]
    assert "within without the outliers, which are kept" in found.statement
    assert found.pairs_needed is not None


async def test_a_changed_margin_is_marked_for_ever(told: Told) -> None:
    changed = ExperimentMarginRecord(
        experiment_id="e1",
        metric=FIRST_REQUEST,
        revision=1,
        margin_ratio=1.05,
        is_primary=True,
        set_at="2026-01-31T10:00:00.000Z",
        finished_pairs_then=7,
        reason="the team agreed on it",
    )
    result = await told(SLOWER, SELF_CHECK, more=(changed,))
    found = only(result)
    assert found.margin is not None
    assert (found.margin.ratio, found.margin.was_changed, found.verdict) == (1.05, True, "over")
    assert "the margin was changed after 7 pairs: the team agreed on it" in found.statement
    assert f"the margin of {FIRST_REQUEST} was set to 1.05 after 7 pairs: the team agreed on it" in result.caveats


async def test_a_difference_below_the_floor_is_judged_by_the_floor(told: Told) -> None:
    tiny = StoredExperiment(first_requests([0.1] * 10, [0.2] * 10), 10)
    found = only(await told(tiny))
    assert (found.pairing.ratio, found.pairing.no_ratio_because) == (None, "a median is below its floor")
    assert found.verdict == "within"


async def test_the_caveats_tell_what_differed_and_what_changed(told: Told) -> None:
    def stamp(arm: int, index: int) -> dict[str, object]:
        agent = "pi 0.60.0" if arm == 0 else "pi 0.61.0"
        return {
            **STAMP,
            "agent": agent,
            "runtime_fingerprint": "ff" if index < 5 else "ee",
            "script_sha256": f"s{index}",
        }

    busy = {**STAMP, "load_1m": 7.5}
    result = await told(replace(SLOWER, stamp_of=stamp, provenance=busy))
    assert [arm.agent_version for arm in result.arms] == ["pi 0.60.0", "pi 0.61.0"]
    told_of = " | ".join(result.caveats)
    assert "the agents differ: pi 0.60.0 in pi_local, pi 0.61.0 in agentos_local/pi" in told_of
    assert "the runtime's configuration of arm A changed in mid-experiment: ff, then ee" in told_of
    assert "the script of hello-tool changed in mid-experiment" in told_of
    assert "the machine was busy when it began: load 7.5 on 8 processors" in told_of


async def test_pairs_of_two_machines_are_told(told: Told) -> None:
    def stamp(_arm: int, index: int) -> dict[str, object]:
        return {**STAMP, **MACHINE, "cpu_count": 8 if index < 5 else 2}

    assert "its pairs ran on more than one machine" in (await told(replace(SLOWER, stamp_of=stamp))).caveats


async def test_a_cut_pair_counts_once_under_its_last_attempt(told: Told) -> None:
    def cut(arm: int, state: str) -> TrialRecord:
        records = [record for record in SLOWER.records() if isinstance(record, TrialRecord) and record.pair_no == 3]
        (record,) = [record for record in records if record.arm_index == arm]
        return replace(record, attempt=2, state=state)  # pyright: ignore[reportArgumentType]  # one of the four states

    result = await told(SLOWER, more=(cut(0, "discarded"), cut(1, "discarded")))
    assert result.progress.finished_pairs == 20
    assert "1 pair cut half-way, discarded and run again" in result.caveats


async def test_several_scenarios_have_a_verdict_each_and_a_ratio_over_all(told: Told) -> None:
    def metrics(arm: int, index: int) -> dict[str, float]:
        factor = 1.0 if arm == 0 else (1.1, 1.3)[index // 2 % 2]
        return {FIRST_REQUEST: times(arm)[index] * factor}

    result = await told(StoredExperiment(metrics, 20, scenarios=("hello-tool", "edit-file")))
    by_scenario = {item.scenario: item for item in result.comparisons}
    assert [item.scenario for item in result.deciding] == ["hello-tool", "edit-file"]
    assert [by_scenario[name].pairing.n for name in ("hello-tool", "edit-file", None)] == [10, 10, 20]
    overall = by_scenario[None]
    assert overall.pairing.ratio == approx((1.1 * 1.3) ** 0.5, rel=0.01)
    assert overall.pairing.ratio_interval is not None
    assert overall.pairing.ratio_interval.high > 2
    assert (overall.verdict, overall.decides) == ("not settled", False)


async def test_a_median_of_several_scenarios_is_a_median_of_nothing(told: Told) -> None:
    def metrics(_arm: int, index: int) -> dict[str, float]:
        return {FIRST_REQUEST: times(index)[0] * (1.0, 100.0)[index // 2 % 2]}

    result = await told(StoredExperiment(metrics, 20, scenarios=("hello-tool", "edit-file")))
    (overall,) = [item for item in result.comparisons if item.scenario is None]
    assert (overall.baseline.n, overall.baseline.p50, overall.baseline.p95, overall.baseline.maximum) == (
        20,
        *[None] * 3,
    )
    assert not any(sample.is_outlier for sample in overall.baseline.samples)


async def test_what_decides_together_is_held_to_holms_rule(told: Told) -> None:
    other = "execute_to_first_entry_ms"
    # 0.0731 below the margin with a standard error of 0.0281: t = 2.6 at 9 degrees of freedom, p = 0.029.
    first = [1000 * math.exp(0.15 + (0.0844 if index % 2 else -0.0844)) for index in range(10)]

    def metrics(arm: int, index: int) -> dict[str, float]:
        return {FIRST_REQUEST: 1000.0 if arm == 0 else first[index], other: 1000.0 if arm == 0 else first[index]}

    alone = StoredExperiment(metrics, 10)
    together = replace(alone, number=2, margins={FIRST_REQUEST: (1.25, True), other: (1.25, True)})
    assert only(await told(alone)).verdict == "within"
    result = await told(together)
    assert {item.verdict for item in result.deciding} == {"not settled"}
    (check,) = [check for check in result.deciding[0].checks if check.name == "several metrics"]
    assert check.statement.startswith("settled by itself, but not among the metrics that decide (Holm: p 0.0")


async def test_three_arms_are_each_held_against_the_first(told: Told) -> None:
    stored = StoredExperiment(
        first_requests(times(1), times(2, middle=1100), times(3, middle=2000)),
        20,
        runtime_keys=("pi_local", "opencode_local", "agentos_local/pi"),
    )
    result = await told(stored)
    assert [(item.candidate_arm, item.verdict) for item in result.deciding] == [(1, "within"), (2, "over")]


async def test_the_time_left_is_that_of_the_pairs_so_far(told: Told) -> None:
    result = await told(replace(SLOWER, pairs=6, state="paused"))
    assert (result.progress.finished_pairs, result.progress.seconds_left) == (6, 30 * 14)
    assert (await told(replace(SLOWER, number=3))).progress.seconds_left is None


async def test_an_experiment_without_a_pair_says_nothing_yet(told: Told) -> None:
    result = await told(replace(SLOWER, pairs=0, warmup_pairs=0, state="planned"))
    assert (result.comparisons, result.progress.seconds_left, result.arms[0].success.n) == ((), None, 0)


async def test_an_unknown_experiment_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "sidebeat.sqlite"
    async with await Store.open(path, fixed_clock), await Queries.open(path) as queries:
        with pytest.raises(UnknownIdError, match="there is no experiment e77; see `sidebeat experiment --list`"):
            await experiment_result(queries, "e77")


async def test_the_data_of_a_result_are_json(told: Told) -> None:
    data = json.loads(json.dumps(result_data(await told(SLOWER, SELF_CHECK))))
    assert data["experiment"]["runtime_keys"] == ["pi_local", "agentos_local/pi"]
    assert data["comparisons"][0]["verdict"] == "within"
    assert data["comparisons"][0]["pairing"]["ratio_interval"]["low"] > 1
    assert data["trials"][0]["run_ids"] == ["e1-1-" + str(data["trials"][0]["arm_index"])]
    assert data["self_check"]["says_no_difference"] is True
