"""Each measure of a transcript's quality, on transcripts that are wrong in one way."""

from __future__ import annotations

from dataclasses import replace

import pytest

from console.engine.quality.result import Place
from store.records import TranscriptRowRecord
from tests.unit.quality_samples import HELLO, PROMPT, Call, Turn, faithful, kinds, measured, row, truth
from tests.unit.store_samples import HOSTILE_TEXT

FINAL = HELLO[-1].text


def without(kind: str) -> list[TranscriptRowRecord]:
    return [record for record in faithful() if record.kind != kind]


def changed(kind: str, **fields: str) -> list[TranscriptRowRecord]:
    return [replace(record, **fields) if record.kind == kind else record for record in faithful()]  # pyright: ignore[reportArgumentType]  -- fields by name, for brevity


def test_a_faithful_transcript_has_nothing_wrong() -> None:
    quality = measured(faithful())
    assert (quality.item_count, quality.shown_count, quality.recall) == (5, 5, 1.0)
    assert (quality.complete_tool_results, quality.tool_result_count) == (1, 1)
    assert quality.findings == ()


# ---------------------------------------------------------------- recall


@pytest.mark.parametrize("kind", ["thinking", "tool_call", "tool_result"])
def test_what_is_not_shown_lowers_recall_and_is_named_with_the_row_before_it(kind: str) -> None:
    quality = measured(without(kind))
    assert (quality.shown_count, kinds(quality)) == (4, ["missing"])
    (missing,) = quality.findings
    assert missing.item is not None
    assert missing.item.kind == kind
    assert missing.place == {"thinking": None, "tool_call": Place(2, 2), "tool_result": Place(3, 3)}[kind]


def test_a_call_without_its_arguments_does_not_count_as_shown() -> None:
    quality = measured(changed("tool_call", title="{}", body=""))
    assert kinds(quality) == ["missing"]
    assert quality.findings[0].detail == "the row is there, but its arguments are not shown"


@pytest.mark.parametrize(
    "shown",
    [
        '{ "command" : "echo hi \\ud83d\\udc4b\\ud83c\\udffd", "timeout": 120 }',
        '{"command": "echo hi 👋🏽"}',
        "echo hi 👋🏽",
    ],
    ids=["escaped, with a default of the agent's", "as sent", "the one argument alone"],
)
def test_arguments_are_compared_as_what_they_mean(shown: str) -> None:
    assert measured(changed("tool_call", title="", body=shown)).findings == ()


def test_a_path_may_be_shown_as_an_absolute_one() -> None:
    turns = (Turn(calls=(Call("call_1", {"filePath": "inbox/a.txt"}, "apples", "read"),)), Turn("Read."))
    rows = [
        replace(record, body=record.body.replace("inbox/", "/vm/workspace/inbox/"), title="")
        if record.kind == "tool_call"
        else record
        for record in faithful(turns)
    ]
    assert measured(rows, turns).findings == ()


def test_a_call_is_known_by_its_arguments_where_the_agent_has_given_it_another_id() -> None:
    rows = [replace(record, tool_use_id="toolu_7") if record.tool_use_id else record for record in faithful()]
    assert measured(rows).findings == ()


def test_a_call_that_was_never_answered_has_no_result_to_show() -> None:
    turns = (Turn(calls=(Call("call_1", {"command": "sleep 600"}, None),)),)
    quality = measured(faithful(turns), turns)
    assert (quality.item_count, quality.recall, quality.tool_results_complete) == (1, 1.0, None)


def test_merged_texts_are_each_known() -> None:
    """agent-os streams the texts of a turn with nothing between them."""
    turns = (Turn("One?", calls=(Call("call_1", {"command": "ls"}, "a"),)), Turn("Two."))
    merged = [record for record in faithful(turns) if record.kind != "assistant"]
    quality = measured([row("assistant", "One?Two."), *merged], turns)
    assert (quality.recall, quality.duplicates, kinds(quality)) == (1.0, 0, ["out_of_order"])


def test_a_text_that_other_rows_part_is_shown_but_split() -> None:
    start = [record for record in faithful() if record.body != FINAL]
    parts = [row("assistant", FINAL[:9]), row("request"), row("assistant", FINAL[9:])]
    quality = measured([*start, *parts])
    assert (quality.recall, quality.lost_characters, quality.split_texts) == (1.0, 0, 1)
    assert kinds(quality) == ["split"]


# ---------------------------------------------------------------- duplicates


def test_a_text_that_is_shown_five_times_is_four_duplicates() -> None:
    quality = measured([*faithful(), *[row("assistant", FINAL)] * 4])
    assert (quality.recall, quality.duplicates, quality.order_errors) == (1.0, 4, 0)
    assert [finding.place for finding in quality.findings] == [Place(number, number) for number in range(7, 11)]


def test_a_text_within_a_longer_one_is_not_that_text_again() -> None:
    turns = (Turn("Done", calls=(Call("call_1", {"command": "ls"}, "a"),)), Turn("Done with both: all is well."))
    assert measured(faithful(turns), turns).findings == ()


def test_the_same_words_said_twice_by_the_model_are_no_duplicate() -> None:
    turns = (Turn("Again.", calls=(Call("call_1", {"command": "ls"}, "a"),)), Turn("Again."))
    assert measured(faithful(turns), turns).findings == ()
    quality = measured([*faithful(turns), row("assistant", "Again.")], turns)
    assert (quality.duplicates, quality.order_errors) == (1, 0)


def test_a_tools_result_as_the_agents_words_is_that_result_again() -> None:
    quality = measured([*faithful(), row("assistant", "hi 👋🏽\n")])
    assert (kinds(quality), quality.findings[0].detail) == (["duplicate"], "a tool's result as the agent's words")


def test_an_output_that_a_result_has_twice_is_shown_again() -> None:
    quality = measured(changed("tool_result", body="status: completed\noutput: hi 👋🏽\n\nexit: 0\n\nhi 👋🏽"))
    assert (kinds(quality), quality.findings[0].detail) == (["duplicate"], "the same output again within one result")
    assert (quality.lost_characters, quality.complete_tool_results) == (0, 1)


def test_a_short_output_may_stand_in_the_metadata_by_chance() -> None:
    turns = (Turn(calls=(Call("call_1", {"command": "wc"}, "0"),)), Turn("Counted."))
    rows = [
        replace(record, body="exit: 0\n\n0") if record.kind == "tool_result" else record for record in faithful(turns)
    ]
    assert measured(rows, turns).findings == ()


def test_a_text_in_the_runs_result_is_shown_again() -> None:
    quality = measured([*faithful(), row("result", FINAL, title="1 / 1 / $0")])
    assert [finding.detail for finding in quality.findings] == ["shown again as result"]


def test_a_text_again_in_other_characters_is_a_duplicate_too() -> None:
    broken = FINAL.replace("there", "th\ufffdre")
    quality = measured([*faithful(), row("assistant", broken)])
    assert (quality.duplicates, quality.lost_characters, quality.replacement_characters) == (1, 0, 1)


# ---------------------------------------------------------------- order


def test_a_final_text_before_its_tool_call_is_out_of_order() -> None:
    rows = faithful()
    quality = measured([*rows[:3], rows[-1], *rows[3:-1]])
    assert (quality.order_errors, quality.duplicates, quality.recall) == (1, 0, 1.0)
    (finding,) = quality.findings
    assert (finding.text, finding.detail) == (FINAL, "shown before the tool call of bash of answer 1")


def test_calls_of_one_answer_may_end_in_any_order_but_not_before_they_began() -> None:
    calls = (Call("call_1", {"command": "sleep 2"}, "late"), Call("call_2", {"command": "true"}, "soon"))
    turns = (Turn(calls=calls), Turn("Both."))
    request, call_1, late, call_2, soon, *rest = faithful(turns)
    assert measured([request, call_1, call_2, soon, late, *rest], turns).order_errors == 0
    assert measured([request, call_2, call_1, late, soon, *rest], turns).order_errors == 1
    assert measured([request, late, call_1, call_2, soon, *rest], turns).order_errors == 1


# ---------------------------------------------------------------- echoes and lines as they came


def test_the_prompt_as_the_agents_words_is_an_echo_and_nothing_else() -> None:
    """Even where the prompt holds the words that the model is to say."""
    told = truth(HELLO, prompt=f"{PROMPT} Then say: {FINAL}")
    quality = measured([row("assistant", f"{PROMPT} Then say: {FINAL}"), *faithful()], told=told)
    assert (kinds(quality), quality.prompt_echoes, quality.duplicates) == (["prompt_echo"], 1, 0)
    assert quality.findings[0].place == Place(0, 0)


def test_what_was_said_in_an_earlier_beat_is_an_echo_too() -> None:
    told = truth(HELLO, given=["You are an agent.", "The word of the first beat is marmalade."])
    quality = measured([row("assistant", "The word of the first beat is marmalade."), *faithful()], told=told)
    assert kinds(quality) == ["prompt_echo"]


def test_the_prompt_as_the_users_words_is_none() -> None:
    assert measured([row("user", PROMPT), *faithful()]).findings == ()


def test_a_line_of_raw_json_is_unparsed_and_plain_output_is_not() -> None:
    quality = measured([row("stdout", '{"type": "session"}'), row("stdout", "warming up {"), *faithful()])
    assert (kinds(quality), quality.unparsed_lines) == (["unparsed"], 1)


# ---------------------------------------------------------------- characters and tool results


def test_a_lost_emoji_is_counted_by_its_characters() -> None:
    turns = (Turn("Family 👩‍👩‍👧‍👦 is one sign of seven code points."),)
    rows = [row("assistant", "Family \ufffd\ufffd is one sign of seven code points.")]
    quality = measured(rows, turns)
    assert (quality.recall, quality.lost_characters, quality.replacement_characters) == (1.0, 7, 2)
    assert quality.findings[0].detail == "7 of 48 characters are not shown"


def test_a_cut_text_is_shown_with_what_is_lost() -> None:
    turns = (Turn("".join(f"Line {number} of the tide table. " for number in range(200))),)
    whole = turns[0].text.strip()
    quality = measured([row("assistant", whole[:100])], turns)
    assert (quality.recall, quality.lost_characters) == (1.0, len(whole) - 100)


def test_characters_lost_from_an_argument_are_counted() -> None:
    quality = measured(changed("tool_call", title="", body='{"command": "echo hi \ufffd"}'))
    assert (quality.recall, quality.lost_characters, quality.replacement_characters) == (1.0, 2, 1)


def test_a_cut_tool_result_is_not_complete() -> None:
    turns = (Turn(calls=(Call("call_1", {"command": "seq 9999"}, "\n".join(map(str, range(9999)))),)), Turn("Counted."))
    rows = [
        replace(record, body=record.body[:2_000] + "\n[truncated]") if record.kind == "tool_result" else record
        for record in faithful(turns)
    ]
    quality = measured(rows, turns)
    assert (quality.recall, quality.tool_results_complete, kinds(quality)) == (1.0, 0.0, ["cut_result"])
    assert quality.lost_characters > 40_000


def test_what_can_be_read_somewhere_is_not_lost() -> None:
    rows = faithful()
    rows.insert(-1, row("assistant", FINAL))
    cut = [replace(record, body="hi") if record.kind == "tool_result" else record for record in rows]
    whole_later = [*cut, row("tool_result", "hi 👋🏽\n", tool_use_id="call_1")]
    quality = measured(whole_later)
    assert (quality.lost_characters, quality.complete_tool_results, quality.duplicates) == (0, 1, 2)


def test_white_space_around_a_text_does_not_count() -> None:
    assert measured([replace(record, body=f"\r\n{record.body} ") for record in faithful()]).findings == ()


def test_hostile_text_is_measured_like_any_other() -> None:
    call = Call("call_1", {"command": HOSTILE_TEXT}, HOSTILE_TEXT)
    turns = (Turn(HOSTILE_TEXT, HOSTILE_TEXT[::-1], (call,)), Turn("[/] [@click=app.quit]"))
    assert measured(faithful(turns), turns).findings == ()
    quality = measured([*faithful(turns), row("assistant", HOSTILE_TEXT)], turns)
    assert (quality.recall, quality.duplicates) == (1.0, 1)
