"""Upstream's entries as Paperclip's UI puts them on its page."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from console.engine.quality.paperclip_view import paperclip_rows
from console.engine.quality.shown import ShownRow
from store.records import LogChunkRecord
from tests.unit.quality_samples import entries, entry, stderr


def page(*told: dict[str, Any], errors: tuple[LogChunkRecord, ...] = ()) -> list[ShownRow]:
    return paperclip_rows("r1", entries(*told), errors)


def shown(rows: list[ShownRow]) -> list[tuple[str, str]]:
    return [(row.record.kind, row.record.body) for row in rows]


CALL = {"kind": "tool_call", "name": "bash", "input": {"command": "ls"}, "toolUseId": "t1"}
RESULT = {"kind": "tool_result", "toolUseId": "t1", "toolName": "bash", "content": "a", "isError": False}


def test_pieces_of_a_text_are_one_and_whole_texts_after_it_are_below_it() -> None:
    rows = page(
        {"kind": "assistant", "text": "Hel", "delta": True},
        {"kind": "assistant", "text": "lo", "delta": True},
        {"kind": "assistant", "text": "Hello"},
    )
    assert shown(rows) == [("assistant", "Hello\nHello")]
    assert [(piece.text, piece.entry_seq) for piece in rows[0].pieces] == [("Hello", 0), ("Hello", 2)]


def test_a_result_stands_with_its_call_wherever_it_comes() -> None:
    rows = page(CALL, {"kind": "assistant", "text": "Meanwhile."}, RESULT)
    assert shown(rows) == [("tool_call", '{"command": "ls"}'), ("tool_result", "a"), ("assistant", "Meanwhile.")]
    assert [row.record.entry_seq for row in rows] == [0, 2, 1]


def test_the_same_result_again_has_a_card_of_its_own() -> None:
    rows = page(CALL, RESULT, RESULT)
    assert shown(rows)[1:] == [("tool_result", "a"), ("tool_result", "a")]
    assert rows[2].record.tool_use_id == "t1"


def test_a_result_of_no_known_call_goes_to_the_one_that_runs() -> None:
    """So a repeated result can stand in the wrong card until the right one comes."""
    other = {**CALL, "toolUseId": "t2"}
    rows = page(CALL, RESULT, other, RESULT)
    assert shown(rows)[3] == ("tool_result", "a")
    rows = page(CALL, RESULT, other, RESULT, {**RESULT, "toolUseId": "t2", "content": "b"})
    assert shown(rows)[1:] == [("tool_result", "a"), ("tool_call", '{"command": "ls"}'), ("tool_result", "b")]


def test_output_during_a_command_is_part_of_its_result() -> None:
    rows = page(CALL, {"kind": "stdout", "text": "one"}, {"kind": "stdout", "text": "two"})
    assert shown(rows)[1:] == [("tool_result", "one\ntwo")]


def test_a_chunk_of_standard_error_stands_where_it_came_and_one_kind_is_hidden() -> None:
    told = [
        entry(0, "assistant", log_seq=1, text="One."),
        entry(1, "assistant", log_seq=4, text="Two."),
    ]
    errors = [stderr(2, "warning: late\n"), stderr(3, "[paperclip] Skipping saved session resume: x"), stderr(9, "end")]
    assert shown(paperclip_rows("r1", told, errors)) == [
        ("assistant", "One."),
        ("stderr", "warning: late\n"),
        ("assistant", "Two."),
        ("stderr", "end"),
    ]


def test_a_runs_result_shows_its_text_or_its_first_error() -> None:
    (fine,) = page({"kind": "result", "text": " Done. ", "inputTokens": 1200, "outputTokens": 3, "costUsd": 0.5})
    assert (fine.record.body, fine.record.title) == ("Done.", "1,200 / 3 / $0.500000")
    (bad,) = page({"kind": "result", "text": "", "isError": True, "errors": ["no model"]})
    assert (bad.record.body, bad.record.is_error) == ("no model", True)


def test_what_the_parser_did_not_know_is_shown_as_it_came() -> None:
    rows = page({"kind": "stdout", "text": '{"type": "session"}'}, {"kind": "provider_activity", "text": "busy"})
    assert shown(rows) == [("stdout", '{"type": "session"}\nbusy')]


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
KINDS = st.sampled_from(
    [
        "assistant",
        "thinking",
        "user",
        "tool_call",
        "tool_result",
        "init",
        "result",
        "stdout",
        "stderr",
        "system",
        "diff",
        "?",
    ]
)
FIELDS = st.sampled_from(
    [
        "text",
        "delta",
        "name",
        "input",
        "toolUseId",
        "toolName",
        "content",
        "isError",
        "errors",
        "costUsd",
        "inputTokens",
        "model",
        "channel",
    ]
)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(KINDS, st.dictionaries(FIELDS, ANYTHING)), max_size=12))
def test_whatever_a_parser_gives_becomes_rows_without_gaps(told: list[tuple[str, dict[str, Any]]]) -> None:
    rows = page(*({**fields, "kind": kind} for kind, fields in told))
    assert [row.record.row_no for row in rows] == list(range(len(rows)))
