"""A bad scenario file is refused in one sentence that names the file, the field and the remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.scenario import ScenarioError, load_scenario

GOOD = """\
schema_version = 1
name = "small"
title = "Small"
description = "A small scenario."

[[files]]
path = "notes.txt"
content = "one"

[[beats]]
prompt = "Do it."

[[beats.turns]]
text = "Now."
tool_calls = [{ tool = "read", arguments = { path = "notes.txt" } }]

[[beats.turns]]
text = "Done."

[[beats.expect]]
path = "notes.txt"
contains = ["one"]
"""

REFUSALS = {
    "a newer schema": (
        "schema_version = 1",
        "schema_version = 2",
        "`schema_version` is 2; this Sidebeat reads version 1, so set it to 1",
    ),
    "no title": ('title = "Small"\n', "", "`title` is missing; add it"),
    "a name with spaces": (
        'name = "small"',
        'name = "Very Small"',
        "`name` is 'Very Small'; use lower-case letters, digits and single hyphens",
    ),
    "a number for a text": ('title = "Small"', "title = 7", "`title` is 7; make it a text in quotes"),
    "an empty prompt": (
        'prompt = "Do it."',
        'prompt = ""',
        "`beats[0].prompt` is ''; give it at least one character",
    ),
    "a misspelt key of a turn": (
        'text = "Done."',
        'txet = "Done."',
        "`beats[0].turns[1].txet` is not a key of a scenario; did you mean `text`?",
    ),
    "a misspelt key of a tool call": (
        '{ path = "notes.txt" } }',
        '{ path = "notes.txt", pth = "x" } }',
        "`beats[0].turns[0].tool_calls[0].arguments.pth` is not a key of a scenario; did you mean `path`?",
    ),
    "a key that is like no other": (
        'contains = ["one"]',
        "zzz = 1",
        (
            "`beats[0].expect[0].zzz` is not a key of a scenario; remove it; "
            "known here: path, exists, equals, contains, sha256"
        ),
    ),
    "a misspelt tool": (
        'tool = "read"',
        'tool = "raed"',
        "`beats[0].turns[0].tool_calls[0].tool` is 'raed'; did you mean `read`?",
    ),
    "no tool": (
        'tool = "read", ',
        "",
        "`beats[0].turns[0].tool_calls[0].tool` is missing; add it: one of shell, read, write, edit",
    ),
    "a tool call that is no table": (
        'tool_calls = [{ tool = "read", arguments = { path = "notes.txt" } }]',
        'tool_calls = ["ls"]',
        "`beats[0].turns[0].tool_calls[0]` is 'ls'; make it a table",
    ),
    "a tool without its argument": (
        'tool = "read", arguments = { path = "notes.txt" }',
        'tool = "shell", arguments = {}',
        "`beats[0].turns[0].tool_calls[0].arguments.command` is missing; add it",
    ),
    "a seeded file with an absolute path": (
        'path = "notes.txt"\ncontent = "one"',
        'path = "/etc/passwd"\ncontent = "one"',
        "`files[0].path` is '/etc/passwd', an absolute path; make it relative to the execution root",
    ),
    "a path that climbs": (
        'arguments = { path = "notes.txt" }',
        'arguments = { path = "a/../../b" }',
        (
            "`beats[0].turns[0].tool_calls[0].arguments.path` is 'a/../../b', which leads out of its folder by `..`; "
            "name the file directly"
        ),
    ),
    "a path with a backslash": (
        'arguments = { path = "notes.txt" }',
        "arguments = { path = 'a\\b' }",
        (
            "`beats[0].turns[0].tool_calls[0].arguments.path` is 'a\\\\b', which holds a backslash or a NUL; "
            "separate folders with `/`"
        ),
    ),
    "a path in a longer spelling": (
        'arguments = { path = "notes.txt" }',
        'arguments = { path = "./notes.txt" }',
        "`beats[0].turns[0].tool_calls[0].arguments.path` is './notes.txt'; write it as 'notes.txt'",
    ),
    "a turn that says nothing": (
        'text = "Done."',
        "",
        "`beats[0].turns[1]` says nothing; give it `text`, `generated_text` or `tool_calls`",
    ),
    "two kinds of text": (
        'text = "Done."',
        'text = "Done."\ngenerated_text = { line = "x", times = 2 }',
        "`beats[0].turns[1]` has both `text` and `generated_text`; keep one",
    ),
    "a pace below nothing": (
        'text = "Done."',
        'text = "Done."\npace = { first_token_ms = -1 }',
        "`beats[0].turns[1].pace.first_token_ms` is -1; make it at least 0",
    ),
    "a turn behind the end": (
        'tool_calls = [{ tool = "read", arguments = { path = "notes.txt" } }]',
        "",
        (
            "`beats[0]` turns[0] calls no tool, so the agent stops before the turns after it; "
            "give it a tool call or move it to the end"
        ),
    ),
    "a beat without an end": (
        'text = "Done."',
        'tool_calls = [{ tool = "shell", arguments = { command = "ls" } }]',
        "`beats[0]` its last turn calls a tool, so the agent asks once more; add a turn of text only",
    ),
    "a condition without its other branch": (
        'text = "Done."',
        'text = "Done."\nif_seen = ["x-1"]',
        "`beats[0].turns[1]` has `if_seen` but no `otherwise`; say what the model answers when it has not seen it",
    ),
    "a branch without its condition": (
        'text = "Done."',
        'text = "Done."\notherwise = { text = "No." }',
        "`beats[0].turns[1]` has `otherwise` but no `if_seen`; name the texts that it depends on",
    ),
    "a canary in the prompt": (
        'text = "Done."',
        'text = "Done."\nif_seen = ["Do it"]\notherwise = { text = "No." }',
        (
            "`beats[0]` turns[1].if_seen holds 'Do it', which the beat's own prompt holds too, "
            "so nothing need be remembered; take it out of one of the two"
        ),
    ),
    "an absent file with content": (
        'contains = ["one"]',
        'contains = ["one"]\nexists = false',
        "`beats[0].expect[0]` expects the file to be absent and to have content; remove one of the two",
    ),
    "a hash that is none": (
        'contains = ["one"]',
        'sha256 = "abc"',
        "`beats[0].expect[0].sha256` is 'abc'; give 64 lower-case hexadecimal digits",
    ),
    "a file seeded twice": (
        "[[beats]]\n",
        '[[files]]\npath = "notes.txt"\ncontent = "two"\n\n[[beats]]\n',
        "`the file` files[1].path is 'notes.txt', which is seeded already; remove one of the two",
    ),
    "no turns": (
        GOOD[GOOD.index("[[beats.turns]]") : GOOD.index("[[beats.expect]]")],
        "turns = []\n",
        "`beats[0].turns` is []; give it at least one entry",
    ),
}


def write(folder: Path, text: str) -> Path:
    path = folder / "small.toml"
    path.write_text(text, "utf-8")
    return path


def test_the_scenario_that_the_refusals_spoil_is_good(tmp_path: Path) -> None:
    assert load_scenario(write(tmp_path, GOOD)).name == "small"


@pytest.mark.parametrize(("before", "after", "sentence"), REFUSALS.values(), ids=REFUSALS)
def test_the_sentence_names_file_field_and_remedy(tmp_path: Path, before: str, after: str, sentence: str) -> None:
    assert before in GOOD
    path = write(tmp_path, GOOD.replace(before, after, 1))
    with pytest.raises(ScenarioError) as refused:
        load_scenario(path)
    assert refused.value.problems == (f"{path}: {sentence}",)


def test_every_problem_of_a_file_gets_its_sentence(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD.replace('title = "Small"', "title = 7").replace('"Do it."', '""'))
    with pytest.raises(ScenarioError) as refused:
        load_scenario(path)
    assert len(refused.value.problems) == 2
    assert str(refused.value) == "\n".join(refused.value.problems)


def test_a_file_that_is_not_toml_says_where(tmp_path: Path) -> None:
    path = write(tmp_path, "schema_version 1")
    with pytest.raises(ScenarioError, match=r"small\.toml: is not TOML: .*line 1.*; mend the place it names"):
        load_scenario(path)


def test_a_file_that_is_not_utf8_says_where(tmp_path: Path) -> None:
    path = tmp_path / "latin.toml"
    path.write_bytes(b'name = "\xe9"')
    with pytest.raises(ScenarioError, match=r"latin\.toml: is not UTF-8 at byte 8; save it as UTF-8"):
        load_scenario(path)


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r"none\.toml: cannot be read: No such file or directory; check that"):
        load_scenario(tmp_path / "none.toml")
