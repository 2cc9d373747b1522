"""A canary that would prove nothing is refused; a good one changes nothing of what the model says."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.scenario import ScenarioCatalogue, ScenarioError, load_scenario

GOOD = """\
schema_version = 1
name = "small"
title = "Small"
description = "Two beats."

[[canaries]]
text = "quince-1111"
beat = 1
planted_in = "prompt"

[[canaries]]
text = "medlar-2222"
beat = 1
planted_in = "tool_result"

[[files]]
path = "notes.txt"
content = "medlar-2222"

[[beats]]
prompt = "Keep quince-1111 in mind."

[[beats.turns]]
text = "I look."
tool_calls = [{ tool = "read", arguments = { path = "notes.txt" } }]

[[beats.turns]]
text = "I have it."

[[beats]]
prompt = "Say it."

[[beats.turns]]
text = "So be it."
"""

REFUSALS = {
    "a beat that there is not": (
        "beat = 1",
        "beat = 3",
        "is planted in beat 3, but the scenario has 2; name a beat from 1 to 2",
    ),
    "a prompt without it": (
        "Keep quince-1111 in mind.",
        "Keep it in mind.",
        "does not occur in the prompt of beat 1; write it there, or say where it is planted",
    ),
    "a later prompt that gives it away": (
        'prompt = "Say it."',
        'prompt = "Say quince-1111."',
        "occurs in the prompt of beat 2 too, which gives it away; take it out of there",
    ),
    "a file that holds the prompt's": (
        'content = "medlar-2222"',
        'content = "medlar-2222 quince-1111"',
        "occurs in a seeded file too, from which the agent may have it; take it out of there",
    ),
}
TOOL_REFUSALS = {
    "no tool that gives it": (
        'content = "medlar-2222"',
        'content = "nothing"',
        "occurs in no seeded file and no tool call's arguments, so no tool gives it; write it into one",
    ),
    "a prompt that tells it": (
        'prompt = "Say it."',
        'prompt = "Say medlar-2222."',
        "occurs in the prompt of beat 2, so a tool is not needed for it; take it out of there",
    ),
    "a model that says it": (
        'text = "I have it."',
        'text = "I have medlar-2222."',
        "occurs in what the model says, so a tool is not needed for it; take it out of there",
    ),
}


def write(folder: Path, text: str) -> Path:
    path = folder / "small.toml"
    path.write_text(text, "utf-8")
    return path


def test_the_scenario_that_the_refusals_spoil_is_good(tmp_path: Path) -> None:
    assert [canary.text for canary in load_scenario(write(tmp_path, GOOD)).canaries] == ["quince-1111", "medlar-2222"]


@pytest.mark.parametrize(
    ("number", "before", "after", "complaint"),
    [
        *((0, *case) for case in REFUSALS.values()),
        *((1, *case) for case in TOOL_REFUSALS.values()),
    ],
    ids=[*REFUSALS, *TOOL_REFUSALS],
)
def test_the_sentence_names_the_canary_and_the_remedy(
    tmp_path: Path, number: int, before: str, after: str, complaint: str
) -> None:
    assert before in GOOD
    path = write(tmp_path, GOOD.replace(before, after, 1))
    with pytest.raises(ScenarioError) as refused:
        load_scenario(path)
    text = ("quince-1111", "medlar-2222")[number]
    assert refused.value.problems == (f"{path}: `the file` canaries[{number}].text is {text!r}, which {complaint}",)


def test_a_canary_in_the_last_prompt_is_refused_for_later_beats_repeat_it(tmp_path: Path) -> None:
    text = GOOD.replace("beat = 1", "beat = 2", 1).replace("Keep quince-1111 in mind.", "Keep it.")
    path = write(tmp_path, text.replace('prompt = "Say it."', 'prompt = "Say quince-1111."'))
    with pytest.raises(ScenarioError, match="is in the prompt of beat 2, the last, which any later beat repeats"):
        load_scenario(path)


@pytest.mark.parametrize(
    ("before", "after", "complaint"),
    [
        ('"quince-1111"\n', '"quinc"\n', "`canaries[0].text` is 'quinc'; give it at least 6 characters"),
        (
            'planted_in = "prompt"',
            'planted_in = "file"',
            "`canaries[0].planted_in` is 'file'; input should be 'prompt'",
        ),
        ("planted_in", "plantedin", "`canaries[0].plantedin` is not a key of a scenario; did you mean `planted_in`?"),
        ('"medlar-2222"\nbeat', '"quince-111"\nbeat', "which an earlier canary holds or is part of; choose another"),
    ],
)
def test_a_canary_that_is_not_well_formed(tmp_path: Path, before: str, after: str, complaint: str) -> None:
    path = write(tmp_path, GOOD.replace(before, after, 1))
    with pytest.raises(ScenarioError) as refused:
        load_scenario(path)
    assert any(complaint in problem for problem in refused.value.problems)


def test_canaries_change_nothing_of_the_script(tmp_path: Path) -> None:
    with_canaries = load_scenario(write(tmp_path, GOOD))
    start, end = GOOD.index("[[canaries]]"), GOOD.index("[[files]]")
    without = load_scenario(write(tmp_path, GOOD[:start] + GOOD[end:]))
    assert without.canaries == ()
    assert without.script_sha256 == with_canaries.script_sha256


def test_remember_plants_one_in_a_prompt_and_one_in_a_tools_result() -> None:
    remember = ScenarioCatalogue.load().scenario("remember")
    assert [(canary.beat, canary.planted_in) for canary in remember.canaries] == [(1, "prompt"), (1, "tool_result")]
    assert remember.beats[1].turns[0].if_seen == tuple(canary.text for canary in remember.canaries)
