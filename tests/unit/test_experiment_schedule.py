"""Which arm runs when."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.engine.experiment.schedule import Turn, arm_order, planned_pair

seeds = st.integers(-(2**31), 2**31)


def orders(seed: int, pairs: int, arms: int = 2) -> list[str]:
    return ["".join("ABCD"[arm] for arm in arm_order(seed, index, arms)) for index in range(pairs)]


def test_two_arms_alternate_as_abba_and_the_seed_decides_who_begins() -> None:
    found = {tuple(orders(seed, 8)) for seed in range(20)}
    assert found == {
        ("AB", "BA", "BA", "AB", "AB", "BA", "BA", "AB"),
        ("BA", "AB", "AB", "BA", "BA", "AB", "AB", "BA"),
    }


def test_a_schedule_is_the_same_for_ever() -> None:
    assert orders(7, 4) == ["AB", "BA", "BA", "AB"]
    assert orders(7, 4, 3) == ["CBA", "ABC", "BCA", "ACB"]


@given(seeds, st.integers(2, 4), st.integers(0, 500))
def test_every_pair_has_every_arm_once_and_every_block_is_a_palindrome(seed: int, arms: int, block: int) -> None:
    there, back = arm_order(seed, 2 * block, arms), arm_order(seed, 2 * block + 1, arms)
    assert sorted(there) == list(range(arms))
    assert back == there[::-1]


@given(seeds, st.integers(1, 25))
def test_neither_arm_is_favoured_by_a_drift(seed: int, fours: int) -> None:
    """Over each four pairs both arms have the same mean place in time."""
    order = [arm for index in range(4 * fours) for arm in arm_order(seed, index, 2)]
    places = [sum(place for place, arm in enumerate(order) if arm == wanted) for wanted in (0, 1)]
    assert places[0] == places[1]


def planned(pair_no: int, *, scenarios: tuple[str, ...] = ("a", "b"), warmup_pairs: int = 1) -> Turn:
    return planned_pair(pair_no, seed=1, warmup_pairs=warmup_pairs, arm_count=2, scenarios=scenarios)


def test_scenarios_take_turns_and_each_gets_both_orders() -> None:
    turns = [planned(pair_no) for pair_no in range(2, 10)]
    assert [turn.scenario for turn in turns] == ["a", "a", "b", "b", "a", "a", "b", "b"]
    assert set(Counter((turn.scenario, turn.arm_indexes) for turn in turns).values()) == {2}


def test_the_warm_up_goes_through_the_scenarios_and_shifts_nothing() -> None:
    turns = [planned(pair_no, warmup_pairs=2) for pair_no in range(1, 4)]
    assert [(turn.scenario, turn.is_warmup) for turn in turns] == [("a", True), ("b", True), ("a", False)]
    without = [planned(pair_no, warmup_pairs=0).arm_indexes for pair_no in range(1, 9)]
    assert without == [planned(pair_no, warmup_pairs=3).arm_indexes for pair_no in range(4, 12)]


@pytest.mark.parametrize("arms", [2, 3, 4])
def test_the_orders_of_many_arms_are_not_all_the_same(arms: int) -> None:
    blocks = [arm_order(5, index, arms) for index in range(0, 40, 2)]
    assert any(before != after for before, after in pairwise(blocks))
