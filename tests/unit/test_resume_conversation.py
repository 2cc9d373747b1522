"""A request body as messages, whichever API it speaks; and whatever it holds, reading it does not fail."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from console.engine.resume.conversation import common_prefix, read_conversation
from console.engine.resume.messages import Message, OfferedTool, ToolCall
from tests.unit.resume_samples import BODIES, REPLIES, real_body
from tests.unit.store_samples import HOSTILE_TEXT


def read(**body: Any) -> tuple[Message, ...]:
    conversation = read_conversation(json.dumps(body))
    assert conversation.problem is None
    return conversation.messages


def plain(messages: tuple[Message, ...]) -> list[tuple[object, ...]]:
    return [message.likeness for message in messages]


@pytest.mark.parametrize("path", sorted(BODIES.glob("*.json")), ids=lambda path: str(path.stem))
def test_real_bodies_hold_what_was_said(path: Path) -> None:
    conversation = read_conversation(path.read_text("utf-8"))
    assert conversation.problem is None
    assert conversation.roles[:2] == ("system", "user")
    assert "other" not in conversation.roles
    assert all(message.wire_bytes > 0 and message.tokens > 0 for message in conversation.messages)
    assert [tool.name for tool in conversation.tools] in (["read"], ["bash"], ["invalid"])


def test_chat_completions() -> None:
    messages = read_conversation(real_body("pi_local.beat2.first")).messages
    assert [message.role for message in messages] == ["system", "user", "assistant", "tool", "assistant", "user"]
    assert messages[2].tool_calls == (ToolCall("call_b1_t1_c1", "read", '{"path":"briefing.txt"}'),)
    assert (messages[3].text, messages[3].tool_call_id) == ("The second word is lighthouse-2906.\n", "call_b1_t1_c1")


def test_the_responses_api() -> None:
    messages = read_conversation(real_body("responses.beat2.first")).messages
    roles = ["system", "user", "assistant", "assistant", "tool", "assistant", "user"]
    assert [message.role for message in messages] == roles
    assert messages[2].text == REPLIES[0]
    assert messages[3].tool_calls == (ToolCall("call_b1_t1_c1", "read", '{"filePath":"briefing.txt"}'),)
    assert "lighthouse-2906" in messages[4].text
    assert messages[4].tool_call_id == "call_b1_t1_c1"


def test_a_plain_text_of_the_responses_api_with_its_instructions() -> None:
    assert plain(read(instructions="Be brief.", input="Hello")) == plain(
        (Message("system", "Be brief."), Message("user", "Hello"))
    )


def test_reasoning_and_other_calls_of_the_responses_api() -> None:
    reasoning = {"type": "reasoning", "summary": [{"type": "summary_text", "text": "hm"}]}
    call = {"type": "local_shell_call", "call_id": "c1", "action": {"command": ["ls"]}}
    output = {"type": "local_shell_call_output", "call_id": "c1", "output": [{"type": "input_text", "text": "a"}]}
    assert plain(read(input=[reasoning, call, output])) == plain(
        (
            Message("assistant", "", thinking="hm"),
            Message("assistant", "", tool_calls=(ToolCall("c1", "local_shell_call", '{"command":["ls"]}'),)),
            Message("tool", "a", tool_call_id="c1"),
        )
    )


def test_anthropics_messages_with_results_in_a_users_message() -> None:
    thought = {"type": "thinking", "thinking": "hm"}
    use = {"type": "tool_use", "id": "t1", "name": "read", "input": {"path": "a"}}
    result = {"type": "tool_result", "tool_use_id": "t1", "content": [{"type": "text", "text": "found"}]}
    messages = read(
        system=[{"type": "text", "text": "Be brief."}],
        messages=[
            {"role": "user", "content": "Look."},
            {"role": "assistant", "content": [thought, {"type": "text", "text": "I look."}, use]},
            {"role": "user", "content": [result, {"type": "text", "text": "And now?"}]},
            {"role": "user", "content": [result]},
        ],
    )  # fmt: skip
    assert plain(messages) == plain(
        (
            Message("system", "Be brief."),
            Message("user", "Look."),
            Message("assistant", "I look.", thinking="hm", tool_calls=(ToolCall("t1", "read", '{"path":"a"}'),)),
            Message("tool", "found", tool_call_id="t1"),
            Message("user", "And now?"),
            Message("tool", "found", tool_call_id="t1"),
        )
    )


def test_geminis_contents() -> None:
    conversation = read_conversation(
        json.dumps(
            {
                "systemInstruction": {"parts": [{"text": "Be brief."}]},
                "contents": [
                    {"role": "user", "parts": [{"text": "Look."}]},
                    {"role": "model", "parts": [{"functionCall": {"name": "read", "args": {"path": "a"}}}]},
                    {"role": "user", "parts": [{"functionResponse": {"name": "read", "response": {"text": "b"}}}]},
                ],
                "tools": [{"functionDeclarations": [{"name": "read"}]}],
            }
        )
    )
    assert plain(conversation.messages) == plain(
        (
            Message("system", "Be brief."),
            Message("user", "Look."),
            Message("assistant", "", tool_calls=(ToolCall("", "read", '{"path":"a"}'),)),
            Message("tool", '{"text":"b"}', tool_call_id="read"),
        )
    )
    assert conversation.tools == (OfferedTool("read", '{"name":"read"}'),)


def test_a_developers_message_is_a_system_prompt_and_an_unknown_speaker_is_kept() -> None:
    messages = read(
        messages=[{"role": "developer", "content": "a"}, {"role": "narrator", "content": "b"}, {"content": "c"}]
    )
    assert [(message.role, message.text) for message in messages] == [("system", "a"), ("other", "b"), ("other", "c")]


def test_a_part_that_is_no_text_is_shown_as_json() -> None:
    image = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}
    (message,) = read(messages=[{"role": "user", "content": [{"type": "text", "text": "See:"}, image]}])
    assert message.text == 'See:\n{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}'


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ("", "the request's body is not JSON (JSONDecodeError); look at it as it came"),
        ("[" * 100_000, "the request's body is not JSON (RecursionError); look at it as it came"),
        ("[1]", "the request's body is JSON, but no object; look at it as it came"),
        ('{"model": "m"}', "the request's body has none of `messages`, `input`, `contents`, so it is no conversation"),
        ('{"messages": {}}', "`messages` of the request's body is no list of messages; look at it as it came"),
        ('{"input": 5}', "`input` of the request's body is no list of messages; look at it as it came"),
        ('{"input": [], "previous_response_id": "r"}', "the provider keeps the earlier messages"),
    ],
)
def test_what_cannot_be_read_is_said_in_a_sentence(body: str, complaint: str) -> None:
    assert (read_conversation(body).problem or "").startswith(complaint)


def test_a_deeply_nested_content_is_read_as_far_as_it_goes() -> None:
    content: Any = HOSTILE_TEXT
    for _ in range(200):
        content = [{"content": content}]
    (message,) = read(messages=[{"role": "user", "content": content}])
    assert message.role == "user"


def test_lone_surrogates_are_no_obstacle() -> None:
    (message,) = read(messages=[{"role": "user", "content": HOSTILE_TEXT}])
    assert (message.text, message.wire_bytes > 0) == (HOSTILE_TEXT, True)


KEYS = st.sampled_from(
    ["role", "content", "type", "text", "tool_calls", "function", "name", "arguments", "id", "call_id", "output",
     "parts", "functionCall", "functionResponse", "summary", "tool_use_id", "input", "tools", "functionDeclarations"]
)  # fmt: skip
TYPES = st.sampled_from(
    ["text", "tool_use", "tool_result", "thinking", "function_call", "function_call_output", "reasoning"]
)
JSON: st.SearchStrategy[JsonValue] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS | st.text(max_size=4), inner, max_size=5),
    max_leaves=20,
)


@st.composite
def items(draw: st.DrawFn) -> dict[str, JsonValue]:
    """Something like a message or an item."""
    item = draw(st.dictionaries(KEYS, JSON, max_size=6))
    return {**item, "type": draw(TYPES)} if draw(st.booleans()) else item


LISTS = st.lists(items() | JSON, max_size=5)
BODY = st.fixed_dictionaries({}, optional=dict.fromkeys(("messages", "input", "contents", "tools"), LISTS))


@st.composite
def spoken(draw: st.DrawFn) -> dict[str, str]:
    return {"role": draw(st.sampled_from(["system", "user", "assistant"])), "content": draw(st.text())}


@given(BODY | JSON)
def test_any_json_is_read(body: object) -> None:
    conversation = read_conversation(json.dumps(body))
    assert conversation.tokens >= 0
    assert len(conversation.role_sequence_sha256) == 64
    assert common_prefix(conversation.messages, conversation.messages) == len(conversation.messages)
    assert all(isinstance(message.everything, str) for message in conversation.messages)


@given(st.text() | st.binary().map(lambda data: data.decode("utf-8", "surrogateescape")))
def test_any_text_is_read(body: str) -> None:
    conversation = read_conversation(body)
    assert conversation.problem is not None or conversation.messages == ()


@given(st.lists(spoken(), max_size=6), st.lists(spoken(), max_size=6))
def test_what_is_appended_leaves_the_common_prefix_whole(
    start: list[dict[str, str]], more: list[dict[str, str]]
) -> None:
    before = read_conversation(json.dumps({"messages": start})).messages
    after = read_conversation(json.dumps({"messages": [*start, *more]})).messages
    assert [(message.role, message.text) for message in after] == [
        (item["role"], item["content"]) for item in [*start, *more]
    ]
    assert common_prefix(before, after) == len(start)
