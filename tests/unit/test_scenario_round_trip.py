"""A valid scenario survives TOML; its script hash says what decides the model's bytes."""

from __future__ import annotations

import json
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import JsonValue

from adapters.scenario import SHIPPED_FOLDER, Scenario, load_scenario

TEXT = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)
PATHS = st.from_regex(r"[a-z][a-z0-9_.-]{0,8}(/[a-z][a-z0-9_.-]{0,8})?", fullmatch=True)
ARGUMENTS: dict[str, dict[str, st.SearchStrategy[str]]] = {
    "shell": {"command": TEXT},
    "read": {"path": PATHS},
    "write": {"path": PATHS, "content": TEXT},
    "edit": {"path": PATHS, "old_text": TEXT, "new_text": TEXT},
}


@st.composite
def calls(draw: st.DrawFn) -> JsonValue:
    tool = draw(st.sampled_from(sorted(ARGUMENTS)))
    return {"tool": tool, "arguments": {key: draw(values) for key, values in ARGUMENTS[tool].items()}}


@st.composite
def turns(draw: st.DrawFn, *, last: bool) -> JsonValue:
    turn: dict[str, JsonValue] = {"text": draw(TEXT)}
    if draw(st.booleans()):
        turn["pace"] = {"first_token_ms": draw(st.integers(0, 60_000)), "tokens_per_second": draw(st.floats(0, 1e5))}
    if not last:
        turn["tool_calls"] = draw(st.lists(calls(), min_size=1, max_size=3))
    elif draw(st.booleans()):
        return {"generated_text": {"line": draw(TEXT), "times": draw(st.integers(1, 9))}}
    return turn


@st.composite
def beats(draw: st.DrawFn) -> JsonValue:
    working = draw(st.lists(turns(last=False), max_size=3))
    return {"prompt": draw(TEXT), "turns": [*working, draw(turns(last=True))]}


@st.composite
def scenarios(draw: st.DrawFn) -> dict[str, JsonValue]:
    files = draw(st.dictionaries(PATHS, TEXT, max_size=3))
    return {
        "schema_version": 1,
        "name": "made-up",
        "title": draw(TEXT),
        "description": draw(TEXT),
        "files": [{"path": path, "content": content} for path, content in files.items()],
        "beats": draw(st.lists(beats(), min_size=1, max_size=2)),
    }


def toml_value(value: JsonValue) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {toml_value(entry)}" for key, entry in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(toml_value(item) for item in value) + "]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(data=scenarios())
def test_a_valid_scenario_round_trips(tmp_path: Path, data: dict[str, JsonValue]) -> None:
    path = tmp_path / "made-up.toml"
    path.write_text("\n".join(f"{key} = {toml_value(value)}" for key, value in data.items()), "utf-8", newline="\n")
    scenario = load_scenario(path)
    assert scenario == Scenario.model_validate(data)
    assert Scenario.model_validate_json(scenario.model_dump_json()) == scenario


def test_the_script_hash_ignores_words_about_the_scenario_and_what_is_checked_after_it() -> None:
    scenario = load_scenario(SHIPPED_FOLDER / "edit-file.toml")
    (beat,) = scenario.beats
    told_otherwise = scenario.model_copy(update={"title": "Other", "beats": (beat.model_copy(update={"expect": ()}),)})
    assert told_otherwise.script_sha256 == scenario.script_sha256


def test_the_script_hash_changes_with_prompt_turn_or_seeded_file() -> None:
    scenario = load_scenario(SHIPPED_FOLDER / "edit-file.toml")
    (beat,) = scenario.beats
    other_prompt = scenario.model_copy(update={"beats": (beat.model_copy(update={"prompt": "Other."}),)})
    fewer_turns = scenario.model_copy(update={"beats": (beat.model_copy(update={"turns": beat.turns[1:]}),)})
    no_files = scenario.model_copy(update={"files": ()})
    hashes = {other.script_sha256 for other in (scenario, other_prompt, fewer_turns, no_files)}
    assert len(hashes) == 4
