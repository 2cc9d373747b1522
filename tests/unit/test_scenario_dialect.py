"""One neutral script, in the words of each agent family's tools."""

from __future__ import annotations

import json
from typing import Any

import pytest

from adapters.model_endpoint import scripted_turns_sha256
from adapters.scenario import ScenarioCatalogue, UnknownDialectError, dialect, load_dialects

CATALOGUE = ScenarioCatalogue.load()


def arguments_of(family: str, scenario: str) -> list[tuple[str, dict[str, Any]]]:
    turns = dialect(family).turns(CATALOGUE.scenario(scenario).beats[0], beat_number=1)
    return [(call.name, json.loads(call.arguments)) for turn in turns for call in turn.tool_calls]


def test_pi_gets_its_own_argument_names() -> None:
    read, edit, shell = arguments_of("pi", "edit-file")
    assert read == ("read", {"path": "service.conf"})
    assert edit == ("edit", {"path": "service.conf", "oldText": "retries = 3", "newText": "retries = 5"})
    assert shell == ("bash", {"command": "cat service.conf && wc -l service.conf"})


def test_opencode_gets_its_own_argument_names() -> None:
    read, edit, shell = arguments_of("opencode", "edit-file")
    assert read == ("read", {"filePath": "service.conf"})
    assert edit == ("edit", {"filePath": "service.conf", "oldString": "retries = 3", "newString": "retries = 5"})
    assert shell[1] == {
        "command": "cat service.conf && wc -l service.conf",
        "description": "Run the scenario's command",
    }


def test_unicode_arguments_are_sent_as_they_are() -> None:
    turns = dialect("pi").turns(CATALOGUE.scenario("unicode").beats[0], beat_number=1)
    assert "挨拶.txt" in turns[1].tool_calls[0].arguments


def test_call_ids_are_unique_within_a_session_and_name_their_turn() -> None:
    scenario = CATALOGUE.scenario("remember")
    ids = [
        call.id
        for number, beat in enumerate(scenario.beats, start=1)
        for turn in dialect("pi").turns(beat, beat_number=number)
        for call in turn.tool_calls
    ]
    assert ids == ["call_b1_t1_c1", "call_b2_t1_c1", "call_b3_t1_c1"]


def test_a_condition_and_its_other_branch_are_kept() -> None:
    turn = dialect("pi").turns(CATALOGUE.scenario("remember").beats[1], beat_number=2)[0]
    assert turn.if_seen == ("marmalade-7141", "lighthouse-2906")
    assert turn.otherwise is not None
    assert turn.otherwise.tool_calls == ()


def test_generated_text_is_written_out() -> None:
    turns = dialect("pi").turns(CATALOGUE.scenario("long-stream").beats[0], beat_number=1)
    assert turns[-1].text.startswith("1. High water")
    assert len(turns[-1].text) > 12_000


@pytest.mark.parametrize("family", load_dialects())
def test_every_shipped_scenario_can_be_said_in_every_dialect(family: str) -> None:
    hashes = {
        scripted_turns_sha256(dialect(family).turns(beat, beat_number=number))
        for scenario in CATALOGUE.scenarios.values()
        for number, beat in enumerate(scenario.beats, start=1)
    }
    assert len(hashes) == sum(len(scenario.beats) for scenario in CATALOGUE.scenarios.values())


def test_an_unknown_family_lists_the_known_ones() -> None:
    with pytest.raises(UnknownDialectError, match=r"no tool dialect `codex`; dialects\.toml has: pi, opencode"):
        dialect("codex")
