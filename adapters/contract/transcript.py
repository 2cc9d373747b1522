"""One item of a transcript, as an adapter's own `./ui` parser gives it."""

from __future__ import annotations

from typing import Any

from adapters.contract.base import ContractModel


class TranscriptEntry(ContractModel):
    """The union of all transcript kinds as one open record.

    Upstream's type is a tagged union that grows with each release (916.1 added six kinds), so the tag stays a plain
    string and the fields of every kind are optional; fields of kinds not known here are kept as extras.
    """

    kind: str
    ts: str
    text: str | None = None
    delta: bool | None = None
    name: str | None = None
    input: Any = None
    tool_use_id: str | None = None
    tool_name: str | None = None
    content: str | None = None
    is_error: bool | None = None
    model: str | None = None
    session_id: str | None = None
    subtype: str | None = None
    errors: list[str] | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None
    cached_tokens: int | None = None
    cost_usd: float | None = None
