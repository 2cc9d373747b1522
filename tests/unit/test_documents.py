"""Text put into columns and documents: nothing is lost, nothing is wider than the screen, no control is printed."""

from __future__ import annotations

import json
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from console.ui.layout import Cell, columns, hanging, padded, paragraph
from console.ui.text import foreign, own
from console.ui.widgets.documents import ForeignJson, ForeignText, Lines, Together, json_difference

ANY_TEXT = st.text(st.characters(codec=None), max_size=200)
WIDTHS = st.integers(min_value=20, max_value=120)


@given(ANY_TEXT, WIDTHS)
def test_a_cell_is_exactly_as_wide_as_asked(text: str, width: int) -> None:
    assert padded(foreign(text), width).cell_length == width


@given(ANY_TEXT, ANY_TEXT, WIDTHS)
def test_columns_take_no_more_than_their_widths(left: str, right: str, width: int) -> None:
    cells = [Cell(foreign(left), width), Cell(foreign(right), 0), Cell(foreign(right), 7, is_right=True)]
    assert columns(cells).cell_length == width + 1 + 7


@given(st.lists(st.text("abcdefgh", min_size=1, max_size=12), max_size=40), WIDTHS)
def test_a_paragraph_keeps_every_word_within_its_width(said: list[str], width: int) -> None:
    shown = paragraph(own("  ○ "), foreign(" ".join(said)), own("STATE"), width).plain
    assert [word for word in shown.split() if word not in ("○", "STATE")] == said
    assert max(map(len, shown.splitlines())) <= max(width, len("  ○ ") + 12 + len("  STATE"))


@given(ANY_TEXT, st.integers(0, 40), WIDTHS)
def test_hanging_lines_fit(text: str, indent: int, width: int) -> None:
    assert all(line.cell_length <= width + 1 for line in hanging(foreign(text), indent, width))


def test_a_long_line_goes_on_instead_of_being_cut() -> None:
    document = ForeignText.of("a" * 10_000 + "\nb")
    shown = [document.line(number).plain for number in range(document.line_count)]
    assert "".join(shown[:-1]) == "a" * 10_000
    assert shown[-1] == "b"


@given(ANY_TEXT)
def test_no_document_prints_a_control_character(text: str) -> None:
    for document in (ForeignText.of(text), ForeignJson.of(text), ForeignJson.of(json.dumps({text: [text]}))):
        for number in range(document.line_count):
            kinds = {unicodedata.category(character) for character in document.line(number).plain}
            assert not kinds & {"Cc", "Cs"}


def test_json_is_indented_and_what_is_no_json_is_left_as_it_is() -> None:
    document = ForeignJson.of('{"a": {"b": 1}}')
    shown = [document.line(number).plain for number in range(document.line_count)]
    assert shown == ["{", '  "a": {', '    "b": 1', "  }", "}"]
    assert ForeignJson.of("{broken").line(0).plain == "{broken"


def test_deeply_nested_json_is_shown_as_it_is() -> None:
    text = "[" * 50_000
    assert ForeignJson.of(text).line_count == 13


def test_documents_follow_one_another() -> None:
    together = Together([Lines([own("one")], 3), ForeignText.of("  two\nthree"), Lines([])])
    assert [together.line(number).plain for number in range(together.line_count)] == ["one", "  two", "three"]
    assert [together.indent(number) for number in range(together.line_count)] == [3, 2, 0]


def test_a_comma_alone_is_no_difference() -> None:
    parts = json_difference('{"a": 1}', '{"a": 1, "b": 2}')
    assert [(old, new) for old, new, same in parts if not same] == [([], ['  "b": 2'])]
