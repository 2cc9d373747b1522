"""The de-duplicated transcript: each thing once, in order, whatever upstream's parsers repeat."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.bridge.messages import ParsedLine
from adapters.transcript import TRANSCRIPT_FORMATS, TranscriptView, ViewRow
from tests.unit.recorded_logs import recorded_lines

TS = "2026-01-31T12:00:00.000Z"


def read(lines: Iterable[ParsedLine], form: str = "generic") -> list[ViewRow]:
    """The rows as they stand in the end."""
    view = TranscriptView(TRANSCRIPT_FORMATS[form])
    rows: dict[int, ViewRow] = {}
    entry_count = 0
    for number, line in enumerate(lines):
        for row in view.take_line(line, at_ms=float(number), first_entry_seq=entry_count):
            rows[row.row_no] = row
        entry_count += len(line.entries)
    rows.update({row.row_no: row for row in view.finish()})
    assert list(rows) == list(range(view.row_count))
    assert all(row.closed for row in rows.values())
    return list(rows.values())


def line(*entries: dict[str, Any], text: str = "") -> ParsedLine:
    return ParsedLine(log_seq=0, text=text, entries=[{"ts": TS, **entry} for entry in entries])


def shown(rows: Iterable[ViewRow]) -> list[tuple[str, str]]:
    return [(row.kind, row.body or row.title) for row in rows]


def test_what_comes_from_elsewhere_does_not_part_a_text() -> None:
    """A request, told by the endpoint, overtakes the last pieces of the answer before it; so may standard error."""
    view = TranscriptView(TRANSCRIPT_FORMATS["pi"])
    rows: dict[int, ViewRow] = {}
    for changed in (
        view.take_line(line({"kind": "assistant", "text": "Now the ", "delta": True}), at_ms=1, first_entry_seq=0),
        view.take_request(2, "9 tokens", "", at_ms=2),
        view.take_stderr("warning: late", at_ms=3),
        view.take_line(line({"kind": "assistant", "text": "copy.", "delta": True}), at_ms=4, first_entry_seq=1),
        view.take_line(line({"kind": "assistant", "text": "Now the copy."}), at_ms=5, first_entry_seq=2),
        view.take_line(line({"kind": "assistant", "text": "Next.", "delta": True}), at_ms=6, first_entry_seq=3),
        view.finish(),
    ):
        rows.update({row.row_no: row for row in changed})
    assert shown(rows.values()) == [
        ("assistant", "Now the copy."),
        ("request", "9 tokens"),
        ("stderr", "warning: late"),
        ("assistant", "Next."),
    ]
    assert all(row.closed for row in rows.values())


def test_where_no_text_is_told_to_have_ended_a_request_ends_it() -> None:
    view = TranscriptView(TRANSCRIPT_FORMATS["generic"])
    pieces = [line({"kind": "assistant", "text": text, "delta": True}) for text in ("One.", "Two.")]
    rows = view.take_line(pieces[0], at_ms=1, first_entry_seq=0) + view.take_request(2, "9 tokens", "", at_ms=2)
    rows += view.take_line(pieces[1], at_ms=3, first_entry_seq=1) + view.finish()
    assert shown({row.row_no: row for row in rows}.values()) == [
        ("assistant", "One."),
        ("request", "9 tokens"),
        ("assistant", "Two."),
    ]


MULTI_TOOL_TEXTS = [
    "What is in the inbox?",
    "The third file may be missing.",
    "It is. I will go on with the other two.",
    "Done: summary.txt lists apples and pears; inbox/third.txt does not exist.",
]
RUNS = {"pi_multi_tool": "pi", "opencode_multi_tool": "opencode", "agentos_pi_multi_tool": "generic"}


@pytest.mark.parametrize(("name", "form"), RUNS.items())
def test_a_real_run_reads_the_same_in_every_runtime(name: str, form: str) -> None:
    """Six calls with a result each, and every text once."""
    rows = read(recorded_lines(name), form)
    # agent-os tells the texts of a turn without what came between them; only a request row parts them.
    assert "".join(row.body for row in rows if row.kind == "assistant") == "".join(MULTI_TOOL_TEXTS)
    calls = [row for row in rows if row.kind == "tool_call"]
    results = [row for row in rows if row.kind == "tool_result"]
    assert [row.tool_use_id for row in calls] == [f"call_b1_t{turn}_c1" for turn in range(1, 7)]
    assert [row.tool_use_id for row in results] == [row.tool_use_id for row in calls]
    assert [row.tool for row in results] == [row.tool for row in calls]
    assert calls[0].title == "ls inbox"
    assert results[0].body == "first.txt\nsecond.txt\n"
    assert rows[-1].kind == "result"


def test_upstream_really_repeats_what_the_view_shows_once() -> None:
    """Else the test above would prove nothing."""
    entries = [entry for item in recorded_lines("pi_multi_tool") for entry in item.entries]
    for text in MULTI_TOOL_TEXTS[:3]:
        assert [entry["text"] for entry in entries if entry["kind"] == "assistant"].count(text) == 3
    assert [entry["text"] for entry in entries if entry["kind"] == "assistant"].count(MULTI_TOOL_TEXTS[3]) == 4
    assert [entry["kind"] for entry in entries].count("tool_result") == 12


def test_the_prompt_is_never_shown_as_the_agents_words() -> None:
    lines = recorded_lines("pi_multi_tool")
    prompt = "Collect the lines of all files in inbox/"
    assert any(prompt in entry.get("text", "") for item in lines for entry in item.entries)
    assert not any(prompt in row.body for row in read(lines, "pi"))


@pytest.mark.parametrize("form", ["pi", "opencode"])
def test_on_the_host_each_text_is_a_row_of_its_own(form: str) -> None:
    rows = read(recorded_lines(f"{form}_multi_tool"), form)
    assert [row.body for row in rows if row.kind == "assistant"] == MULTI_TOOL_TEXTS


def test_thinking_is_kept_apart_from_text() -> None:
    rows = read(recorded_lines("pi_multi_tool"), "pi")
    assert [row.body for row in rows if row.kind == "thinking"] == ["Sorted means that apples come first."]


def test_a_failing_tool_is_an_error_in_pi() -> None:
    rows = read(recorded_lines("pi_multi_tool"), "pi")
    failed = [row for row in rows if row.kind == "tool_result" and row.is_error]
    assert [row.tool_use_id for row in failed] == ["call_b1_t3_c1"]
    assert "No such file or directory" in failed[0].body


def test_opencode_shows_a_tools_output_once_and_without_its_metadata() -> None:
    rows = read(recorded_lines("opencode_multi_tool"), "opencode")
    outputs = [row.body for row in rows if row.kind == "tool_result"]
    assert outputs[2] == "cat: inbox/third.txt: No such file or directory\n"
    assert not any("[object Object]" in output or "status: " in output for output in outputs)
    assert not any("step started" in row.body for row in rows)


def test_a_row_names_the_entry_that_it_shows() -> None:
    lines = recorded_lines("opencode_multi_tool")
    kinds = [entry["kind"] for item in lines for entry in item.entries]
    for row in read(lines, "opencode"):
        assert kinds[row.entry_seq] == row.kind


def test_a_provider_error_that_pi_hides_becomes_an_error_row_and_retries_are_seen() -> None:
    assert shown(read(recorded_lines("pi_provider_error"), "pi")) == [
        ("error", "Connection error."),
        ("system", "auto_retry_start: Connection error."),
        ("error", "Connection error."),
        ("system", "auto_retry_start: Connection error."),
        ("error", "Connection error."),
        ("system", "auto_retry_start: Connection error."),
        ("error", "Connection error."),
        ("system", "auto_retry_end: Connection error."),
    ]


def test_deltas_of_one_kind_merge_and_their_end_replaces_them() -> None:
    deltas = [line({"kind": "assistant", "text": text, "delta": True}) for text in ("He", "l", "lo")]
    assert shown(read(deltas)) == [("assistant", "Hello")]
    assert shown(read([*deltas, line({"kind": "assistant", "text": "Hello."})])) == [("assistant", "Hello.")]


def test_another_kind_ends_the_open_text() -> None:
    lines = [
        line({"kind": "thinking", "text": "Hm", "delta": True}),
        line({"kind": "assistant", "text": "Yes", "delta": True}),
        line({"kind": "tool_call", "name": "bash", "input": {"command": "ls"}, "toolUseId": "1"}),
        line({"kind": "assistant", "text": "Done", "delta": True}),
    ]
    assert shown(read(lines)) == [
        ("thinking", "Hm"),
        ("assistant", "Yes"),
        ("tool_call", '{"command": "ls"}'),
        ("assistant", "Done"),
    ]


def test_a_message_that_repeats_its_blocks_as_a_whole_is_not_shown_again() -> None:
    blocks = [line({"kind": "assistant", "text": text}) for text in ("First. ", "Second.")]
    whole = line({"kind": "assistant", "text": "First. Second."})
    assert shown(read([*blocks, whole])) == [("assistant", "First. "), ("assistant", "Second.")]
    assert shown(read([*blocks, line({"kind": "assistant", "text": "econd."})]))[-1] == ("assistant", "econd.")


def test_the_same_words_after_a_tool_result_are_new() -> None:
    said = line({"kind": "assistant", "text": "Again."})
    result = line({"kind": "tool_result", "toolUseId": "1", "content": "", "isError": False})
    assert shown(read([said, said, result, said])) == [
        ("assistant", "Again."),
        ("tool_result", ""),
        ("assistant", "Again."),
    ]


def test_a_tool_result_comes_once_and_is_replaced_by_a_later_one_of_its_call() -> None:
    def result(content: str, *, is_error: bool = False, **more: Any) -> ParsedLine:
        return line({"kind": "tool_result", "toolUseId": "1", "content": content, "isError": is_error, **more})

    assert shown(read([result("a"), result("a")])) == [("tool_result", "a")]
    (row,) = read([result("a"), result("b", is_error=True)])
    assert (row.body, row.is_error) == ("b", True)
    assert shown(read([result("a", delta=True), result("b", delta=True)])) == [("tool_result", "ab")]


@pytest.mark.parametrize(
    ("tool_input", "title", "body"),
    [
        ({"command": "ls"}, "ls", '{"command": "ls"}'),
        ({"filePath": "a.txt", "content": "x"}, "a.txt", '{"filePath": "a.txt", "content": "x"}'),
        ({"depth": 2}, '{"depth": 2}', ""),
        ("plain", "plain", ""),
        (None, "null", ""),
    ],
)
def test_a_call_is_titled_by_what_it_does(tool_input: object, title: str, body: str) -> None:
    (row,) = read([line({"kind": "tool_call", "name": "t", "input": tool_input, "toolUseId": "1"})])
    assert (row.title, row.body, row.tool) == (title, body, "t")


def test_kinds_that_are_not_known_are_kept_as_what_they_hold() -> None:
    (row,) = read([line({"kind": "workspace_change", "changeSetId": "c1", "files": []})])
    assert row.kind == "workspace_change"
    assert json.loads(row.body)["changeSetId"] == "c1"


@pytest.mark.parametrize(
    "entry", [{"kind": "assistant", "text": {"no": "text"}}, {"kind": "result", "inputTokens": "many"}, {"text": "x"}]
)
def test_entries_that_are_not_made_as_they_should_be_are_shown_and_end_nothing(entry: dict[str, Any]) -> None:
    bad, good = read([line(entry), line({"kind": "stdout", "text": "still here"})])
    assert json.dumps(next(iter(entry.values()))) in bad.body
    assert good.body == "still here"


def test_a_parser_that_threw_leaves_an_error_row() -> None:
    (row,) = read([ParsedLine(log_seq=0, text="{}", entries=[], error="x is undefined")])
    assert (row.kind, row.body, row.is_error) == ("error", "x is undefined", True)


def test_requests_stderr_and_failures_are_rows_too() -> None:
    view = TranscriptView(TRANSCRIPT_FORMATS["pi"])
    rows = [
        *view.take_request(1, "5 tokens in 2 messages", "", at_ms=1.0),
        *view.take_stderr("careful", at_ms=2.0),
        *view.take_failure("failed: no_model_request", "nothing came", at_ms=3.0),
    ]
    assert [(row.row_no, row.kind, row.at_ms, row.request_index, row.is_error) for row in rows] == [
        (0, "request", 1.0, 1, False),
        (1, "stderr", 2.0, None, False),
        (2, "error", 3.0, None, True),
    ]


def test_a_run_with_errors_shows_them_in_its_result() -> None:
    (row,) = read([line({"kind": "result", "subtype": "provider_error", "isError": True, "errors": ["a", "b"]})])
    assert (row.title, row.body, row.is_error) == ("provider_error · 0 tokens in, 0 out", "a\nb", True)


texts = st.sampled_from(["a", "b", "ab", " ", ""])


def entry_strategy(*kinds: str, **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({"kind": st.sampled_from(kinds), **fields})


entries = st.one_of(
    entry_strategy("assistant", "thinking", text=texts, delta=st.booleans()),
    entry_strategy("tool_call", toolUseId=texts, name=texts, input=texts),
    entry_strategy("tool_result", toolUseId=texts, content=texts, delta=st.booleans()),
    entry_strategy("system", "diff", "new", text=texts),
)


@given(st.lists(st.lists(entries, max_size=3)), st.sampled_from(["generic", "pi", "opencode"]))
def test_rows_are_dense_and_a_closed_row_changes_only_as_a_tool_result(
    batches: list[list[dict[str, Any]]], form: str
) -> None:
    view = TranscriptView(TRANSCRIPT_FORMATS[form])
    latest: dict[int, ViewRow] = {}
    for number, batch in enumerate(batches):
        for row in view.take_line(line(*batch), at_ms=float(number), first_entry_seq=0):
            known = latest.get(row.row_no)
            assert known is not None or row.row_no == len(latest)
            assert known is None or known.kind == row.kind
            assert known is None or not known.closed or row.kind == "tool_result"
            latest[row.row_no] = row
        assert len([row for row in latest.values() if not row.closed]) <= 1
    latest.update({row.row_no: row for row in view.finish()})
    assert all(row.closed for row in latest.values())
    assert view.row_count == len(latest)
