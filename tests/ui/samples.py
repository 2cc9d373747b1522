"""Two runs of the same beat, as records and events: what the screens show in tests."""

from __future__ import annotations

from dataclasses import replace

from console.engine.clock import iso_utc
from console.engine.events import (
    EngineEvent,
    IssueChanged,
    LaunchFinished,
    LaunchStarted,
    ProcessesSampled,
    RequestSeen,
    RunChanged,
    SessionChanged,
    Step,
    StepReached,
)
from store.records import (
    IssueRecord,
    LaunchKind,
    LaunchRecord,
    LogChunkRecord,
    ModelRequestRecord,
    ProcessSampleRecord,
    RunRecord,
    SessionEventRecord,
    TranscriptRowRecord,
    Write,
)

SESSION_FILE = "/work/sessions/2030-03-17T17-46-38-120Z-agent-pi_local.jsonl"
NOW = 1_900_000_000.0
"""Every test's present: 2030-03-17, 17:46:40 UTC."""

HOSTILE = (
    "\x1b]52;c;ZXZpbA==\x07\x1b]0;owned\x07\x1b[2J\x1b[31mred\x1b[0m [/foo] [bold]x[/] [@click=app.quit]go[/]"
    " \x9b1m nul\x00 tab\tend \u202egnp.exe \ud83d \N{ZERO WIDTH SPACE}"
)
"""Everything that an agent may print to fool a terminal or a widget."""


def launch(kind: LaunchKind = "sequence", scenario: str = "remember") -> LaunchRecord:
    """A launch that began two seconds ago."""
    return LaunchRecord(
        id="launch-1",
        kind=kind,
        scenario=scenario,
        script_sha256="0" * 64,
        bridge_mode="cold",
        model_mode="scripted",
        started_at=iso_utc(NOW - 2.4),
    )


def run(lane_index: int, runtime_key: str, **changes: object) -> RunRecord:
    """A run of a lane, running for 2.4 seconds unless changed."""
    record = RunRecord(
        id=f"run-{lane_index}",
        launch_id="launch-1",
        lane_index=lane_index,
        runtime_key=runtime_key,
        adapter_type=runtime_key.split("/", maxsplit=1)[0],
        experimental="agentos" in runtime_key,
        agent_id=f"agent-{lane_index}",
        issue_id=f"issue-{lane_index}",
        task_key=f"issue-{lane_index}",
        scenario="remember",
        beat_index=2,
        status="running",
        wake_reason="issue_commented",
        bridge_mode="cold",
        model_mode="scripted",
        created_at=iso_utc(NOW - 2.5),
        started_at=iso_utc(NOW - 2.4),
        console_pid=1,
        console_started_at_epoch=NOW - 60,
        session_before_json='{"sessionId": "01a2"}',
    )
    return replace(record, **changes)  # pyright: ignore[reportArgumentType]  -- fields by name, for brevity


def finished(record: RunRecord, took_s: float, **changes: object) -> RunRecord:
    """The run as it ended."""
    ended = replace(
        record,
        status="succeeded",
        finished_at=iso_utc(NOW - 2.4 + took_s),
        upstream_status="succeeded",
        observed_status="succeeded",
    )
    return replace(ended, **changes)  # pyright: ignore[reportArgumentType]  -- fields by name, for brevity


def issue(lane_index: int) -> IssueRecord:
    """The lane's issue."""
    return IssueRecord(
        id=f"issue-{lane_index}",
        identifier=f"PAP-{7 + lane_index}",
        title="Remember the word",
        description="",
        status="in_progress",
        created_at=iso_utc(NOW - 60),
        updated_at=iso_utc(NOW - 2),
    )


def row(run_id: str, row_no: int, at_ms: float, kind: str, body: str = "", **changes: object) -> TranscriptRowRecord:
    """One row of a transcript."""
    record = TranscriptRowRecord(
        run_id=run_id,
        row_no=row_no,
        at_ms=at_ms,
        kind=kind,
        title="",
        body=body,
        is_error=False,
        entry_seq=row_no,
        closed=True,
    )
    return replace(record, **changes)  # pyright: ignore[reportArgumentType]  -- fields by name, for brevity


LISTING = "\n".join(f"drwxr-xr-x  2 pi pi  4096 notes-{number:02d}" for number in range(40))


def transcript(run_id: str, *, vm: bool) -> list[TranscriptRowRecord]:
    """Two requests and what the agent did; in the VM there is no git."""
    lag = 180.0 if vm else 0.0
    git = row(
        run_id,
        8,
        170 + 2 * lag,
        "tool_result",
        "failed to execute command 'git': not found\n(exit 127)",
        tool="bash",
        is_error=True,
    )
    if not vm:
        git = row(run_id, 8, 170, "tool_result", " M notes.txt\n?? heron.txt", tool="bash")
    return [
        row(
            run_id,
            0,
            0,
            "request",
            title="4,905 tokens in 9 messages" if vm else "3,238 tokens in 6 messages",
            request_index=1,
        ),
        row(run_id, 1, 40, "thinking", "The word was given in the first beat. It should be in the notes."),
        row(run_id, 2, 44, "assistant", "I'll look at the file first, then check what changed since the last beat."),
        row(
            run_id,
            3,
            50,
            "tool_call",
            '{"command": "cat notes.txt"}',
            tool="bash",
            title="cat notes.txt",
            tool_use_id="t1",
        ),
        row(run_id, 4, 60 + lag, "tool_result", "blue heron", tool="bash", tool_use_id="t1"),
        row(run_id, 5, 110 + lag, "request", title="3,301 tokens in 8 messages", request_index=2),
        row(run_id, 6, 150 + lag, "assistant", "The word is **blue heron**. Let me see the state of the tree."),
        row(
            run_id,
            7,
            155 + lag,
            "tool_call",
            '{"command": "git status --short"}',
            tool="bash",
            title="git status --short",
            tool_use_id="t2",
        ),
        git,
        row(
            run_id,
            9,
            210 + 2 * lag,
            "tool_call",
            '{"command": "ls -la"}',
            tool="bash",
            title="ls -la",
            tool_use_id="t3",
        ),
        row(run_id, 10, 230 + 3 * lag, "tool_result", LISTING, tool="bash", tool_use_id="t3"),
        row(run_id, 11, 260 + 3 * lag, "assistant", "Done: the word is blue heron."),
    ]


def hostile_transcript(run_id: str) -> list[TranscriptRowRecord]:
    """A transcript that tries everything."""
    return [
        row(run_id, 0, 0, "request", title=HOSTILE, request_index=1),
        row(run_id, 1, 40, "assistant", HOSTILE + "\n" + HOSTILE),
        row(run_id, 2, 50, "tool_call", HOSTILE, tool=HOSTILE, title=HOSTILE),
        row(run_id, 3, 60, "tool_result", HOSTILE, tool=HOSTILE, is_error=True),
        row(run_id, 4, 70, "stderr", HOSTILE),
        row(run_id, 5, 80, HOSTILE, HOSTILE, title=HOSTILE),
    ]


def log(run_id: str) -> list[LogChunkRecord]:
    """A few chunks of the raw log."""
    chunks = (
        ("stdout", '{"type":"session","version":3,"id":"01a2b3c4-179c","cwd":"/work/root"}\n'),
        ("stdout", '{"type":"message_update","delta":"I\'ll look at the file first."}\n{"type":"turn_end"}\n'),
        ("stderr", "warning: the terminal is not a \x1b[33mtty\x1b[0m\n"),
        ("stdout", ""),
    )
    return [
        LogChunkRecord(run_id=run_id, seq=seq, ts=iso_utc(NOW - 2 + seq / 10), stream=stream, chunk=chunk)
        for seq, (stream, chunk) in enumerate(chunks)
    ]


def stored() -> list[Write]:
    """What the database of the tests holds."""
    return [
        issue(0),
        issue(1),
        *transcript("run-0", vm=False),
        *transcript("run-1", vm=True),
        *log("run-0"),
        *log("run-1"),
        *hostile_transcript("run-hostile"),
    ]


def steps(run_id: str, took_ms: dict[Step, float]) -> list[EngineEvent]:
    """The steps of a beat with what each took."""
    return [StepReached(run_id, step, 0.0, took) for step, took in took_ms.items()]


def request(run_id: str, ordinal: int, at_ms: float, input_tokens: int, output_tokens: int) -> RequestSeen:
    """One answered request of the beat."""
    return RequestSeen(
        ModelRequestRecord(
            run_id=run_id,
            ordinal=ordinal,
            at_ms=at_ms,
            received_at=iso_utc(NOW - 2),
            duration_ms=20.0,
            path="/v1/messages",
            body_bytes=9_100,
            message_count=3,
            message_roles_json='["user"]',
            role_sequence_sha256="",
            input_tokens=input_tokens,
            output_tokens=output_tokens,
            status=200,
            auxiliary=False,
            off_script=False,
            body="",
        )
    )


def sample(run_id: str, count: int, rss_bytes: int, cpu_seconds: float) -> ProcessesSampled:
    """The process tree at one moment."""
    return ProcessesSampled(
        ProcessSampleRecord(run_id=run_id, at_ms=900, process_count=count, rss_bytes=rss_bytes, cpu_seconds=cpu_seconds)
    )


def session(lane_index: int, action: str, reason: str, display_id: str | None) -> SessionChanged:
    """What became of the lane's session."""
    return SessionChanged(
        SessionEventRecord(
            id=f"session-{lane_index}",
            agent_id=f"agent-{lane_index}",
            adapter_type="pi_local",
            task_key=f"issue-{lane_index}",
            run_id=f"run-{lane_index}",
            at=iso_utc(NOW - 1),
            action=action,  # pyright: ignore[reportArgumentType]  -- one of the literals
            reason=reason,
            session_display_id=display_id,
        )
    )


HOST_RUN = run(0, "pi_local")
VM_RUN = run(1, "agentos_local/pi")

HOST_STEPS = {Step.ROOT: 9.0, Step.BRIDGE: 121.0, Step.SPAWNED: 1032.0, Step.FIRST_REQUEST: 811.0}
VM_STEPS = {Step.ROOT: 57.0, Step.BRIDGE: 130.0, Step.SPAWNED: 180.0, Step.FIRST_REQUEST: 1698.0}


def begun(kind: LaunchKind = "sequence") -> list[EngineEvent]:
    """Both lanes have a run: the first finished, the second under way."""
    return [
        LaunchStarted(launch(kind), ("run-0", "run-1")),
        IssueChanged(issue(0)),
        IssueChanged(issue(1)),
        RunChanged(HOST_RUN),
        *steps("run-0", HOST_STEPS),
        request("run-0", 0, 0, 3_238, 12),
        request("run-0", 1, 110, 3_301, 20),
        sample("run-0", 2, 142_000_000, 1.1),
        session(
            0,
            "keep",
            "the adapter returned the same session",
            SESSION_FILE,
        ),
        StepReached("run-0", Step.RESULT, 0.0, 240.0),
        RunChanged(finished(HOST_RUN, 1.9)),
        RunChanged(VM_RUN),
        *steps("run-1", VM_STEPS),
        request("run-1", 0, 0, 4_905, 12),
        sample("run-1", 1, 717_000_000, 2.4),
    ]


def failed() -> list[EngineEvent]:
    """The second lane has failed, though upstream's rule calls it a success."""
    ended = finished(
        VM_RUN,
        3.2,
        status="failed",
        observed_status="failed",
        outcome_reason="the adapter returned exit code 0, but the expected comment is missing",
        error_code="prompt_delivery_uncertain",
        error_message="the VM's session ended before the prompt was acknowledged; start a fresh session with `f`",
    )
    return [
        *begun(),
        session(1, "reject", "the stored session could not be restored", None),
        RunChanged(ended),
        LaunchFinished("launch-1"),
    ]
