"""Wilson's interval as criteria use it: the same as SciPy's, without waiting for SciPy."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from console.engine.statistics.rates import successes_needed, wilson_interval
from tests.unit.approximate import approx


@settings(deadline=None)
@given(st.integers(1, 5_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_it_is_the_interval_of_the_statistics_package(counts: tuple[int, int]) -> None:
    own, theirs = wilson_interval(*counts), stats.binomtest(*counts).proportion_ci(0.95, method="wilson")
    assert own.low == approx(theirs.low, abs=1e-12)
    assert own.high == approx(theirs.high, abs=1e-12)


def test_without_a_trial_everything_is_possible() -> None:
    assert (wilson_interval(0, 0).low, wilson_interval(0, 0).high) == (0.0, 1.0)


def test_72_straight_successes_are_too_few_for_95_percent_and_73_are_enough() -> None:
    assert wilson_interval(72, 72).low < 0.95 <= wilson_interval(73, 73).low


@pytest.mark.parametrize(("successes", "n", "more"), [(0, 0, 73), (72, 72, 1), (73, 73, 0), (54, 54, 19)])
def test_it_tells_how_many_more_in_a_row_are_needed(successes: int, n: int, more: int) -> None:
    assert successes_needed(successes, n, 0.95) == more


@settings(deadline=None)
@given(st.integers(0, 40), st.integers(0, 200), st.sampled_from([0.5, 0.8, 0.9, 0.95, 0.99]))
def test_so_many_more_reach_the_threshold_and_one_less_does_not(failures: int, successes: int, share: float) -> None:
    n = successes + failures
    more = successes_needed(successes, n, share)
    assert more is not None
    assert wilson_interval(successes + more, n + more).low >= share
    assert more == 0 or wilson_interval(successes + more - 1, n + more - 1).low < share


def test_certainty_is_out_of_reach() -> None:
    assert successes_needed(10, 10, 1.0) is None


def test_evaluating_the_plan_brings_no_scipy() -> None:
    probe = "import sys, console.engine.plan; print('scipy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
