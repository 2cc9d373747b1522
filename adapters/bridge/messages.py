"""The bridge's protocol, version 1: one JSON object a line, commands in, reports out.

The JSON Schema of both directions is generated from here into `adapters/node/bridge/protocol.schema.json`, against
which the Node side validates. Times `at_ms` are milliseconds since `execute` was called, on the bridge's own
monotonic clock; they exclude the bridge's start-up.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

PROTOCOL_VERSION = 1


class BridgeMessage(BaseModel):
    """Extra fields are kept: the two sides may be one release apart."""

    model_config = ConfigDict(extra="allow", frozen=True)


class LogLine(BridgeMessage):
    """One complete line of the run log, with the sequence number of the chunk in which it ended."""

    text: str
    ts: str
    log_seq: int


class Load(BridgeMessage):
    """Import an adapter: an npm package name, or the absolute path of a package folder."""

    type: Literal["load"] = "load"
    id: str
    package: str


class Execute(BridgeMessage):
    """Call the loaded adapter's `execute`; `context` is an AdapterExecutionContext."""

    type: Literal["execute"] = "execute"
    id: str
    context: dict[str, Any]


class Cancel(BridgeMessage):
    """Abort the signal of a running `execute`; adapters without one are stopped by their process group."""

    type: Literal["cancel"] = "cancel"
    id: str


class Parse(BridgeMessage):
    """Hand complete log lines of a run to the adapter's own UI parser."""

    type: Literal["parse"] = "parse"
    id: str
    lines: list[LogLine]


class TestEnvironment(BridgeMessage):
    """Call `testEnvironment`; `context` is an AdapterEnvironmentTestContext."""

    __test__ = False
    type: Literal["test_environment"] = "test_environment"
    id: str
    context: dict[str, Any]


class ApplyCodec(BridgeMessage):
    """Run stored session JSON through the adapter's codec: `deserialize` or `serialize`."""

    type: Literal["apply_codec"] = "apply_codec"
    id: str
    operation: Literal["deserialize", "serialize"]
    value: Any


class Shutdown(BridgeMessage):
    """Let the adapter clean up, then exit."""

    type: Literal["shutdown"] = "shutdown"


class Ready(BridgeMessage):
    """The bridge runs and speaks this protocol."""

    type: Literal["ready"] = "ready"
    protocol: int
    node_version: str
    pid: int


class Loaded(BridgeMessage):
    """The adapter is imported; `capabilities` lists the optional parts of the contract that it has."""

    type: Literal["loaded"] = "loaded"
    id: str
    adapter_type: str
    package_version: str | None
    capabilities: list[str]
    ui_parser: str | None


class Meta(BridgeMessage):
    """`onMeta` of the running heartbeat."""

    type: Literal["meta"] = "meta"
    id: str
    at_ms: float
    meta: dict[str, Any]


class Spawn(BridgeMessage):
    """`onSpawn` of the running heartbeat."""

    type: Literal["spawn"] = "spawn"
    id: str
    at_ms: float
    spawn: dict[str, Any]


class Log(BridgeMessage):
    """`onLog`: a chunk, not a line. `ill_formed` says that lone surrogates in it were replaced by U+FFFD."""

    type: Literal["log"] = "log"
    id: str
    at_ms: float
    seq: int
    ts: str
    stream: Literal["stdout", "stderr"]
    chunk: str
    ill_formed: bool = False


class Event(BridgeMessage):
    """`onEvent` of the running heartbeat."""

    type: Literal["event"] = "event"
    id: str
    at_ms: float
    event: dict[str, Any]


class ParsedLine(BridgeMessage):
    """What the adapter's parser made of one line; `error` if it threw."""

    log_seq: int
    text: str
    entries: list[dict[str, Any]]
    error: str | None = None


class Entries(BridgeMessage):
    """Answers one `parse` command, in the order of its lines."""

    type: Literal["entries"] = "entries"
    id: str
    lines: list[ParsedLine]


class Executed(BridgeMessage):
    """`execute` resolved; `result` is an AdapterExecutionResult with absent fields absent."""

    type: Literal["executed"] = "executed"
    id: str
    at_ms: float
    result: dict[str, Any]


class Answer(BridgeMessage):
    """The value of a `test_environment` or `apply_codec` command."""

    type: Literal["answer"] = "answer"
    id: str
    value: Any


class Failed(BridgeMessage):
    """A command threw: the adapter's message, and where in the bridge it happened."""

    type: Literal["failed"] = "failed"
    id: str | None
    at_ms: float | None = None
    during: str
    message: str
    stack: str | None = None


BridgeCommand = Annotated[
    Load | Execute | Cancel | Parse | TestEnvironment | ApplyCodec | Shutdown, Field(discriminator="type")
]
BridgeReport = Annotated[
    Ready | Loaded | Meta | Spawn | Log | Event | Entries | Executed | Answer | Failed,
    Field(discriminator="type"),
]

COMMANDS: TypeAdapter[BridgeCommand] = TypeAdapter(BridgeCommand)
REPORTS: TypeAdapter[BridgeReport] = TypeAdapter(BridgeReport)


def protocol_schema() -> dict[str, Any]:
    """The JSON Schema of both directions, as committed beside the bridge."""
    _, definitions = TypeAdapter.json_schemas(
        [("command", "validation", COMMANDS), ("report", "validation", REPORTS)],
        ref_template="#/$defs/{model}",
    )
    command = COMMANDS.json_schema(ref_template="#/$defs/{model}")
    report = REPORTS.json_schema(ref_template="#/$defs/{model}")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Sidebeat bridge protocol",
        "version": PROTOCOL_VERSION,
        "$defs": {
            **definitions["$defs"],
            "command": {key: value for key, value in command.items() if key != "$defs"},
            "report": {key: value for key, value in report.items() if key != "$defs"},
        },
    }
