"""What makes an order for an experiment impossible, and the margins that are fixed for it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from console.engine.experiment.plan import ExperimentOrder, check_order, margins_of
from console.engine.launches import RefusedOrder
from console.engine.measures.definitions import load_definitions

FIRST_REQUEST = "execute_to_first_request_ms"
PAIR = ("pi_local", "agentos_local/pi")


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({"runtime_keys": ()}, "a comparison takes 2 to 4 runtimes, not 0; the first is the baseline"),
        ({"runtime_keys": ("pi_local",)}, "a comparison takes 2 to 4 runtimes, not 1"),
        ({"runtime_keys": ("a", "b", "c", "d", "e")}, "a comparison takes 2 to 4 runtimes, not 5"),
        (
            {"runtime_keys": ("pi_local", "pi_local")},
            "pi_local is named twice; a runtime against itself is a self-check",
        ),
        ({"kind": "self-check"}, "a self-check is one runtime against itself, not pi_local, agentos_local/pi"),
        ({"kind": "self-check", "runtime_keys": ()}, "a self-check is one runtime against itself, not none"),
        ({"scenarios": ()}, "an experiment needs a scenario; name one, such as hello-tool"),
        ({"scenarios": ("a", "a")}, "a scenario is named twice; name each once, and raise the pairs instead"),
        ({"warmup_pairs": -1}, "there cannot be -1 warm-up pairs; 1 is usual, 0 discards none"),
        ({"warmup_pairs": 0, "temperature": "warm"}, "a warm experiment needs a warm-up pair"),
        ({"max_pairs": 0, "min_pairs": 0}, "an experiment has 1 to 1,000 pairs, not 0"),
        ({"max_pairs": 9_999}, "an experiment has 1 to 1,000 pairs, not 9,999"),
        ({"max_pairs": 5, "min_pairs": 6}, "the fewest pairs are 1 to the 5 of the maximum, not 6"),
        ({"time_limit_s": 0.5}, "a beat cannot be limited to 0.5 s; give it 1 s or more"),
        ({"margins": {"execute_to_first_reqest_ms": 1.2}}, f"did you mean `{FIRST_REQUEST}`?"),
        ({"margins": {FIRST_REQUEST: 1.0}}, f"and above 1; {FIRST_REQUEST} has 1"),
        ({"margins": {FIRST_REQUEST: float("nan")}}, f"and above 1; {FIRST_REQUEST} has nan"),
        ({"margins": {FIRST_REQUEST: float("inf")}}, f"and above 1; {FIRST_REQUEST} has inf"),
        ({"margins": {"succeeded": 1.1}}, "succeeded is not compared by ratio, so it takes no margin; those that do: "),
        ({"margins": {"upstream_recall": 1.1}}, "of upstream_recall more is better, so it takes no margin"),
    ],
)
def test_an_impossible_order_says_what_is_wrong(changed: dict[str, Any], complaint: str) -> None:
    with pytest.raises(RefusedOrder) as caught:
        check_order(replace(ExperimentOrder(PAIR), **changed), load_definitions())
    assert complaint in str(caught.value)


@pytest.mark.parametrize(
    "order",
    [
        ExperimentOrder(PAIR),
        ExperimentOrder(PAIR, temperature="warm"),
        ExperimentOrder(("pi_local",), kind="self-check"),
        ExperimentOrder(("pi_local", "pi_local"), kind="self-check"),
        ExperimentOrder((*PAIR, "opencode_local"), ("hello-tool", "edit-file"), margins={FIRST_REQUEST: 1.1}),
    ],
)
def test_a_possible_order_is_taken(order: ExperimentOrder) -> None:
    check_order(order, load_definitions())


def test_the_margins_are_those_of_the_definitions_unless_the_order_names_others() -> None:
    definitions = load_definitions()
    usual = margins_of(ExperimentOrder(PAIR), definitions)
    assert usual[FIRST_REQUEST] == (definitions.metric(FIRST_REQUEST).default_margin_ratio, True)
    assert not any(decides for metric, (_, decides) in usual.items() if metric != FIRST_REQUEST)
    named = margins_of(ExperimentOrder(PAIR, margins={FIRST_REQUEST: 1.1, "bridge_ms": 2.0}), definitions)
    assert (named[FIRST_REQUEST], named["bridge_ms"]) == ((1.1, True), (2.0, False))
    assert named.keys() == usual.keys() | {"bridge_ms"}


def test_a_self_check_has_two_arms_however_often_it_names_its_runtime_and_every_order_a_title() -> None:
    once, twice = (ExperimentOrder(("pi_local",) * count, kind="self-check") for count in (1, 2))
    assert once.arms == twice.arms == ("pi_local", "pi_local")
    assert once.shown_title == "hello-tool: pi_local against itself, cold"
    assert ExperimentOrder(PAIR).shown_title == "hello-tool: pi_local against agentos_local/pi, cold"
    assert ExperimentOrder(PAIR, title=" mine ").shown_title == "mine"
