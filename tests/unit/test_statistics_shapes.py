"""Percentiles and their gates, outliers, Holm's rule."""

from __future__ import annotations

import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.engine.statistics.figures import Sample
from console.engine.statistics.gates import percentile, summary
from console.engine.statistics.holm import holm_adjusted
from console.engine.statistics.outliers import outlier_flags
from tests.unit.approximate import approx

numbers = st.floats(min_value=-1e6, max_value=1e6, allow_nan=False)


def samples(values: list[float]) -> list[Sample]:
    return [Sample(number, f"r{number}", value) for number, value in enumerate(values, 1)]


@pytest.mark.parametrize(
    ("n", "told"),
    [(4, (False, False, False)), (5, (True, False, False)), (19, (True, False, False)), (20, (True, True, False)),
     (99, (True, True, False)), (100, (True, True, True))],
)  # fmt: skip
def test_a_percentile_is_told_from_its_smallest_n_on(n: int, told: tuple[bool, bool, bool]) -> None:
    found = summary(samples([float(number) for number in range(n)]))
    assert (found.p50 is not None, found.p95 is not None, found.p99 is not None) == told
    assert (found.minimum, found.maximum, found.n) == (0.0, n - 1.0, n)


@pytest.mark.parametrize(
    ("n", "rough"),
    [(29, (True, True, True)), (30, (False, True, True)), (59, (False, False, True)), (299, (False, False, False))],
)
def test_a_percentile_of_few_values_is_marked_as_rough(n: int, rough: tuple[bool, bool, bool]) -> None:
    found = summary(samples([float(number) for number in range(n)]))
    assert (found.p50_is_rough, found.p95_is_rough, found.p99_is_rough) == rough


def test_no_values_have_no_summary() -> None:
    found = summary([])
    assert (found.n, found.minimum, found.p50, found.maximum) == (0, None, None, None)
    with pytest.raises(ValueError, match="no values"):
        percentile([], 50)


@given(st.lists(numbers, min_size=1, max_size=60))
def test_the_median_is_the_median(values: list[float]) -> None:
    assert percentile(values, 50) == approx(statistics.median(values), abs=1e-6)
    assert min(values) <= percentile(values, 95) <= max(values)


@given(st.lists(numbers, min_size=2, max_size=60))
def test_percentiles_are_those_of_the_inclusive_method(values: list[float]) -> None:
    expected = statistics.quantiles(values, n=100, method="inclusive")
    for percent in (5, 25, 50, 75, 95, 99):
        assert percentile(values, percent) == approx(expected[percent - 1], abs=1e-6)


def test_a_value_far_off_is_flagged_and_stays() -> None:
    found = summary(samples([100, 101, 102, 99, 98, 100, 5000]))
    assert [sample.value for sample in found.samples if sample.is_outlier] == [5000]
    assert (found.n, found.maximum) == (7, 5000)


def test_ten_standard_deviations_in_units_of_mad_are_the_limit() -> None:
    # Median 0 and MAD 1, the quartiles wide enough to keep Tukey's fences out of it.
    values = [-2.0, -1.0, -1.0, 0.0, 1.0, 1.0, 2.0]
    assert outlier_flags([*values, 14.8, -14.8]) == [False] * 7 + [True, True]
    wide = [-5.0, -5.0, -1.0, 0.0, 1.0, 5.0, 5.0]
    assert outlier_flags(wide) == [False] * 7


def test_numbers_that_are_nearly_all_the_same_have_no_scale_and_few_have_no_shape() -> None:
    assert outlier_flags([7.0] * 9 + [8.0]) == [False] * 10
    assert outlier_flags([1.0, 1.1, 0.9, 500.0]) == [False] * 4


@given(st.lists(numbers, max_size=40), st.floats(min_value=0.5, max_value=100))
def test_flags_do_not_depend_on_the_unit_or_the_order(values: list[float], factor: float) -> None:
    flagged = sorted(value for value, flag in zip(values, outlier_flags(values), strict=True) if flag)
    turned = list(reversed(values))
    assert flagged == sorted(value for value, flag in zip(turned, outlier_flags(turned), strict=True) if flag)
    assert len(outlier_flags([value * factor for value in values])) == len(values)


def test_holms_own_procedure() -> None:
    # Worked example: 0.01 * 4, 0.02 * 3, max(0.06, 0.03 * 2), max(0.06, 0.04 * 1).
    assert holm_adjusted([0.03, 0.01, 0.04, 0.02]) == approx([0.06, 0.04, 0.06, 0.06])
    assert holm_adjusted([0.2]) == [0.2]
    assert holm_adjusted([]) == []


@given(st.lists(st.floats(0, 1), max_size=12))
def test_an_adjusted_p_value_is_never_smaller_and_the_order_stays(p_values: list[float]) -> None:
    adjusted = holm_adjusted(p_values)
    assert all(before <= after <= 1 for before, after in zip(p_values, adjusted, strict=True))
    ranked = [after for _, after in sorted(zip(p_values, adjusted, strict=True))]
    assert ranked == sorted(ranked)
