"""Wilson's interval, and how many successes a threshold takes."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.engine.statistics.rates import rate, successes_needed, wilson_interval
from tests.unit.approximate import approx

Z = 1.959963984540054


@pytest.mark.parametrize(
    ("successes", "n", "percent"), [(10, 10, 72), (20, 20, 84), (30, 30, 89), (59, 59, 94), (100, 100, 96)]
)
def test_what_straight_successes_show(successes: int, n: int, percent: int) -> None:
    assert round(wilson_interval(successes, n).low * 100) == percent


def test_a_textbook_case() -> None:
    # R. Newcombe, Statistics in Medicine 17 (1998), table I: 81 of 263, 15 of 148, 0 of 20.
    assert (round(wilson_interval(81, 263).low, 4), round(wilson_interval(81, 263).high, 4)) == (0.2553, 0.3662)
    assert (round(wilson_interval(15, 148).low, 4), round(wilson_interval(15, 148).high, 4)) == (0.0624, 0.1605)
    assert (round(wilson_interval(0, 20).low, 4), round(wilson_interval(0, 20).high, 4)) == (0.0, 0.1611)


def test_95_percent_takes_73_straight_successes() -> None:
    assert successes_needed(0, 0, 0.95) == 73
    assert successes_needed(14, 14, 0.95) == 59
    assert successes_needed(73, 73, 0.95) == 0


def test_one_failure_makes_it_many_more() -> None:
    needed = successes_needed(19, 20, 0.95)
    assert needed is not None
    assert needed > 73
    assert wilson_interval(19 + needed, 20 + needed).low >= 0.95 > wilson_interval(18 + needed, 19 + needed).low


def test_certainty_is_out_of_reach() -> None:
    assert successes_needed(1000, 1000, 1.0) is None
    assert rate(3, 3, 1.0).needed is None


def test_without_a_trial_everything_is_possible() -> None:
    nothing = rate(0, 0)
    assert (nothing.share, nothing.interval.low, nothing.interval.high, nothing.needed) == (None, 0.0, 1.0, None)


def test_more_successes_than_trials_are_refused() -> None:
    with pytest.raises(ValueError, match="3 of 2 is no count"):
        rate(3, 2)


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_it_is_wilsons_formula(counts: tuple[int, int]) -> None:
    successes, n = counts
    share, scale = successes / n, 1 + Z**2 / n
    middle = (share + Z**2 / (2 * n)) / scale
    reach = Z * math.sqrt(share * (1 - share) / n + Z**2 / (4 * n**2)) / scale
    found = wilson_interval(successes, n)
    assert found.low == approx(max(0.0, middle - reach), abs=1e-9)
    assert found.high == approx(min(1.0, middle + reach), abs=1e-9)


@given(st.integers(0, 40).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), st.floats(0.5, 0.97))
def test_the_number_needed_is_the_smallest(counts: tuple[int, int], threshold: float) -> None:
    successes, n = counts
    needed = successes_needed(successes, n, threshold)
    assert needed is not None
    assert wilson_interval(successes + needed, n + needed).low >= threshold
    if needed:
        assert wilson_interval(successes + needed - 1, n + needed - 1).low < threshold
