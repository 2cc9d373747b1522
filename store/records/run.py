"""One heartbeat run, the launch it belongs to, and what was measured of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

RunStatus = Literal["queued", "running", "succeeded", "failed", "cancelled", "timed_out", "interrupted"]
"""Paperclip's run statuses without `scheduled_retry`: the console never retries by itself."""

UNFINISHED_RUN_STATUSES: Final[tuple[RunStatus, ...]] = ("queued", "running")
"""Statuses that a crash can leave behind."""

WITHHELD_BY_OPERATOR: Final = "the operator asked for a fresh session"
"""A run's `fresh_session_reason` where nothing but a person's wish kept its session from it."""

LaunchKind = Literal["sequence", "race", "trial"]
"""One lane after the other, all at once, or a beat of an experiment."""

BridgeMode = Literal["cold", "warm"]
ModelMode = Literal["scripted", "record", "real"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LaunchRecord:
    """One press of the key: the runs of all lanes that it started. Key: `id`."""

    id: str
    kind: LaunchKind
    scenario: str
    script_sha256: str
    bridge_mode: BridgeMode
    model_mode: ModelMode
    started_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """One heartbeat run. Key: `id`. Put again with each change of status.

    `console_pid` and `console_started_at_epoch` name the console process that owns the run, so that another
    console can tell a live run from one that a crash left. `upstream_status` is what Paperclip's outcome rule
    records, `observed_status` what the console saw, `outcome_reason` why they differ. `log_bytes` and
    `log_sha256` cover the UTF-8 of all log chunks in order. `prompt` is what the beat asked of the agent;
    `canaries_json` lists the scenario's canaries, `{text, beat, planted_in}`: a resume verdict is judged by both.
    """

    id: str
    launch_id: str
    lane_index: int
    runtime_key: str
    adapter_type: str
    experimental: bool
    agent_id: str
    issue_id: str
    task_key: str
    scenario: str
    beat_index: int
    status: RunStatus
    wake_reason: str
    bridge_mode: BridgeMode
    model_mode: ModelMode
    created_at: str
    started_at: str | None = None
    finished_at: str | None = None
    console_pid: int
    console_started_at_epoch: float
    execution_root: str | None = None
    root_kind: str | None = None
    session_before_json: str | None = None
    session_after_json: str | None = None
    fresh_session_reason: str | None = None
    upstream_status: str | None = None
    observed_status: str | None = None
    outcome_reason: str | None = None
    exit_code: int | None = None
    signal: str | None = None
    timed_out: bool = False
    error_message: str | None = None
    error_code: str | None = None
    error_family: str | None = None
    summary: str | None = None
    usage_json: str | None = None
    result_json: str | None = None
    invocation_json: str | None = None
    provenance_json: str | None = None
    expectations_json: str | None = None
    log_bytes: int = 0
    log_sha256: str | None = None
    prompt: str | None = None
    canaries_json: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessSampleRecord:
    """The run's process tree at one moment; `cpu_seconds` is user + system. Key: `run_id`, `at_ms`.

    `rss_bytes` counts shared pages once for each process, `pss_bytes` once in all; None where the system has no PSS.
    """

    run_id: str
    at_ms: float
    process_count: int
    rss_bytes: int
    cpu_seconds: float
    pss_bytes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricRecord:
    """One derived number of a run. Key: `run_id`, `name`."""

    run_id: str
    name: str
    value: float
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessRecord:
    """A child process that a crash may leave behind. Key: `pid`, `started_at_epoch` (pids are reused).

    Epoch fields are psutil's `create_time()` in seconds. `ended_at` is None while the process may be alive.
    """

    pid: int
    started_at_epoch: float
    role: str
    run_id: str | None = None
    process_group_id: int | None = None
    console_pid: int
    console_started_at_epoch: float
    recorded_at: str
    ended_at: str | None = None
