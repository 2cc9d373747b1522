"""Two requests part by part: what was kept, changed, added and left out."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.engine.resume.messages import Message, OfferedTool
from console.engine.resume.request_diff import DiffItem, RequestDiff, diff_requests
from store.records import ModelRequestRecord
from tests.unit.resume_samples import ASKED, ENDED, FIRST_BEAT, SYSTEM, real_body, said
from tests.unit.store_samples import sample


def record(body: str) -> ModelRequestRecord:
    return sample(ModelRequestRecord, body=body, body_bytes=len(body.encode("utf-8", "surrogatepass")))


def chat(*messages: dict[str, Any], tools: tuple[str, ...] = ()) -> ModelRequestRecord:
    offered = [{"type": "function", "function": {"name": name, "description": name * 8}} for name in tools]
    return record(json.dumps({"messages": list(messages), "tools": offered}))


def states(diff: RequestDiff) -> dict[str, list[str]]:
    return {part.name: [f"{item.state} {_who(item)}" for item in part.items] for part in diff.parts}


def _who(item: DiffItem) -> str:
    shown = item.after or item.before
    return shown.role if isinstance(shown, Message) else shown.name if isinstance(shown, OfferedTool) else ""


def test_a_native_resume_keeps_its_history_and_adds_a_turn() -> None:
    diff = diff_requests(chat(*FIRST_BEAT), chat(*FIRST_BEAT, ENDED, ASKED))
    assert states(diff) == {
        "system": ["kept system"],
        "tools": [],
        "history": ["kept user", "kept assistant", "kept tool", "added assistant"],
        "new": ["added user"],
    }
    assert (diff.common_prefix_messages, diff.before_message_count, diff.after_message_count) == (4, 4, 6)
    assert diff.problems == ()


def test_a_recap_removes_the_history_and_brings_it_in_the_new_turn() -> None:
    diff = diff_requests(record(real_body("agentos_pi.beat1.last")), record(real_body("agentos_pi.beat2.first")))
    assert states(diff) == {
        "system": ["kept system"],
        "tools": ["kept read"],
        "history": ["removed user", "removed assistant", "removed tool"],
        "new": ["added user"],
    }
    history, new = diff.parts[2:]
    assert (history.after_tokens, history.after_bytes) == (0, 0)
    assert new.after_tokens > history.before_tokens > 0


def test_a_system_prompt_with_another_text_has_changed() -> None:
    diff = diff_requests(record(real_body("pi_local.beat1.last")), record(real_body("pi_local.beat2.first")))
    assert states(diff)["system"] == ["changed system"]
    (item,) = diff.parts[0].items
    assert isinstance(item.before, Message)
    assert isinstance(item.after, Message)
    assert "marmalade-7141" in item.before.text
    assert "marmalade-7141" not in item.after.text
    assert diff.common_prefix_messages == 0
    assert states(diff)["history"] == ["kept user", "kept assistant", "kept tool", "added assistant"]


def test_tools_are_compared_by_name() -> None:
    before = record(
        json.dumps({"messages": [], "tools": [{"name": "read", "x": 1}, {"name": "bash"}, {"name": "old"}]})
    )
    after = record(json.dumps({"messages": [], "tools": [{"name": "bash"}, {"name": "read", "x": 2}, {"name": "new"}]}))
    assert states(diff_requests(before, after))["tools"] == ["kept bash", "changed read", "added new", "removed old"]


def test_a_later_request_of_the_beat_has_the_beats_own_turn_as_new() -> None:
    working = [said("assistant", "I work."), said("tool", "done", tool_call_id="x")]
    diff = diff_requests(chat(*FIRST_BEAT), chat(*FIRST_BEAT, ENDED, ASKED, *working))
    assert states(diff)["new"] == ["added user", "added assistant", "added tool"]


def test_a_message_whose_speaker_stays_has_changed_and_another_speaker_is_another_message() -> None:
    diff = diff_requests(
        chat(said("user", "a"), said("assistant", "b"), said("user", "c")),
        chat(said("user", "A"), said("tool", "b"), said("user", "z")),
    )
    assert states(diff)["history"] == ["changed user", "removed assistant", "added tool", "removed user"]


def test_two_lanes_of_one_beat_have_a_newest_turn_each() -> None:
    diff = diff_requests(chat(*FIRST_BEAT, ENDED, ASKED), chat(SYSTEM, said("user", "retold")), same_turn=True)
    assert states(diff)["new"] == ["changed user"]
    assert states(diff)["history"] == ["removed user", "removed assistant", "removed tool", "removed assistant"]


def test_what_cannot_be_read_is_said_once() -> None:
    diff = diff_requests(record("no"), record("no"))
    assert diff.problems == ("the request's body is not JSON (JSONDecodeError); look at it as it came",)
    assert all(part.items == () for part in diff.parts)


@pytest.mark.parametrize("name", ["pi_local", "opencode_local", "responses", "agentos_pi"])
def test_a_request_differs_in_nothing_from_itself(name: str) -> None:
    body = record(real_body(f"{name}.beat2.first"))
    diff = diff_requests(body, body, same_turn=True)
    assert {item.state for part in diff.parts for item in part.items} == {"kept"}
    assert all((part.before_tokens, part.before_bytes) == (part.after_tokens, part.after_bytes) for part in diff.parts)


MESSAGES = st.lists(
    st.fixed_dictionaries(
        {"role": st.sampled_from(["system", "user", "assistant", "tool"]), "content": st.text(max_size=3)}
    ),
    max_size=8,
)


@given(MESSAGES, MESSAGES, st.booleans())
def test_every_message_of_both_is_told_of_just_once(old: list[Any], new: list[Any], same_turn: bool) -> None:
    diff = diff_requests(chat(*old), chat(*new), same_turn=same_turn)
    told = [item for part in diff.parts for item in part.items]
    assert sum(item.before is not None for item in told) == diff.before_message_count == len(old)
    assert sum(item.after is not None for item in told) == diff.after_message_count == len(new)
    assert all((item.before is None) == (item.state == "added") for item in told)
    assert all((item.after is None) == (item.state == "removed") for item in told)
