"""The APIs that agents speak: chat completions, Anthropic's Messages, OpenAI's Responses, Gemini's contents."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from console.engine.resume.content import an_object, as_json, as_text, objects, text_of_content, wire_bytes
from console.engine.resume.messages import Message, OfferedTool, Role, ToolCall

_ROLES: Final[Mapping[str, Role]] = {
    "system": "system",
    "developer": "system",
    "user": "user",
    "assistant": "assistant",
    "model": "assistant",
    "tool": "tool",
    "function": "tool",
}
_PARTS_BESIDE_THE_TEXT: Final = frozenset({"tool_use", "tool_result", "thinking", "redacted_thinking"})


def offered_tools(tools: Any) -> Iterator[OfferedTool]:
    """The tools on offer; Gemini's are grouped."""
    for tool in objects(tools):
        declared = tool.get("functionDeclarations")
        if isinstance(declared, list):
            yield from offered_tools(declared)
            continue
        name = an_object(tool.get("function")).get("name") or tool.get("name") or tool.get("type")
        yield OfferedTool(as_text(name), as_json(tool))


def _chat(fields: Mapping[str, Any]) -> Iterator[Message]:
    """Chat completions; and Anthropic's Messages, whose system prompt stands aside."""
    if fields.get("system") is not None:
        yield _system(fields["system"])
    for item in objects(fields["messages"]):
        yield from _chat_message(item)


def _chat_message(item: Mapping[str, Any]) -> Iterator[Message]:
    """One message, before it the tool results that Anthropic puts into a user's message."""
    content = item.get("content")
    parts = list(objects(content))
    results = [part for part in parts if part.get("type") == "tool_result"]
    for part in results:
        said, call_id = text_of_content(part.get("content")), as_text(part.get("tool_use_id"))
        yield Message("tool", said, tool_call_id=call_id, wire_bytes=wire_bytes(part))
    rest = [part for part in parts if part.get("type") not in _PARTS_BESIDE_THE_TEXT]
    if results and not rest:
        return
    yield Message(
        _role(item.get("role")),
        text_of_content(rest if parts else content),
        thinking=_thinking(item, parts),
        tool_calls=(*_chat_calls(item.get("tool_calls")), *_anthropic_calls(parts)),
        tool_call_id=as_text(item.get("tool_call_id")),
        wire_bytes=wire_bytes(item) - sum(wire_bytes(part) for part in results),
    )


def _thinking(item: Mapping[str, Any], parts: list[Mapping[str, Any]]) -> str:
    own = item.get("reasoning_content") or item.get("reasoning")
    thoughts = [as_text(part.get("thinking")) for part in parts if part.get("type") == "thinking"]
    return "\n".join(filter(None, [as_text(own), *thoughts]))


def _anthropic_calls(parts: list[Mapping[str, Any]]) -> Iterator[ToolCall]:
    for part in parts:
        if part.get("type") == "tool_use":
            yield ToolCall(as_text(part.get("id")), as_text(part.get("name")), as_json(part.get("input")))


def _chat_calls(calls: Any) -> Iterator[ToolCall]:
    for call in objects(calls):
        function = an_object(call.get("function"))
        yield ToolCall(as_text(call.get("id")), as_text(function.get("name")), as_json(function.get("arguments")))


def _responses(fields: Mapping[str, Any]) -> Iterator[Message]:
    """Responses: items of several types, of which calls and their results are messages of their own."""
    if fields.get("instructions"):
        yield _system(fields["instructions"])
    if isinstance(fields["input"], str):
        yield Message("user", fields["input"], wire_bytes=wire_bytes(fields["input"]))
        return
    for item in objects(fields["input"]):
        yield _responses_item(item)


def _responses_item(item: Mapping[str, Any]) -> Message:
    kind, size = as_text(item.get("type")), wire_bytes(item)
    call_id = as_text(item.get("call_id"))
    if kind.endswith("_call_output"):
        return Message("tool", text_of_content(item.get("output")), tool_call_id=call_id, wire_bytes=size)
    if kind.endswith("_call"):
        arguments = item.get("arguments", item.get("input", item.get("action")))
        call = ToolCall(call_id, as_text(item.get("name") or kind), as_json(arguments))
        return Message("assistant", "", tool_calls=(call,), wire_bytes=size)
    if kind == "reasoning":
        return Message("assistant", "", thinking=text_of_content(item.get("summary")), wire_bytes=size)
    content = item.get("content", item.get("text"))
    return Message(_role(item.get("role")), text_of_content(content), wire_bytes=size)


def _gemini(fields: Mapping[str, Any]) -> Iterator[Message]:
    """Gemini: calls and results are parts, and the assistant's role is `model`."""
    instruction = fields.get("systemInstruction", fields.get("system_instruction"))
    if instruction is not None:
        yield _system(an_object(instruction).get("parts", instruction))
    for item in objects(fields["contents"]):
        yield from _gemini_message(item)


def _gemini_message(item: Mapping[str, Any]) -> Iterator[Message]:
    parts = list(objects(item.get("parts")))
    results = [an_object(part["functionResponse"]) for part in parts if "functionResponse" in part]
    calls = [an_object(part["functionCall"]) for part in parts if "functionCall" in part]
    for result in results:
        said, name = as_json(result.get("response")), as_text(result.get("id") or result.get("name"))
        yield Message("tool", said, tool_call_id=name, wire_bytes=wire_bytes(result))
    text = text_of_content([part for part in parts if "text" in part])
    if text or calls or not results:
        made = tuple(ToolCall(as_text(c.get("id")), as_text(c.get("name")), as_json(c.get("args"))) for c in calls)
        yield Message(_role(item.get("role")), text, tool_calls=made, wire_bytes=wire_bytes(item))


def _system(content: Any) -> Message:
    return Message("system", text_of_content(content), wire_bytes=wire_bytes(content))


def _role(role: Any) -> Role:
    return _ROLES.get(role, "other") if isinstance(role, str) else "other"


DIALECTS: Final[Mapping[str, Callable[[Mapping[str, Any]], Iterator[Message]]]] = {
    "messages": _chat,
    "input": _responses,
    "contents": _gemini,
}
"""By the member of the body that holds the messages."""
