"""What the scripted model says, already in the words of one agent's tools."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict

OFF_SCRIPT_TEXT = "(the script has no further turn)"
"""What the endpoint says when the script is at its end; `adapters/node/endpoint/fixtures.mjs` has it too."""


class _ScriptPart(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ScriptedToolCall(_ScriptPart):
    """One tool call; `arguments` is the JSON text that the agent receives."""

    id: str
    """`call_b<beat>_t<turn>_c<call>`, all from 1: unique within a session, and it names the turn to the endpoint."""
    name: str
    arguments: str


class ScriptedReply(_ScriptPart):
    """What the model says in one response; a reply without tool calls ends the agent's run."""

    text: str = ""
    thinking: str = ""
    tool_calls: tuple[ScriptedToolCall, ...] = ()
    first_token_ms: float = 0.0
    tokens_per_second: float = 0.0
    """Streaming pace at 4 characters a token; 0 streams without pauses."""


class ScriptedTurn(ScriptedReply):
    """One turn of a beat. With `if_seen`, it is said only if the request holds all these texts, else `otherwise`."""

    if_seen: tuple[str, ...] = ()
    otherwise: ScriptedReply | None = None
    fault: dict[str, Any] | None = None
    """Reserved: what goes wrong while this turn is answered."""


def scripted_turns_sha256(turns: Sequence[ScriptedTurn]) -> str:
    """What the model will say, as one hash: equal hashes in two lanes mean identical model bytes."""
    plain = [turn.model_dump(mode="json") for turn in turns]
    canonical = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
