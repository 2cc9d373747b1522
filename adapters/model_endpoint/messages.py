"""The model endpoint's protocol, version 1: one JSON object a line, commands in, reports out.

Unknown report types and extra fields are tolerated, and kept: the two sides may be one release apart.
"""

from __future__ import annotations

import json
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from adapters.model_endpoint.journal import ModelRequest
from adapters.model_endpoint.script import ScriptedTurn

PROTOCOL_VERSION = 1

EndpointMode = Literal["scripted", "record", "pass-through"]


class EndpointMessage(BaseModel):
    """One line of the protocol."""

    model_config = ConfigDict(extra="allow", frozen=True)


class Start(EndpointMessage):
    """Listen on 127.0.0.1; the provider's key travels in the environment, never here."""

    type: Literal["start"] = "start"
    id: str
    mode: EndpointMode
    preferred_port: int | None
    provider_base_url: str | None
    recording_folder: str | None


class BeginBeat(EndpointMessage):
    """Play these turns until `end_beat`."""

    type: Literal["begin_beat"] = "begin_beat"
    id: str
    turns: tuple[ScriptedTurn, ...]


class EndBeat(EndpointMessage):
    """Close the beat; requests in flight get `settle_ms` to finish."""

    type: Literal["end_beat"] = "end_beat"
    id: str
    settle_ms: int


EndpointCommand = Start | BeginBeat | EndBeat


class Hello(EndpointMessage):
    """The process runs and speaks this protocol."""

    type: Literal["hello"] = "hello"
    protocol: int
    pid: int
    node_version: str


class Listening(EndpointMessage):
    """Answers `start`."""

    type: Literal["listening"] = "listening"
    id: str
    host: str
    port: int
    preferred_port_taken: bool


class BeatBegun(EndpointMessage):
    """Answers `begin_beat`."""

    type: Literal["beat_begun"] = "beat_begun"
    id: str


class BeatEnded(EndpointMessage):
    """Answers `end_beat`, after the reports of all requests that had finished."""

    type: Literal["beat_ended"] = "beat_ended"
    id: str
    request_count: int
    unfinished_count: int


class RequestReport(EndpointMessage):
    """A request was answered, or its connection broke."""

    type: Literal["request"] = "request"
    request: ModelRequest


class Failed(EndpointMessage):
    """A command could not be carried out."""

    type: Literal["failed"] = "failed"
    id: str | None = None
    message: str


class UnknownReport(EndpointMessage):
    """A report of a newer endpoint; kept, and without effect."""

    type: str


EndpointReport = Hello | Listening | BeatBegun | BeatEnded | RequestReport | Failed | UnknownReport

_KNOWN: dict[str, type[EndpointReport]] = {
    "hello": Hello,
    "listening": Listening,
    "beat_begun": BeatBegun,
    "beat_ended": BeatEnded,
    "request": RequestReport,
    "failed": Failed,
}


def parse_report(line: bytes) -> EndpointReport:
    """One line of the endpoint's output. Raises pydantic.ValidationError or ValueError if it is none."""
    message: dict[str, Any] = json.loads(line)
    model = _KNOWN.get(str(message.get("type")), UnknownReport)
    return model.model_validate_json(line)
