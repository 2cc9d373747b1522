"""Which of upstream's entries each kind of log line contributes to the view.

The entries are upstream's own (`adapter-pi-local/dist/ui/parse-stdout.js`, `adapter-opencode-local/...`); a format
only chooses among them, by the type of the log line from which they come, and names failures that the parser drops.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from adapters.bridge.messages import ParsedLine
from adapters.contract import TranscriptEntry

Reading = tuple[int, TranscriptEntry]


@dataclass(frozen=True, slots=True)
class TranscriptFormat:
    """One adapter family's way of logging."""

    name: str
    choose: Callable[[Mapping[str, Any], list[TranscriptEntry]], list[TranscriptEntry]]

    def readings(self, line: ParsedLine) -> Iterator[Reading]:
        """The entries worth a row, each with its position among the line's entries."""
        entries = [TranscriptEntry.model_validate(entry) for entry in line.entries]
        logged = _json_object(line.text)
        for entry in entries if logged is None else self.choose(logged, entries):
            yield (entries.index(entry) if entry in entries else 0), entry


def _json_object(text: str) -> Mapping[str, Any] | None:
    if not text.startswith("{"):
        return None
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return cast("Mapping[str, Any]", value) if isinstance(value, dict) else None


def _everything(_logged: Mapping[str, Any], entries: list[TranscriptEntry]) -> list[TranscriptEntry]:
    return entries


def _from_pi(logged: Mapping[str, Any], entries: list[TranscriptEntry]) -> list[TranscriptEntry]:
    """pi says each text again at the end of the message, the turn and the run; `message_end` ignores the role."""
    kind = logged.get("type")
    if kind in ("session", "agent_start", "turn_end", "agent_settled"):
        return []
    if kind == "message_end":
        return _from_pi_message_end(logged, entries)
    if kind == "agent_end":
        return [entry for entry in entries if entry.kind == "result"]
    if kind in ("auto_retry_start", "auto_retry_end", "compaction_start", "compaction_end", "error"):
        detail = logged.get("errorMessage") or logged.get("finalError") or logged.get("message") or ""
        ts = entries[0].ts if entries else ""
        return [TranscriptEntry(kind="system", ts=ts, text=f"{kind}: {detail}".rstrip(": "))]
    return entries


def _from_pi_message_end(logged: Mapping[str, Any], entries: list[TranscriptEntry]) -> list[TranscriptEntry]:
    message = logged.get("message")
    if not isinstance(message, dict):
        return entries
    fields = cast("dict[str, Any]", message)
    if fields.get("role") != "assistant":
        return []
    if fields.get("stopReason") in ("error", "aborted"):
        text = str(fields.get("errorMessage") or f"the model's turn ended with {fields.get('stopReason')}")
        ts = entries[0].ts if entries else ""
        return [*entries, TranscriptEntry(kind="error", ts=ts, text=text)]
    return entries


def _from_opencode(logged: Mapping[str, Any], entries: list[TranscriptEntry]) -> list[TranscriptEntry]:
    """opencode's parser wraps a tool's output in a dump of its metadata, where it appears twice."""
    if logged.get("type") == "step_start":
        return []
    if logged.get("type") != "tool_use":
        return entries
    part = logged.get("part")
    state: Any = cast("dict[str, Any]", part).get("state") if isinstance(part, dict) else None
    if not isinstance(state, dict):
        return entries
    fields = cast("dict[str, Any]", state)
    output = fields.get("output") if fields.get("status") == "completed" else fields.get("error")
    if not isinstance(output, str):
        return entries
    return [entry.model_copy(update={"content": output}) if entry.kind == "tool_result" else entry for entry in entries]


TRANSCRIPT_FORMATS: dict[str, TranscriptFormat] = {
    form.name: form
    for form in (
        TranscriptFormat("pi", _from_pi),
        TranscriptFormat("opencode", _from_opencode),
        TranscriptFormat("generic", _everything),
    )
}
