"""Requests as agents send them to a model, and their streamed answers put together again."""

from __future__ import annotations

import asyncio
import json
import urllib.request
from dataclasses import dataclass, field
from typing import Any

from adapters.model_endpoint import ModelEndpoint, ScriptedToolCall

Message = dict[str, Any]
CHAT_TOOLS: list[Message] = [{"type": "function", "function": {"name": "bash", "parameters": {"type": "object"}}}]
RESPONSES_TOOLS: list[Message] = [{"type": "function", "name": "bash", "parameters": {"type": "object"}}]


@dataclass(slots=True)
class Answer:
    """What a model said: text, thinking, calls as (id, name, arguments), and the usage it reported."""

    text: str = ""
    thinking: str = ""
    calls: list[tuple[str, str, str]] = field(default_factory=list[tuple[str, str, str]])
    usage: dict[str, int] = field(default_factory=dict[str, int])


def user(text: str) -> Message:
    return {"role": "user", "content": text}


def assistant_calls(*calls: ScriptedToolCall) -> Message:
    functions = [
        {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": call.arguments}}
        for call in calls
    ]
    return {"role": "assistant", "content": None, "tool_calls": functions}


def tool_result(call: ScriptedToolCall, output: str) -> Message:
    return {"role": "tool", "tool_call_id": call.id, "content": output}


def function_call(call: ScriptedToolCall) -> Message:
    return {"type": "function_call", "call_id": call.id, "name": call.name, "arguments": call.arguments}


def function_output(call: ScriptedToolCall, output: str) -> Message:
    return {"type": "function_call_output", "call_id": call.id, "output": output}


def chat_body(messages: list[Message], tools: list[Message] | None = None) -> str:
    body = {"model": "m1", "messages": messages, "stream": True, "stream_options": {"include_usage": True}}
    return json.dumps(body | {"tools": CHAT_TOOLS if tools is None else tools}, ensure_ascii=False)


async def post(endpoint: ModelEndpoint, path: str, body: str) -> str:
    """The raw response text; a blocking client in a thread, since an agent is another process too."""

    def send() -> str:
        headers = {"content-type": "application/json", "authorization": "Bearer scripted"}
        request = urllib.request.Request(endpoint.base_url + path, body.encode(), headers)
        with urllib.request.urlopen(request, timeout=30) as response:
            return response.read().decode()

    return await asyncio.to_thread(send)


async def ask_chat(endpoint: ModelEndpoint, messages: list[Message], tools: list[Message] | None = None) -> Answer:
    """A streamed chat completion."""
    raw = await post(endpoint, "/v1/chat/completions", chat_body(messages, tools))
    answer = Answer()
    for event in _events(raw):
        answer.usage = event.get("usage") or answer.usage
        for choice in event["choices"]:
            _add_delta(answer, choice["delta"])
    return answer


def _add_delta(answer: Answer, delta: Message) -> None:
    answer.text += delta.get("content") or ""
    answer.thinking += delta.get("reasoning_content") or ""
    for part in delta.get("tool_calls", []):
        if "id" in part:
            answer.calls.append((part["id"], part["function"]["name"], ""))
        index: int = part["index"]
        call_id, name, arguments = answer.calls[index]
        answer.calls[index] = (call_id, name, arguments + part["function"].get("arguments", ""))


async def ask_responses(endpoint: ModelEndpoint, items: list[Message]) -> Answer:
    """A streamed response of the Responses API."""
    body = {"model": "m1", "input": items, "stream": True, "tools": RESPONSES_TOOLS}
    raw = await post(endpoint, "/v1/responses", json.dumps(body))
    (completed,) = [event["response"] for event in _events(raw) if event["type"] == "response.completed"]
    answer = Answer(usage=completed["usage"])
    for item in completed["output"]:
        answer.text += "".join(part["text"] for part in item.get("content", []))
        if item["type"] == "function_call":
            answer.calls.append((item["call_id"], item["name"], item["arguments"]))
    return answer


def _events(raw: str) -> list[Message]:
    return [json.loads(line[6:]) for line in raw.splitlines() if line.startswith("data: {")]
