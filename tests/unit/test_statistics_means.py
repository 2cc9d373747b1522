"""Means, ratios and their intervals, against textbook numbers and against each other."""

from __future__ import annotations

import math
import statistics

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from console.engine.statistics.clustered import clustered_mean
from console.engine.statistics.figures import Sample
from console.engine.statistics.paired import Pair, effects, pairing
from console.engine.statistics.student import mean_interval, standard_error, t_quantile, two_sided_p
from tests.unit.approximate import approx

SLEEP_GAIN_HOURS = [1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4]
"""Student's own paired differences (Biometrika 6, 1908): mean 1.58, t = 4.06, p = 0.0028 at 9 degrees of freedom."""

times = st.floats(min_value=0.1, max_value=1e6, allow_nan=False)
pair_values = st.lists(st.tuples(times, times), min_size=2, max_size=30)


def pairs_of(values: list[tuple[float, float]]) -> list[Pair]:
    return [
        Pair(Sample(number, f"a{number}", before), Sample(number, f"b{number}", after), number % 2 == 1)
        for number, (before, after) in enumerate(values, 1)
    ]


def test_students_own_example() -> None:
    interval = mean_interval(SLEEP_GAIN_HOURS)
    assert interval is not None
    assert statistics.fmean(SLEEP_GAIN_HOURS) == approx(1.58)
    assert (interval.low, interval.high) == (approx(0.70, abs=0.005), approx(2.46, abs=0.005))
    assert two_sided_p(SLEEP_GAIN_HOURS) == approx(0.00283, abs=2e-5)


@pytest.mark.parametrize(("freedom", "quantile"), [(1, 12.706), (4, 2.776), (9, 2.262), (19, 2.093), (120, 1.980)])
def test_the_quantiles_are_those_of_the_tables(freedom: int, quantile: float) -> None:
    assert t_quantile(0.95, freedom) == approx(quantile, abs=5e-4)


def test_one_value_has_a_mean_and_no_interval() -> None:
    assert (mean_interval([3.0]), standard_error([3.0]), two_sided_p([3.0])) == (None, None, None)


def test_values_that_are_all_the_same_are_sure_and_raise_no_warning() -> None:
    same = [0.1 + 0.2] * 5
    assert standard_error([0.30000000000000004, 0.3, 0.3]) == 0.0
    assert (two_sided_p(same, same[0]), two_sided_p(same)) == (1.0, 0.0)


def test_the_ratio_is_the_geometric_mean_of_the_pairs() -> None:
    found = pairing(pairs_of([(100, 200), (100, 50), (100, 100), (100, 200), (100, 50)]))
    assert found.ratio == approx(1.0)
    assert found.ratio_interval is not None
    assert found.ratio_interval.low == approx(1 / found.ratio_interval.high)
    assert (found.difference, found.mean_difference) == (0, 20)


@given(pair_values)
def test_swapping_the_arms_inverts_the_ratio_and_mirrors_the_difference(values: list[tuple[float, float]]) -> None:
    there = pairing(pairs_of(values))
    back = pairing(pairs_of([(after, before) for before, after in values]))
    assert there.ratio is not None
    assert back.ratio is not None
    assert there.ratio * back.ratio == approx(1.0)
    assert there.mean_difference == approx(-(back.mean_difference or 0.0))
    assert there.p_value == approx(back.p_value, abs=1e-6)


@given(pair_values, st.floats(min_value=0.01, max_value=1000))
def test_the_unit_changes_no_ratio(values: list[tuple[float, float]], factor: float) -> None:
    before, after = pairing(pairs_of(values)), pairing(pairs_of([(a * factor, b * factor) for a, b in values]))
    assert after.ratio == approx(before.ratio)


@given(pair_values)
def test_the_interval_holds_its_ratio(values: list[tuple[float, float]]) -> None:
    found = pairing(pairs_of(values))
    assert found.ratio is not None
    assert found.ratio_interval is not None
    assert found.ratio_interval.low <= found.ratio * (1 + 1e-9)
    assert found.ratio_interval.high >= found.ratio * (1 - 1e-9)


@given(pair_values)
def test_a_ratio_of_one_is_in_the_interval_exactly_when_the_test_says_so(values: list[tuple[float, float]]) -> None:
    found = pairing(pairs_of(values))
    assert found.ratio_interval is not None
    assert found.p_value is not None
    assume(abs(found.p_value - 0.05) > 1e-6)
    assume(standard_error(effects(pairs_of(values), 0.0).values) != 0.0)
    assert (found.ratio_interval.low <= 1.0 <= found.ratio_interval.high) == (found.p_value > 0.05)


@pytest.mark.parametrize("bad", [0.0, -3.0])
def test_a_value_that_is_not_positive_leaves_the_difference_and_says_why(bad: float) -> None:
    found = pairing(pairs_of([(1, 2), (bad, 3), (1, 2), (1, 2), (1, 2)]))
    assert (found.ratio, found.ratio_interval, found.no_ratio_because) == (None, None, "a value is not above zero")
    assert found.mean_difference is not None


def test_no_ratio_is_told_where_either_median_is_below_the_floor() -> None:
    small = [(0.2, 0.6)] * 5
    assert pairing(pairs_of(small), floor=1.0).no_ratio_because == "a median is below its floor"
    assert pairing(pairs_of(small), floor=0.2).ratio == approx(3.0)
    for one_sided in ((0.2, 50.0), (50.0, 0.2)):
        found = pairing(pairs_of([one_sided] * 5), floor=1.0)
        assert (found.ratio, found.no_ratio_because) == (None, "a median is below its floor")


def test_no_pair_at_all_says_so() -> None:
    found = pairing([])
    assert (found.n, found.ratio, found.mean_difference, found.p_value) == (0, None, None, None)
    assert found.no_ratio_because == "no pair has it in both arms"


def test_scenarios_count_once_each_however_many_pairs_they_have() -> None:
    mean, interval = clustered_mean({"a": [0.1] * 50, "b": [0.3] * 5})
    assert mean == approx(0.2)
    assert interval is not None
    assert interval.high - mean == approx(12.706 * statistics.stdev([0.1, 0.3]) / math.sqrt(2), rel=1e-4)
    assert clustered_mean({"a": [0.1, 0.2]})[1] is None
    with pytest.raises(ValueError, match="no scenario"):
        clustered_mean({"a": []})
