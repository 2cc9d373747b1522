"""What a beat resumed is read from where the canaries stand in its first request, and from nothing else."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from console.engine.resume.evidence import Marker, Verdict, markers_json, markers_of
from console.engine.resume.verdict import judge
from tests.unit.resume_samples import (
    ASKED,
    CANARIES,
    ENDED,
    FIRST_BEAT,
    PROMPTS,
    REPLIES,
    SYSTEM,
    called,
    chat,
    earlier,
    real_body,
    said,
    second,
    seen,
)
from tests.unit.store_samples import HOSTILE_TEXT

RETOLD = "You are continuing a session. What happened:\n" + json.dumps(
    [{"user": PROMPTS[0]}, {"assistant": REPLIES[0]}, {"tool": "The second word is lighthouse-2906.\n"}]
)


def standings(verdict: Verdict) -> list[str]:
    return [marker.standing for marker in verdict.markers]


@pytest.mark.parametrize(
    ("runtime", "word", "counts"),
    [
        ("pi_local", "native", (6, 4, 0, 3)),
        ("opencode_local", "native", (6, 4, 4, 3)),
        ("responses", "native", (7, 5, 5, 4)),
        ("agentos_pi", "recap", (2, 4, 1, 0)),
    ],
)
def test_what_the_runtimes_really_sent(runtime: str, word: str, counts: tuple[int, int, int, int]) -> None:
    before, first = seen(real_body(f"{runtime}.beat1.last")), seen(real_body(f"{runtime}.beat2.first"))
    verdict = judge(earlier(before), second(first), CANARIES, None)
    assert verdict.word == word
    assert counts == (
        verdict.message_count,
        verdict.previous_message_count,
        verdict.common_prefix_messages,
        verdict.kept_messages,
    )
    assert verdict.added_bytes == first.body_bytes - before.body_bytes
    assert verdict.added_tokens == first.tokens - before.tokens


def test_earlier_messages_of_their_own_are_native() -> None:
    verdict = judge(earlier(), second(chat(*FIRST_BEAT, ENDED, ASKED)), CANARIES, None)
    assert (verdict.word, standings(verdict)) == ("native", ["message", "message"])
    assert (verdict.common_prefix_messages, verdict.kept_messages) == (4, 3)
    assert verdict.reason == (
        "2 of 2 canaries stand as earlier messages of their own: marmalade-7141 (prompt of beat 1) in user message 2, "
        "lighthouse-2906 (tool result of beat 1) in tool message 4"
    )


def test_a_system_prompt_that_differs_is_no_loss_and_is_not_hidden() -> None:
    verdict = judge(earlier(), second(chat(said("system", "Other."), *FIRST_BEAT[1:], ENDED, ASKED)), CANARIES, None)
    assert (verdict.word, verdict.common_prefix_messages, verdict.kept_messages) == ("native", 0, 3)


@pytest.mark.parametrize(
    "retelling",
    [
        [said("user", f"{RETOLD}\n{PROMPTS[1]}")],
        [said("user", RETOLD), ASKED],
        [said("system", RETOLD), ASKED],
        [said("user", json.dumps({"text": RETOLD})), ASKED],
    ],
    ids=["before the prompt", "as a message before it", "in the system prompt", "as JSON within JSON"],
)
def test_a_retelling_is_a_recap_wherever_it_stands(retelling: list[dict[str, object]]) -> None:
    verdict = judge(earlier(), second(chat(SYSTEM, *retelling)), CANARIES, None)
    assert (verdict.word, standings(verdict)) == ("recap", ["quoted", "quoted"])
    assert "2 of 2 canaries stand only as quoted text" in verdict.reason


def test_a_message_that_held_a_retelling_before_is_native_when_it_comes_again() -> None:
    retold = said("user", f"{RETOLD}\n{PROMPTS[1]}")
    before = chat(SYSTEM, retold)
    again = chat(SYSTEM, retold, said("assistant", "Done."), said("user", "And once more, please."))
    verdict = judge(
        earlier(before, beat=2, prompt=PROMPTS[1], replies=("Done.",)),
        second(again, beat=3, prompt="And once more, please."),
        CANARIES,
        None,
    )
    assert (verdict.word, standings(verdict)) == ("native", ["message", "message"])


def test_nothing_of_before_is_fresh_and_says_what_is_known_of_why() -> None:
    verdict = judge(earlier(), second(chat(SYSTEM, ASKED), why_fresh="there was no session"), CANARIES, None)
    assert (verdict.word, standings(verdict)) == ("fresh", ["absent", "absent"])
    assert verdict.reason.startswith("2 of 2 canaries did not reach the model: ")
    assert verdict.reason.endswith("; there was no session")
    assert verdict.added_tokens < 0


def test_no_request_is_failed_with_what_went_wrong() -> None:
    verdict = judge(earlier(), second(None, failure="the session could not be restored."), CANARIES, None)
    assert (verdict.word, verdict.message_count, verdict.role_sequence_sha256) == ("failed", 0, None)
    assert verdict.reason == (
        "no request of the conversation reached the model endpoint: the session could not be restored"
    )


def test_a_request_that_cannot_be_read_is_failed_and_says_so() -> None:
    verdict = judge(earlier(), second(seen("\x00not json")), CANARIES, None)
    assert verdict.word == "failed"
    assert "the first request holds no messages: the request's body is not JSON" in verdict.reason


def test_one_canary_of_two_is_no_native_resume_and_the_reason_counts() -> None:
    without_the_tool = chat(SYSTEM, said("user", PROMPTS[0]), said("assistant", REPLIES[1]), ASKED)
    verdict = judge(earlier(), second(without_the_tool), CANARIES, None)
    assert (verdict.word, standings(verdict)) == ("recap", ["message", "absent"])
    assert "1 of 2 canaries stands as an earlier message of its own" in verdict.reason
    assert "1 did not reach the model: lighthouse-2906" in verdict.reason
    assert "the history is shorter than before (2 messages, was 3) without a word of compaction" in verdict.reason


def test_a_quotation_of_one_canary_is_a_partial_recap() -> None:
    verdict = judge(
        earlier(), second(chat(SYSTEM, said("user", f"Recall marmalade-7141. {PROMPTS[1]}"))), CANARIES, None
    )
    assert (verdict.word, standings(verdict)) == ("recap", ["quoted", "absent"])
    assert "1 of 2 canaries stands only as quoted text" in verdict.reason


def test_a_history_that_the_agent_compacted_itself_is_native_and_says_by_whose_word() -> None:
    summary = said("user", "The conversation before was compacted: the user gave two words.")
    first = chat(SYSTEM, summary, said("assistant", REPLIES[1]), ASKED)
    word = "auto_compaction_end, 90000 tokens before"
    verdict = judge(earlier(), second(first), CANARIES, word)
    assert (verdict.word, verdict.compaction) == ("native", word)
    assert f"the agent compacted the history itself ({word})" in verdict.reason
    assert judge(earlier(), second(first), CANARIES, None).word == "fresh"


def test_a_word_of_compaction_excuses_no_empty_history() -> None:
    verdict = judge(earlier(), second(chat(SYSTEM, ASKED)), CANARIES, "auto_compaction_end")
    assert (verdict.word, verdict.compaction) == ("fresh", None)


def test_a_shorter_history_with_all_canaries_is_native_and_says_that_it_is_shorter() -> None:
    first = chat(SYSTEM, FIRST_BEAT[1], FIRST_BEAT[3], ASKED)
    verdict = judge(earlier(), second(first), CANARIES, None)
    assert verdict.word == "native"
    assert "shorter than before (2 messages, was 3) without a word of compaction" in verdict.reason


def test_what_the_model_itself_said_before_proves_nothing() -> None:
    """Its call holds both words, but what it was told is gone."""
    own_words = called("c2", "write", '{"content":"marmalade-7141 lighthouse-2906"}')
    before = chat(*FIRST_BEAT, ENDED, ASKED, own_words, said("tool", "Wrote it.", tool_call_id="c2"))
    first = chat(SYSTEM, own_words, said("tool", "Wrote it.", tool_call_id="c2"), said("user", "Again."))
    verdict = judge(earlier(before, beat=2, prompt=PROMPTS[1]), second(first, beat=3, prompt="Again."), CANARIES, None)
    assert (verdict.word, standings(verdict)) == ("recap", ["quoted", "quoted"])


def test_what_this_beats_tools_return_later_makes_no_native_resume() -> None:
    call, result = called("c9"), said("tool", f"{PROMPTS[0]} lighthouse-2906", tool_call_id="c9")
    later = chat(SYSTEM, ASKED, call, result)
    verdict = judge(earlier(), second(chat(SYSTEM, ASKED), later_requests=(later,)), CANARIES, None)
    assert (verdict.word, standings(verdict)) == ("recap", ["after a call", "absent"])
    assert "1 of 2 canaries came only by a tool call of this beat: marmalade-7141" in verdict.reason


def test_a_file_that_holds_the_tools_canary_is_no_memory() -> None:
    later = chat(SYSTEM, ASKED, called("c9"), said("tool", "The second word is lighthouse-2906.", tool_call_id="c9"))
    assert judge(earlier(), second(chat(SYSTEM, ASKED), later_requests=(later,)), CANARIES, None).word == "fresh"


def test_what_the_model_said_before_a_tool_repeated_it_did_not_come_by_the_tool() -> None:
    call = called("c9", "bash", '{"command":"echo marmalade-7141"}')
    later = chat(SYSTEM, ASKED, call, said("tool", "marmalade-7141", tool_call_id="c9"))
    assert judge(earlier(), second(chat(SYSTEM, ASKED), later_requests=(later,)), CANARIES, None).word == "fresh"


def test_the_beats_own_prompt_in_its_system_prompt_is_no_quotation() -> None:
    """pi_local appends the prompt to the system prompt; here the scenario asks the same in every beat."""
    system = said("system", f"You are an agent.\n{PROMPTS[0]}")
    before = chat(system, *FIRST_BEAT[1:])
    beat = second(chat(system, said("user", PROMPTS[0])), prompt=PROMPTS[0])
    same_words = judge(earlier(before), beat, (), None)
    assert (same_words.word, same_words.kept_messages, same_words.common_prefix_messages) == ("fresh", 0, 2)
    changed = second(chat(said("system", f"Newer.\n{PROMPTS[0]}"), said("user", PROMPTS[0])), prompt=PROMPTS[0])
    assert judge(earlier(before), changed, (), None).word == "fresh"


def test_without_canaries_the_prompt_and_the_replies_serve_and_the_reason_says_so() -> None:
    native = judge(earlier(), second(chat(*FIRST_BEAT, ENDED, ASKED)), (), None)
    assert (native.word, [marker.planted_in for marker in native.markers]) == ("native", ["prompt", "reply"])
    remark = "the scenario plants no canary before beat 2, so the prompt and the replies of beat 1 serve"
    assert native.reason.endswith(remark)
    assert judge(earlier(), second(chat(SYSTEM, said("user", RETOLD + PROMPTS[1]))), (), None).word == "recap"
    assert judge(earlier(), second(chat(SYSTEM, ASKED)), (), None).word == "fresh"


def test_canaries_that_the_beat_before_had_lost_are_not_asked_of_this_one() -> None:
    """After one fresh beat, the next can only continue what that one had."""
    before = chat(SYSTEM, ASKED)
    third = "Write them in the opposite order."
    first = chat(SYSTEM, ASKED, said("assistant", "I do not know them."), said("user", third))
    lost = earlier(before, beat=2, prompt=PROMPTS[1], replies=("I do not know them.",))
    verdict = judge(lost, second(first, beat=3, prompt=third), CANARIES, None)
    assert (verdict.word, [marker.is_canary for marker in verdict.markers]) == ("native", [False])
    assert "beat 2 had no canary any more, so the prompt and the replies of beat 2 serve" in verdict.reason


def test_a_later_beats_canary_is_not_asked_for() -> None:
    canaries = (*CANARIES, Marker("quince-5555", 2, "prompt"))
    verdict = judge(earlier(), second(chat(*FIRST_BEAT, ENDED, ASKED)), canaries, None)
    assert [marker.text for marker in verdict.markers] == ["marmalade-7141", "lighthouse-2906"]


def test_beats_without_a_request_between_are_named() -> None:
    verdict = judge(earlier(skipped=(2, 3)), second(chat(*FIRST_BEAT, ENDED, ASKED), beat=4), CANARIES, None)
    assert "beats 2, 3 between came to no request, so beat 1 is what could be resumed" in verdict.reason


def test_a_history_that_the_provider_keeps_is_said_to_be_there() -> None:
    body = json.dumps({"input": [{"role": "user", "content": PROMPTS[1]}], "previous_response_id": "r1"})
    verdict = judge(earlier(), second(seen(body)), CANARIES, None)
    assert verdict.word == "fresh"
    assert "the provider keeps the earlier messages" in verdict.reason


def test_markers_come_back_from_the_store() -> None:
    verdict = judge(earlier(), second(chat(*FIRST_BEAT, ENDED, ASKED)), CANARIES, None)
    assert markers_of(markers_json(verdict.markers)) == verdict.markers
    hostile = tuple(replace(marker, text=HOSTILE_TEXT) for marker in verdict.markers)
    assert markers_of(markers_json(hostile)) == hostile
    assert markers_of("[1]") == markers_of("{") == markers_of('[{"text": "a"}]') == ()
