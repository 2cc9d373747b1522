"""What a run said, in order: raw log chunks, transcript entries and rows, model requests."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class LogChunkRecord:
    """One chunk of a run's raw log as Paperclip's run log stores it: a chunk, not a line.

    Key: `run_id`, `seq`. `chunk` survives whatever it holds, lone surrogates included. `ts` is the chunk's
    own time stamp.
    """

    run_id: str
    seq: int
    ts: str
    stream: str
    chunk: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptEntryRecord:
    """One entry as upstream's UI parser gave it. Key: `run_id`, `seq`.

    `log_seq` is the log chunk that completed it.
    """

    run_id: str
    seq: int
    at_ms: float
    log_seq: int
    kind: str
    entry_json: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptRowRecord:
    """One row of the de-duplicated transcript, put again while it streams (`closed` is False).

    Key: `run_id`, `row_no`. `title` and `body` may hold any text. `entry_seq` is the first entry the row
    shows, `request_index` the ordinal of the model request that led to it.
    """

    run_id: str
    row_no: int
    at_ms: float
    kind: str
    tool: str | None = None
    tool_use_id: str | None = None
    title: str
    body: str
    is_error: bool
    entry_seq: int
    request_index: int | None = None
    closed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelRequestRecord:
    """One request that reached the lane's model endpoint, put again with its response.

    Key: `run_id`, `ordinal`. `body` is the request as text (stored compressed); queries without bodies return
    it empty. `body_bytes` is its size on the wire. `auxiliary` marks a request outside the conversation (a title,
    a summary), `off_script` one that the script had no turn for.
    """

    run_id: str
    ordinal: int
    at_ms: float
    received_at: str
    duration_ms: float | None = None
    path: str
    body_bytes: int
    message_count: int
    message_roles_json: str
    role_sequence_sha256: str
    input_tokens: int | None = None
    output_tokens: int | None = None
    status: int | None = None
    auxiliary: bool
    off_script: bool
    turn_index: int | None = None
    response_kind: str | None = None
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelReplyRecord:
    """What the scripted model answered to a request: the ground truth of a transcript. Key: `run_id`, `ordinal`.

    `branch` is the script's (`plain`, `seen`, `otherwise`). `tool_calls_json` lists `{id, name, arguments}`, with the
    arguments as JSON text, in the words of the agent's tools. A real model's answers are not recorded here.
    """

    run_id: str
    ordinal: int
    branch: str
    text: str
    thinking: str
    tool_calls_json: str
