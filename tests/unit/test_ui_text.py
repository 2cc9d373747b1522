"""Foreign text on its way to the screen."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.ui.text import (
    DISPLAYED_LINE_CHARACTERS,
    clean_line,
    clean_lines,
    fit,
    foreign,
    join,
    own,
    spread,
    styled,
    words,
)

BIDI_CONTROLS = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

any_text = st.text(st.characters(exclude_categories=())) | st.text("\x1b[]0;1mJ\x07\\\x9b\r\n\t\u202e\ud83dab")


@given(any_text)
def test_no_control_no_bidi_and_no_lone_surrogate_comes_through(text: str) -> None:
    for cleaned in (clean_line(text), *clean_lines(text), foreign(text).plain):
        assert not {unicodedata.category(character) for character in cleaned} & {"Cc", "Cs", "Zl", "Zp"}
        assert not BIDI_CONTROLS & set(cleaned)


@given(any_text)
def test_cleaning_again_changes_nothing(text: str) -> None:
    once = clean_line(text)
    assert clean_line(once) == once


@given(st.text(max_size=DISPLAYED_LINE_CHARACTERS).filter(str.isprintable))
def test_printable_text_is_unchanged(text: str) -> None:
    assert clean_line(text) == text


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]52;c;ZXZpbA==\x07copied", "�copied"),
        ("\x1b]0;title\x1b\\rest", "�rest"),
        ("\x1b[2Jgone?", "�gone?"),
        ("open \x1b] with no end", "open �] with no end"),
        ("a\tb", "a       b"),
        ("two\nlines", "two↵lines"),
        ("\N{MAN}\u200d\N{WOMAN}", "\N{MAN}\u200d\N{WOMAN}"),
        ("[red]text[/] [@click=app.quit]", "[red]text[/] [@click=app.quit]"),
    ],
)
def test_what_becomes_of(text: str, cleaned: str) -> None:
    assert clean_line(text) == cleaned


def test_a_line_too_long_for_the_screen_says_how_long_it_is() -> None:
    cleaned = clean_line("x" * 1_000_000)
    assert len(cleaned) == DISPLAYED_LINE_CHARACTERS
    assert cleaned.endswith("… 1,000,000 characters in all")


def test_tabs_cannot_grow_a_line_past_the_limit() -> None:
    assert len(clean_line("\t" * DISPLAYED_LINE_CHARACTERS)) == DISPLAYED_LINE_CHARACTERS


def test_a_block_too_long_says_how_many_lines_it_has() -> None:
    lines = clean_lines("line\n" * 5_000, limit=10)
    assert len(lines) == 10
    assert lines[-1] == "… 5,000 lines in all"


def test_line_breaks_of_all_kinds_split_a_block() -> None:
    assert clean_lines("a\r\nb\rc\nd\n") == ["a", "b", "c", "d"]
    assert clean_lines("") == []


def test_words_fill_in_numbers_and_safe_text() -> None:
    name = foreign("[x]", "bold")
    assert words("{n} of {total:.1f} in {name}", n=1_234, total=2.0, name=name).plain == "1,234 of 2.0 in [x]"


def test_join_leaves_no_separator_beside_what_is_empty() -> None:
    assert join([own("a"), own(""), own("b")], " · ").plain == "a · b"


def test_a_style_given_later_lies_beneath() -> None:
    inner = foreign("x", "red")
    assert [span.style for span in styled(inner, "bold").spans] == ["bold", "red"]


@given(st.integers(0, 60), st.text("ab宽", max_size=40), st.text("cd", max_size=10))
def test_the_ends_of_a_line_never_exceed_its_width(width: int, left: str, right: str) -> None:
    line = spread(foreign(left), foreign(right), width + len(right))
    assert line.cell_length == width + len(right)


@given(st.integers(1, 40), st.text("ab宽", max_size=60))
def test_fitting_text_is_no_wider_than_asked(width: int, text: str) -> None:
    assert fit(foreign(text), width).cell_length <= width
