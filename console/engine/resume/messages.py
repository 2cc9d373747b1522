"""Messages and tools of a conversation, whatever API they travelled by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Role = Literal["system", "user", "assistant", "tool", "other"]


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A call that the model made; `arguments` is JSON text, as the body has it."""

    id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class Message:
    """One message. A tool's result has the role `tool`, and the id of its call."""

    role: Role
    text: str
    thinking: str = ""
    tool_calls: tuple[ToolCall, ...] = ()
    tool_call_id: str = ""
    wire_bytes: int = 0
    """UTF-8 bytes of the JSON that it was read from."""

    @property
    def everything(self) -> str:
        """All that it tells the model, calls included."""
        calls = [f"{call.name} {call.arguments}" for call in self.tool_calls]
        return "\n".join(part for part in (self.thinking, self.text, *calls) if part)

    @property
    def likeness(self) -> tuple[object, ...]:
        """What makes two messages the same one: sizes and the form on the wire do not."""
        return (self.role, self.text, self.thinking, self.tool_calls, self.tool_call_id)

    @property
    def counted_texts(self) -> tuple[str, ...]:
        """What counts as tokens: no roles, and no ids."""
        return (self.text, self.thinking, *(call.name + call.arguments for call in self.tool_calls))

    @property
    def tokens(self) -> int:
        """Estimated."""
        return estimated_tokens(*self.counted_texts)


@dataclass(frozen=True, slots=True)
class OfferedTool:
    """A tool on offer, with its definition as JSON text."""

    name: str
    definition: str

    @property
    def tokens(self) -> int:
        """Estimated."""
        return estimated_tokens(self.definition)


def estimated_tokens(*texts: str) -> int:
    """Characters / 4, rounded up: equal texts give equal counts, whatever the model."""
    return -(-sum(map(len, texts)) // 4)
