"""A chain is written as a line of text; what cannot be read is said in one sentence with the nearest that can."""

from __future__ import annotations

import pytest

from console.engine.chain.actions import MANIPULATIONS
from console.engine.chain.durations import duration_s
from console.engine.chain.expectations import ExpectedVerdicts, parse_expectation
from console.engine.chain.grammar import PlanError, PlannedStep, parse_plan


def refusal(text: str, lane_count: int = 2) -> str:
    with pytest.raises(PlanError) as caught:
        parse_plan(text, lane_count)
    return str(caught.value)


def test_steps_are_parted_by_commas_and_lanes_follow_an_at_sign() -> None:
    assert parse_plan("beat, delete-store, Beat@a, wait:30s ,beat@A+B", 2) == (
        PlannedStep("beat"),
        PlannedStep("delete-store"),
        PlannedStep("beat", None, (0,)),
        PlannedStep("wait", "30s"),
        PlannedStep("beat", None, (0, 1)),
    )


def test_an_argument_keeps_what_stands_in_braces_and_quotes() -> None:
    (_, edit, one) = parse_plan('beat, edit:{"sessionId": "a,b@c:d\\" }", "n": [1, 2]}@B, edit:cwd="a,b"@A', 2)
    assert edit == PlannedStep("edit", '{"sessionId": "a,b@c:d\\" }", "n": [1, 2]}', (1,))
    assert one == PlannedStep("edit", 'cwd="a,b"', (0,))


def test_a_chain_that_goes_on_may_begin_with_a_manipulation() -> None:
    assert parse_plan("view", 1, goes_on=True) == (PlannedStep("view"),)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("beat, delet-store", "there is no action `delet-store`; did you mean `delete-store`?"),
        ("beat, qqqq", "there is no action `qqqq`; known are: beat, view, edit, clear, "),
        ("beat,, beat", "a step is empty; take one comma out, or write an action between the two"),
        ("", "a step is empty"),
        ("view, beat", "there is no session before the first beat; put `beat` before `view`"),
        ("view", "the chain has no `beat`; begin it with one, such as `beat, delete-store, beat`"),
        ("beat:2", "`beat` takes no argument; leave `:2` out"),
        ("beat, clear:now", "`clear` takes no argument; leave `:now` out"),
        ("beat, wait:3s@A", "`wait` is done to the whole console; leave the lane out of `wait:3s@A`"),
        ("beat, copy:A", "`copy` needs the lane that gets the session; write copy:A@B"),
        ("beat, copy-id:A@A+B", "`copy-id` needs the lane that gets the session; write copy-id:A@B"),
        ("beat, clear@C", "there is no lane `C`; the lanes are A, B"),
        ("beat, clear@A@B", "`clear@A@B` names lanes twice; write them once, such as @A+B"),
        ("beat, 7days", "`7days` is no step; write action, action:argument or action@A"),
        ('beat, edit:{"a": 1', 'a quote or bracket in `beat, edit:{"a": 1` is not closed; close it'),
        ('beat, edit:a="b', 'a quote or bracket in `beat, edit:a="b` is not closed; close it'),
    ],
)
def test_what_cannot_be_read_is_said_in_one_sentence(text: str, sentence: str) -> None:
    assert refusal(text).startswith(sentence)


def test_every_manipulation_can_be_written() -> None:
    for each in MANIPULATIONS:
        lane = "@A" if each.key.startswith("copy") else ""
        written = "1h" if each.key in ("age-store", "wait") else "x"
        argument = f":{written}" if each.argument else ""
        steps = parse_plan(f"beat, {each.key}{argument}{lane}", 2)
        assert steps[1].action == each.key
        assert each.help.endswith(".")


def test_a_duration_has_a_number_and_a_unit() -> None:
    assert [duration_s(text) for text in ("90", "1.5s", "10m", "72h", "30d")] == [90, 1.5, 600, 259_200, 2_592_000]
    assert [duration_s(text) for text in ("", "soon", "-3s", "3y", "1h30m")] == [None] * 5


def test_expected_verdicts_are_words_for_all_lanes_or_for_one() -> None:
    assert parse_expectation("native, Fresh,any", 1) == ExpectedVerdicts(("native", "fresh", "any"))
    assert parse_expectation("recap@b", 2) == ExpectedVerdicts(("recap",), 1)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("nativ", "`nativ` is no verdict; did you mean `native`?"),
        ("native,", "`` is no verdict; known are: native, recap, fresh, failed, any"),
        ("native@C", "there is no lane `C`; the lanes are A, B"),
    ],
)
def test_an_expectation_that_cannot_be_read_says_so(text: str, sentence: str) -> None:
    with pytest.raises(PlanError) as caught:
        parse_expectation(text, 2)
    assert str(caught.value) == sentence


def test_a_duration_is_read_before_the_first_beat_runs() -> None:
    assert refusal("beat, age-store:72x, beat") == "`72x` is no duration; write for example age-store:72h"
    assert refusal("beat, wait:soon") == "`soon` is no duration; write for example wait:30s"
    assert refusal("beat, age-store:0") == "`0` is no duration; write for example age-store:72h"
