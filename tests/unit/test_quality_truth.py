"""What really happened, as the stored replies and requests tell it."""

from __future__ import annotations

from dataclasses import replace

from console.engine.quality.truth import read_truth
from store.records import ModelReplyRecord
from tests.unit.quality_samples import HELLO, PROMPT, Call, Turn, faithful, measured, replies, request, requests, row


def kinds_and_texts(turns: tuple[Turn, ...]) -> list[tuple[str, str]]:
    return [(item.kind, item.text) for item in read_truth(replies(turns), requests(turns)).items]


def test_an_answer_comes_before_its_calls_and_a_result_after_its_call() -> None:
    calls = (Call("call_1", {"command": "a"}, "one"), Call("call_2", {"command": "b"}, "two"))
    assert kinds_and_texts((Turn("Look.", "Hm.", calls), Turn("Done."))) == [
        ("thinking", "Hm."),
        ("text", "Look."),
        ("tool_call", '{"command": "a"}'),
        ("tool_result", "one"),
        ("tool_call", '{"command": "b"}'),
        ("tool_result", "two"),
        ("text", "Done."),
    ]


def test_what_the_agent_was_given_is_known_and_what_was_asked_beside_it_is_not() -> None:
    title = request(9, auxiliary=True, body='{"messages": [{"role": "user", "content": "Give it a title"}]}')
    told = read_truth(replies(HELLO), [title, *requests(HELLO)])
    assert told.given == (PROMPT,)


def test_a_turn_that_was_asked_for_again_may_be_shown_as_often_as_it_was_sent() -> None:
    first, last = replies(HELLO)
    asked = requests(HELLO)
    again = replace(asked[0], ordinal=1)
    later = replace(asked[1], ordinal=2)
    told = read_truth([first, replace(first, ordinal=1), replace(last, ordinal=2)], [asked[0], again, later])
    assert [(item.kind, item.times_sent) for item in told.items if item.kind == "text"] == [("text", 2), ("text", 1)]
    rows = faithful()
    twice = [*rows[:3], row("request"), *rows[1:]]
    assert [len(measured(shown, told=told).findings) for shown in (rows, twice)] == [0, 0]
    assert measured([*twice, rows[2]], told=told).duplicates == 1


def test_every_sentence_beyond_the_script_is_one_of_its_own() -> None:
    asked = [replace(item, turn_index=None) for item in requests((Turn("a", calls=HELLO[0].calls), Turn("b")))]
    beyond = [
        ModelReplyRecord(
            run_id="r1", ordinal=n, branch="off-script", text="(no more)", thinking="", tool_calls_json="[]"
        )
        for n in range(2)
    ]
    assert [item.times_sent for item in read_truth(beyond, asked).items] == [1, 1]


def test_a_body_that_is_no_conversation_has_no_results() -> None:
    told = read_truth(replies(HELLO), [replace(item, body="\x00{not json") for item in requests(HELLO)])
    assert [item.kind for item in told.items] == ["thinking", "text", "tool_call", "text"]
    assert told.given == ()
