"""Which of upstream's entries each kind of log line contributes to the view.

The entries are upstream's own (`adapter-pi-local/dist/ui/parse-stdout.js`, `adapter-opencode-local/...`); a format
only chooses among them, by the type of the log line from which they come, and names failures that the parser drops.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from pydantic import ValidationError

from adapters.bridge.messages import ParsedLine
from adapters.contract import TranscriptEntry

Reading = tuple[int, TranscriptEntry]
"""An entry with its position among those of its line; one that a format adds has the position 0."""


@dataclass(frozen=True, slots=True)
class TranscriptFormat:
    """One adapter family's way of logging."""

    name: str
    choose: Callable[[Mapping[str, Any], list[Reading]], list[Reading]]
    ends_texts: bool = False
    """Whether a text that comes in pieces is told to have ended, so that what comes between them is no end."""

    def readings(self, line: ParsedLine) -> Iterator[Reading]:
        """The entries worth a row, each with its position among the line's entries."""
        readings = [(offset, _entry(fields)) for offset, fields in enumerate(line.entries)]
        logged = _json_object(line.text)
        yield from readings if logged is None else self.choose(logged, readings)


def _entry(fields: dict[str, Any]) -> TranscriptEntry:
    """An entry that is not made as its kind should be is shown as upstream shows what it cannot read: raw."""
    try:
        return TranscriptEntry.model_validate(fields)
    except ValidationError:
        shown = json.dumps(fields, ensure_ascii=False)
        return TranscriptEntry(kind="stdout", ts=str(fields.get("ts", "")), text=shown)


def _json_object(text: str) -> Mapping[str, Any] | None:
    if not text.startswith("{"):
        return None
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return cast("Mapping[str, Any]", value) if isinstance(value, dict) else None


def _everything(_logged: Mapping[str, Any], readings: list[Reading]) -> list[Reading]:
    return readings


def _from_pi(logged: Mapping[str, Any], readings: list[Reading]) -> list[Reading]:
    """pi says each text again at the end of the message, the turn and the run; `message_end` ignores the role."""
    kind = logged.get("type")
    if kind in ("session", "agent_start", "turn_end", "agent_settled"):
        return []
    if kind == "message_end":
        return _from_pi_message_end(logged, readings)
    if kind == "agent_end":
        return [(offset, entry) for offset, entry in readings if entry.kind == "result"]
    if kind in ("auto_retry_start", "auto_retry_end", "compaction_start", "compaction_end", "error"):
        detail = logged.get("errorMessage") or logged.get("finalError") or logged.get("message") or ""
        return [_added(readings, kind="system", text=f"{kind}: {detail}".rstrip(": "))]
    return readings


def _from_pi_message_end(logged: Mapping[str, Any], readings: list[Reading]) -> list[Reading]:
    message = logged.get("message")
    if not isinstance(message, dict):
        return readings
    fields = cast("dict[str, Any]", message)
    if fields.get("role") != "assistant":
        return []
    if fields.get("stopReason") in ("error", "aborted"):
        text = str(fields.get("errorMessage") or f"the model's turn ended with {fields.get('stopReason')}")
        return [*readings, _added(readings, kind="error", text=text)]
    return readings


def _added(readings: list[Reading], *, kind: str, text: str) -> Reading:
    """What upstream's parser leaves out, beside what it gives."""
    return 0, TranscriptEntry(kind=kind, ts=readings[0][1].ts if readings else "", text=text)


def _from_opencode(logged: Mapping[str, Any], readings: list[Reading]) -> list[Reading]:
    """opencode's parser wraps a tool's output in a dump of its metadata, where it appears twice."""
    if logged.get("type") == "step_start":
        return []
    if logged.get("type") != "tool_use":
        return readings
    part = logged.get("part")
    state: Any = cast("dict[str, Any]", part).get("state") if isinstance(part, dict) else None
    if not isinstance(state, dict):
        return readings
    fields = cast("dict[str, Any]", state)
    output = fields.get("output") if fields.get("status") == "completed" else fields.get("error")
    if not isinstance(output, str):
        return readings
    return [
        (offset, entry.model_copy(update={"content": output}) if entry.kind == "tool_result" else entry)
        for offset, entry in readings
    ]


TRANSCRIPT_FORMATS: dict[str, TranscriptFormat] = {
    form.name: form
    for form in (
        TranscriptFormat("pi", _from_pi, ends_texts=True),
        TranscriptFormat("opencode", _from_opencode),
        TranscriptFormat("generic", _everything),
    )
}
