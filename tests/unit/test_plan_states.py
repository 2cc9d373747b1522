"""How a finding is held against what the plan file asks."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.engine.plan.measures import MEASURES
from console.engine.plan.measures.measure import Behind, Finding
from console.engine.plan.requirements import Measured, Signed
from console.engine.plan.states import RequirementStatus, State, combined, judge_measured
from console.engine.plan.wording import asked, found, state_told
from console.engine.statistics.figures import Interval


def requirement(measure: str = "beats_succeeded", **changes: Any) -> Measured:
    arguments = {"metric": "execute_ms"} if measure == "ratio_to_baseline" else {}
    return Measured("r", measure, MEASURES[measure].arguments.model_validate(arguments), **changes)


RELIABLE = requirement(at_least=0.95, confidence="wilson")
LIGHT = requirement("ratio_to_baseline", at_most=3.0, confidence="interval", min_n=10)


def rate(successes: int, n: int) -> Finding:
    return Finding("beats", n, successes / n if n else None, successes)


@pytest.mark.parametrize(
    ("successes", "n", "state", "needed"),
    [
        (0, 0, "no evidence", None),
        (72, 72, "not settled", 1),
        (73, 73, "met", None),
        (54, 54, "not settled", 19),
        (1, 20, "not met", None),
        (0, 1, "not met", None),
        (93, 100, "not settled", 184),
        (85, 100, "not met", None),
    ],
)
def test_a_rate_at_95_percent_by_wilson(successes: int, n: int, state: State, needed: int | None) -> None:
    status = judge_measured(RELIABLE, rate(successes, n))
    assert (status.state, status.needed) == (state, needed)


def test_fewer_than_the_minimum_settle_nothing() -> None:
    strict = requirement("failures_surfaced", at_least=1.0, min_n=10)
    assert judge_measured(strict, rate(9, 9)).state == "not settled"
    assert judge_measured(strict, rate(9, 9)).needed == 1
    assert judge_measured(strict, rate(3, 4)).state == "not settled"
    assert judge_measured(strict, rate(10, 10)).state == "met"
    assert judge_measured(strict, rate(9, 10)).state == "not met"


def test_a_rate_that_must_stay_low_is_held_by_its_upper_end() -> None:
    low = requirement(at_most=0.05, confidence="wilson")
    assert [judge_measured(low, rate(0, n)).state for n in (10, 73)] == ["not settled", "met"]
    assert judge_measured(low, rate(10, 20)).state == "not met"


@pytest.mark.parametrize(
    ("interval", "n", "state"),
    [
        (Interval(2.0, 2.9), 20, "met"),
        (Interval(2.0, 3.1), 20, "not settled"),
        (Interval(3.1, 4.0), 20, "not met"),
        (Interval(2.0, 2.9), 9, "not settled"),
        (None, 20, "not settled"),
    ],
)
def test_a_ratio_is_held_by_its_whole_interval(interval: Interval | None, n: int, state: State) -> None:
    assert judge_measured(LIGHT, Finding("", n, 2.5, interval=interval)).state == state


def test_what_is_open_is_not_settled_whatever_its_value() -> None:
    status = judge_measured(LIGHT, Finding("", 20, 9.0, interval=Interval(9, 9), needed=14, is_open=True))
    assert (status.state, status.needed) == ("not settled", 14)


def test_a_fact_is_yes_or_no() -> None:
    fact = requirement("report_fresh")
    assert judge_measured(fact, Finding("", 1, 1.0)).state == "met"
    assert judge_measured(fact, Finding("", 1, 0.0)).state == "not met"


@pytest.mark.parametrize(
    ("states", "together"),
    [
        ([], "met"),
        (["met", "met"], "met"),
        (["met", "not met", "no evidence"], "not met"),
        (["met", "not settled", "awaiting signature"], "not settled"),
        (["no evidence", "no evidence"], "no evidence"),
        (["met", "no evidence"], "not settled"),
        (["no evidence", "awaiting signature"], "no evidence"),
        (["met", "awaiting signature"], "awaiting signature"),
    ],
)
def test_a_criterion_is_met_only_when_all_its_requirements_are(states: list[State], together: State) -> None:
    signed = Signed("s", "x", ("met",))
    assert combined([RequirementStatus(signed, state, "") for state in states]) == together


@settings(deadline=None)
@given(st.integers(0, 300), st.integers(0, 300), st.floats(0.01, 0.99))
def test_so_many_more_successes_really_settle_it(successes: int, failures: int, share: float) -> None:
    asked_for = requirement(at_least=share, confidence="wilson", min_n=5)
    status = judge_measured(asked_for, rate(successes, successes + failures))
    if status.state != "not settled" or status.needed is None:
        return
    more = status.needed
    assert judge_measured(asked_for, rate(successes + more, successes + failures + more)).state == "met"


@settings(deadline=None)
@given(st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), st.floats(0, 1))
def test_what_is_met_as_a_minimum_is_never_also_missed(counts: tuple[int, int], share: float) -> None:
    status = judge_measured(requirement(at_least=share, confidence="wilson"), rate(*counts))
    interval = status.interval
    assert interval is not None
    assert (status.state == "met") == (interval.low >= share)
    assert (status.state == "not met") == (interval.high < share)


def test_the_rows_behind_it_are_told_by_kind() -> None:
    rows = (Behind("run", "r1", ""), Behind("chain", "c1", ""), Behind("experiment", "e1", ""), Behind("run", "r2", ""))
    status = judge_measured(RELIABLE, Finding("", 2, 1.0, 2, behind=rows))
    assert (status.run_ids, status.chain_ids, status.experiment_ids) == (("r1", "r2"), ("c1",), ("e1",))


def test_it_is_said_with_the_bound_that_counts_rounded_away_from_the_threshold() -> None:
    assert asked(RELIABLE) == "beats that succeeded, at least 95% by Wilson's 95% interval"
    assert found(judge_measured(RELIABLE, rate(72, 72))) == "beats; Wilson ≥ 94.9%"
    assert found(judge_measured(RELIABLE, rate(73, 73))) == "beats; Wilson ≥ 95%"
    assert found(judge_measured(RELIABLE, rate(0, 0))) == "beats"
    assert asked(LIGHT) == (
        "Whole execute, the new path over the existing adapter, at most 3x by the 95% interval, from 10 values on"
    )
    assert state_told("not settled", 19) == "not settled: 19 more"
