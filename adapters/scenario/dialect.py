"""A neutral tool call in the words of one agent family; the families are data, in dialects.toml."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, JsonValue, TypeAdapter

from adapters.model_endpoint.script import ScriptedReply, ScriptedToolCall, ScriptedTurn
from adapters.scenario.model import Beat, Reply, Turn
from adapters.scenario.model import ToolCall as NeutralCall

DIALECTS_FILE = Path(__file__).with_name("dialects.toml")


class UnknownDialectError(Exception):
    """No dialect of this name."""


class _ToolForm(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    arguments: dict[str, JsonValue]


class Dialect(BaseModel):
    """The tools of one agent family. In `arguments`, `$key` stands for a neutral argument; all else is constant."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    shell: _ToolForm
    read: _ToolForm
    write: _ToolForm
    edit: _ToolForm

    def turns(self, beat: Beat, *, beat_number: int) -> list[ScriptedTurn]:
        """A beat's turns for the model endpoint. `beat_number` counts from 1 and makes the call ids unique."""
        return [self._turn(turn, f"call_b{beat_number}_t{number}") for number, turn in enumerate(beat.turns, start=1)]

    def _turn(self, turn: Turn, call_prefix: str) -> ScriptedTurn:
        otherwise = ScriptedReply(**self._reply(turn.otherwise, call_prefix)) if turn.otherwise else None
        return ScriptedTurn(**self._reply(turn, call_prefix), if_seen=turn.if_seen, otherwise=otherwise)

    def _reply(self, reply: Reply, call_prefix: str) -> dict[str, Any]:
        return {
            "text": reply.spoken_text,
            "thinking": reply.thinking or "",
            "tool_calls": tuple(
                self._call(call, f"{call_prefix}_c{number}") for number, call in enumerate(reply.tool_calls, start=1)
            ),
            "first_token_ms": reply.pace.first_token_ms,
            "tokens_per_second": reply.pace.tokens_per_second,
        }

    def _call(self, call: NeutralCall, call_id: str) -> ScriptedToolCall:
        form: _ToolForm = getattr(self, call.tool)
        arguments = _filled(form.arguments, call.arguments.model_dump())
        return ScriptedToolCall(id=call_id, name=form.name, arguments=json.dumps(arguments, ensure_ascii=False))


def _filled(template: JsonValue, values: Mapping[str, JsonValue]) -> JsonValue:
    if isinstance(template, str) and template.startswith("$"):
        return values[template[1:]]
    if isinstance(template, dict):
        return {key: _filled(value, values) for key, value in template.items()}
    if isinstance(template, list):
        return [_filled(value, values) for value in template]
    return template


@cache
def load_dialects() -> Mapping[str, Dialect]:
    """All dialects by name."""
    data = tomllib.loads(DIALECTS_FILE.read_text("utf-8"))
    return TypeAdapter(dict[str, Dialect]).validate_python(data)


def dialect(name: str) -> Dialect:
    """One dialect, by the agent family's name. Raises UnknownDialectError that lists the known ones."""
    dialects = load_dialects()
    if name not in dialects:
        raise UnknownDialectError(f"there is no tool dialect `{name}`; dialects.toml has: {', '.join(dialects)}")
    return dialects[name]
