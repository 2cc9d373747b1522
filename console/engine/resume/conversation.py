"""What one request told the model, read from its body, whichever API it speaks.

Bodies are foreign: whatever they hold, reading one gives a conversation, and a sentence for what could not be read.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from adapters.model_endpoint.journal import role_sequence_sha256
from console.engine.resume.bodies import DIALECTS, offered_tools
from console.engine.resume.messages import Message, OfferedTool, Role, estimated_tokens


@dataclass(frozen=True, slots=True)
class Conversation:
    """Messages in order, and the tools on offer. `problem` says what could not be read; the rest is what could."""

    messages: tuple[Message, ...] = ()
    tools: tuple[OfferedTool, ...] = ()
    problem: str | None = None

    @property
    def roles(self) -> tuple[Role, ...]:
        """Who speaks, in order."""
        return tuple(message.role for message in self.messages)

    @property
    def role_sequence_sha256(self) -> str:
        """The shape of the conversation without its words."""
        return role_sequence_sha256(self.roles)

    @property
    def tokens(self) -> int:
        """Messages and tools, estimated as the model endpoint does."""
        spoken = [text for message in self.messages for text in message.counted_texts]
        return estimated_tokens(*spoken, *(tool.definition for tool in self.tools))

    @property
    def last_user_index(self) -> int:
        """Where the newest turn begins; the number of messages when no user speaks."""
        users = [index for index, message in enumerate(self.messages) if message.role == "user"]
        return users[-1] if users else len(self.messages)


def read_conversation(body: str) -> Conversation:
    """The messages and tools of a request body; never raises for what it holds."""
    try:
        parsed: Any = json.loads(body)
    except (ValueError, RecursionError) as error:
        return Conversation(problem=f"the request's body is not JSON ({type(error).__name__}); look at it as it came")
    if not isinstance(parsed, dict):
        return Conversation(problem="the request's body is JSON, but no object; look at it as it came")
    fields = cast("dict[str, Any]", parsed)
    tools = tuple(offered_tools(fields.get("tools")))
    for name, read in DIALECTS.items():
        if name in fields:
            return Conversation(tuple(read(fields)), tools, _problem(fields, name))
    named = ", ".join(f"`{name}`" for name in DIALECTS)
    problem = f"the request's body has none of {named}, so it is no conversation that is known here"
    return Conversation((), tools, problem)


def common_prefix(before: Sequence[Message], after: Sequence[Message]) -> int:
    """How many messages from the first on are the same in both."""
    count = 0
    for old, new in zip(before, after, strict=False):
        if old.likeness != new.likeness:
            break
        count += 1
    return count


def _problem(fields: Mapping[str, Any], name: str) -> str | None:
    if fields.get("previous_response_id"):
        return "the provider keeps the earlier messages (`previous_response_id`); they are not in the request"
    if not isinstance(fields[name], list) and not (name == "input" and isinstance(fields[name], str)):
        return f"`{name}` of the request's body is no list of messages; look at it as it came"
    return None
