"""Verdicts against a margin, and whether the experiment behind them is sound."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.engine.statistics.figures import Check, Sample
from console.engine.statistics.paired import Effects, Pair, effects
from console.engine.statistics.soundness import order_check, soundness_checks, trend_check
from console.engine.statistics.verdict import judge, limit_of
from tests.unit.approximate import approx

MARGIN = math.log(1.25)


def logs(*values: float) -> Effects:
    return Effects(values, are_logs=True)


def around(mean: float, spread: float, n: int) -> Effects:
    """Half of them above the mean and half below."""
    return logs(*(mean + (spread if number % 2 else -spread) for number in range(n)))


@pytest.mark.parametrize(
    ("effects", "word"),
    [
        (around(0.0, 0.02, 10), "within"),
        (around(0.5, 0.02, 10), "over"),
        (around(0.2, 0.30, 10), "not settled"),
        (around(-0.5, 0.02, 10), "within"),
        (around(0.0, 0.0, 4), "too few pairs"),
        (logs(), "too few pairs"),
    ],
)
def test_the_interval_against_the_margin(effects: Effects, word: str) -> None:
    assert judge(effects, MARGIN).word == word


def test_without_a_margin_there_is_no_verdict() -> None:
    assert judge(around(0.0, 0.1, 10), None).word == "no margin"


def test_too_few_pairs_say_how_many_are_missing() -> None:
    assert judge(around(0.0, 0.0, 3), MARGIN).pairs_needed == 2


def test_the_further_pairs_follow_from_the_square_root_of_n() -> None:
    unsettled = around(0.15, 0.20, 10)
    judged = judge(unsettled, MARGIN)
    assert judged.word == "not settled"
    assert judged.pairs_needed is not None
    more = judged.pairs_needed
    settled = judge(around(0.15, 0.20, 10 + more + more % 2), MARGIN)
    assert settled.word == "within"
    too_few = around(0.15, 0.20, 10 + more // 2 // 2 * 2)
    assert judge(too_few, MARGIN).word == "not settled"


def test_an_effect_on_the_margin_itself_can_never_be_settled() -> None:
    assert judge(around(MARGIN, 0.2, 10), MARGIN).pairs_needed is None


@given(st.lists(st.floats(-2, 2), min_size=5, max_size=30), st.floats(0.01, 1.0))
def test_the_verdict_is_settled_exactly_when_the_margin_lies_outside_the_interval(
    values: list[float], limit: float
) -> None:
    judged = judge(logs(*values), limit)
    assert judged.p_margin is not None
    if abs(judged.p_margin - 0.05) > 1e-6:
        assert judged.is_settled == (judged.p_margin < 0.05)


def test_without_a_ratio_the_margin_grants_its_share_of_the_baseline_or_of_the_floor() -> None:
    differences = Effects((0.2, 0.3, 0.1), are_logs=False)
    assert limit_of(differences, 1.25, baseline_median=0.4, floor=1.0) == approx(0.25)
    assert limit_of(differences, 1.25, baseline_median=4.0, floor=1.0) == approx(1.0)
    assert limit_of(logs(0.1), 1.25, baseline_median=4.0, floor=1.0) == approx(math.log(1.25))


def measured(ratios: list[float], *, first_baseline: float = 100.0) -> list[Pair]:
    """Pairs in ABBA order with these ratios."""
    noise = random.Random(7)
    found: list[Pair] = []
    for index, ratio in enumerate(ratios):
        before = first_baseline if index == 0 else 100 * (1 + noise.uniform(-0.02, 0.02))
        baseline_first = index % 4 in (0, 3)
        found.append(Pair(Sample(index, "a", before), Sample(index, "b", before * ratio), baseline_first))
    return found


def checks(pairs: list[Pair]) -> dict[str, Check]:
    return {check.name: check for check in soundness_checks(pairs, effects(pairs, 0.0))}


def scattered(n: int, spread: float = 0.02) -> list[float]:
    noise = random.Random(3)
    return [1.1 * (1 + noise.uniform(-spread, spread)) for _ in range(n)]


def test_a_quiet_experiment_is_sound() -> None:
    found = checks(measured(scattered(20)))
    assert all(check.passed for check in found.values())
    assert found["outliers"].statement == "no outliers"


def test_a_first_pair_that_stands_off_is_told() -> None:
    found = checks(measured(scattered(12), first_baseline=900.0))
    assert not found["first pair"].passed
    assert found["first pair"].statement == "pair 0, the first, stands off: warm up for longer"


def test_a_trend_is_told_with_its_direction() -> None:
    found = checks(measured([ratio * (1 + 0.01 * index) for index, ratio in enumerate(scattered(20))]))
    assert not found["trend"].passed
    assert found["trend"].statement.startswith("the effect rises with time (Spearman +0.")
    assert found["order"].passed


def test_an_order_effect_is_told_with_its_size() -> None:
    ratios = [ratio * (1.2 if index % 4 in (0, 3) else 1.0) for index, ratio in enumerate(scattered(20))]
    found = checks(measured(ratios))
    assert not found["order"].passed
    assert found["order"].statement.startswith("order effect: 1.2")
    assert found["trend"].passed


def test_an_outlier_is_named_and_breaks_nothing() -> None:
    ratios = scattered(12)
    ratios[4] = 9.0
    found = checks(measured(ratios))
    pairs = measured(ratios)
    flagged = [
        Pair(pair.baseline, Sample(pair.pair_no, "b", pair.candidate.value, is_outlier=pair.pair_no == 4), True)
        for pair in pairs
    ]
    assert found["outliers"].passed
    assert checks(flagged)["outliers"] == Check("outliers", True, "outliers kept: pair 4")


def test_few_pairs_are_not_blamed() -> None:
    found = checks(measured(scattered(4)))
    assert all(check.passed for check in found.values())
    assert found["trend"].statement == "too few pairs to see a trend (from 8)"
    assert found["order"].statement == "too few pairs to see an order effect (from 3 of each order)"


def test_pairs_that_all_say_the_same_have_neither_trend_nor_order_effect() -> None:
    same = [Pair(Sample(number, "a", 10), Sample(number, "b", 20), number % 2 == 0) for number in range(12)]
    found = effects(same, 0.0)
    assert trend_check(found).passed
    assert order_check(same, found).passed
