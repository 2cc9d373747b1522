"""Foreign text on a terminal line: one line, and nothing in it that steers the terminal."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.engine.plain_text import one_line
from tests.unit.store_samples import HOSTILE_TEXT

any_text = st.text(st.characters() | st.sampled_from("\x1b\x9b\x07\r\n\t\x85\u2028\u202e\u200d\ud83d\x7f"))


@given(any_text)
def test_the_result_is_one_line_without_control_characters(text: str) -> None:
    line = one_line(text)
    assert len(line.splitlines()) <= 1
    unsafe = {character for character in line if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"}}
    assert unsafe <= {"\u200c", "\u200d"}
    line.encode("utf-8")


@given(any_text)
def test_a_safe_line_stays_as_it_is(text: str) -> None:
    line = one_line(text)
    assert one_line(line) == line


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("plain [red]text[/]", "plain [red]text[/]"),
        ("one\ntwo\r\nthree\n", "one two three"),
        ("end\n", "end"),
        ("a\tb", "a   b"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]52;c;ZXZpbA==\x07copied", "\ufffdcopied"),
        ("\x1b[2Jgone?", "\ufffdgone?"),
        ("\x1b\x1b[m[2Jnested", "\ufffdnested"),
        ("half \ud83d pair", "half \ufffd pair"),
        ("left\u202eright", "left\ufffdright"),
        ("👩\u200d💻 é", "👩\u200d💻 é"),
        ("", ""),
    ],
)
def test_what_becomes_of_text(text: str, line: str) -> None:
    assert one_line(text) == line


def test_hostile_text_is_readable_and_harmless() -> None:
    assert one_line(HOSTILE_TEXT).isprintable() or "\ufffd" in one_line(HOSTILE_TEXT)
