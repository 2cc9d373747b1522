"""The experimental adapter's own UI parser, on lines as agent-os sends them."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from adapters.bridge import Bridge
from adapters.line_splitter import AssembledLine
from adapters.node_runtime import NodeRuntimeLayout

pytestmark = pytest.mark.real


def update(durability: str, kind: str, **fields: Any) -> str:
    return json.dumps({"type": "agentos.update", "durability": durability, "update": {"sessionUpdate": kind, **fields}})


def piece(text: str) -> str:
    return update("ephemeral", "agent_message_chunk", content={"type": "text", "text": text})


def whole(text: str) -> str:
    return update("durable", "agent_message_chunk", content={"type": "text", "text": text})


def tool(status: str, **fields: Any) -> str:
    kind = "tool_call" if status == "pending" else "tool_call_update"
    return update("durable", kind, toolCallId="c1", title="bash", status=status, rawInput={"command": "ls"}, **fields)


async def entries(node_runtime: NodeRuntimeLayout, folder: Path, *lines: str) -> list[tuple[str, str]]:
    """(kind, text) of what the parser makes of the lines."""
    bridge = await Bridge.start(
        node=node_runtime.node_executable,
        script=node_runtime.app_dir / "bridge.mjs",
        package=str(node_runtime.app_dir / "agentos_local"),
        environment={"PATH": os.defpath, "HOME": str(folder), "TMPDIR": str(folder)},
        working_directory=folder,
    )
    async with bridge:
        assembled = [AssembledLine(line, "2026-01-01T00:00:00.000Z", number) for number, line in enumerate(lines)]
        parsed = await bridge.parse("run", assembled)
    found = [entry for line in parsed for entry in line.entries]
    return [(entry["kind"], str(entry.get("text") or entry.get("content") or entry.get("name"))) for entry in found]


async def test_text_that_streamed_is_not_said_again_when_its_whole_comes_late(
    node_runtime: NodeRuntimeLayout, tmp_path: Path
) -> None:
    said = await entries(
        node_runtime,
        tmp_path,
        piece("I will "),
        piece("look."),
        piece("Done."),
        whole("I will look."),
        tool("pending"),
        tool("completed", content=[{"type": "content", "content": {"type": "text", "text": "a.txt"}}]),
        whole("Done."),
    )
    assert said == [
        ("assistant", "I will "),
        ("assistant", "look."),
        ("assistant", "Done."),
        ("tool_call", "bash"),
        ("tool_result", "a.txt"),
    ]


async def test_a_whole_that_never_streamed_is_shown(node_runtime: NodeRuntimeLayout, tmp_path: Path) -> None:
    assert await entries(node_runtime, tmp_path, piece("One."), whole("Another.")) == [
        ("assistant", "One."),
        ("assistant", "Another."),
    ]


@pytest.mark.parametrize(("told", "shown"), [("All done.", ""), ("Only here.", "Only here.")])
async def test_a_result_repeats_nothing_that_was_said(
    node_runtime: NodeRuntimeLayout, tmp_path: Path, told: str, shown: str
) -> None:
    result = json.dumps({"type": "agentos.result", "text": told, "stopReason": "end_turn"})
    said = await entries(node_runtime, tmp_path, piece("All "), piece("done."), whole("All done."), result)
    assert said[-1] == ("result", shown or "None")


async def test_a_tool_event_that_comes_twice_is_one_call_and_one_result(
    node_runtime: NodeRuntimeLayout, tmp_path: Path
) -> None:
    done = tool("completed", content=[{"type": "content", "content": {"type": "text", "text": "a.txt"}}])
    lines = [tool("pending"), tool("pending"), tool("in_progress"), tool("in_progress"), done, done]
    assert await entries(node_runtime, tmp_path, *lines) == [("tool_call", "bash"), ("tool_result", "a.txt")]


async def test_the_prompt_is_never_shown_as_the_agents(node_runtime: NodeRuntimeLayout, tmp_path: Path) -> None:
    prompt = update("durable", "user_message_chunk", content={"type": "text", "text": "Do it."})
    assert await entries(node_runtime, tmp_path, prompt) == []
