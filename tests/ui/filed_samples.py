"""A database that was worked with for a while: issues, runs, and a plan that is half signed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

from console.engine.clock import iso_utc
from console.engine.session_rules import FINGERPRINT_KEY
from store.records import (
    AgentRecord,
    AnswerRecord,
    AuthorKind,
    CommentRecord,
    EvidenceRecord,
    IssueRecord,
    MetricRecord,
    ModelRequestRecord,
    ProcessSampleRecord,
    RunRecord,
    RuntimeRecord,
    SessionEventRecord,
    SignoffRecord,
    Write,
)
from tests.ui.samples import HOSTILE, NOW, finished, hostile_transcript, log, run, transcript

AT = iso_utc(NOW - 3_600)

_SESSION_BEFORE = {
    "sessionId": "01a2b3c4-179c",
    "sessionFile": "/home/pi/.pi/sessions/01a2b3c4-179c.jsonl",
    "cwd": "/work/root",
}
_SESSION_AFTER = {
    **_SESSION_BEFORE,
    "sessionId": "77fe00d1-2bd0",
    "branch": "PAP-7-remember-the-word",
    FINGERPRINT_KEY: "2f8720bd87162539",
}
_RESULT = {
    "exitCode": 0,
    "signal": None,
    "timedOut": False,
    "usage": {"inputTokens": 6_539, "outputTokens": 32, "cachedInputTokens": 0},
    "sessionParams": _SESSION_AFTER,
    "sessionDisplayId": "77fe00d1-2bd0",
    "provider": "sidebeat",
    "model": "scripted-1",
    "summary": "Done: the word is blue heron.",
}
_INVOCATION = {
    "adapterType": "pi_local",
    "command": "/cache/node_modules/.bin/pi",
    "cwd": "/work/root",
    "commandArgs": ["--mode", "json", "--model", "sidebeat/scripted-1", "--session", "01a2b3c4-179c"],
    "commandNotes": ["prompt is written to standard input"],
    "env": {"HOME": "/data/homes/agent-0", "PWD": "/work/root", "PAPERCLIP_API_KEY": "***REDACTED***"},
    "promptMetrics": {"promptChars": 412, "bootstrapPromptChars": 0},
    "prompt": "PAP-7: Remember the word\n\nWhich word was it? Look into notes.txt, then say it in one sentence.",
}
_PROVENANCE = {
    "sidebeat": "0.1.0",
    "adapter_package": "@paperclipai/adapter-pi-local",
    "agent": "pi 0.60.0",
    "script_sha256": "5d1c…e0",
    "system": "Linux 6.1 x86_64",
    "cpu_count": 2,
    "load_1m": 0.42,
}
_EXPECTATIONS = [
    {"path": "answer.txt", "held": True, "sentence": "answer.txt holds `blue heron`"},
    {"path": "notes.txt", "held": False, "sentence": "notes.txt is gone; it should be as it was seeded"},
]

FULL_RUN = finished(
    run(0, "pi_local"),
    1.91,
    session_before_json=json.dumps(_SESSION_BEFORE),
    session_after_json=json.dumps(_SESSION_AFTER),
    exit_code=0,
    summary="Done: the word is blue heron.",
    usage_json=json.dumps({"inputTokens": 6_539, "outputTokens": 32, "usageBasis": "per_run"}),
    result_json=json.dumps(_RESULT),
    invocation_json=json.dumps(_INVOCATION),
    provenance_json=json.dumps(_PROVENANCE),
    expectations_json=json.dumps(_EXPECTATIONS[:1]),
    execution_root="/data/roots/PAP-7",
    root_kind="git_worktree",
    log_bytes=212,
    log_sha256="9f2c" * 16,
)
DIFFERING_RUN = finished(
    run(1, "agentos_local/pi"),
    3.2,
    status="failed",
    observed_status="failed",
    outcome_reason="upstream's rule says succeeded, but notes.txt is gone; it should be as it was seeded",
    error_code="expectation_failed",
    error_message="notes.txt is gone; it should be as it was seeded",
    expectations_json=json.dumps(_EXPECTATIONS),
)
HOSTILE_RUN = finished(
    run(1, "agentos_local/pi"),
    0.2,
    id="run-hostile",
    issue_id="issue-hostile",
    scenario=HOSTILE,
    runtime_key=HOSTILE,
    status="failed",
    observed_status="failed",
    upstream_status="failed",
    error_message=HOSTILE,
    error_code=HOSTILE,
    result_json=json.dumps({HOSTILE: HOSTILE}, ensure_ascii=False),
    invocation_json=json.dumps({"command": HOSTILE, "env": {HOSTILE: HOSTILE}}, ensure_ascii=False),
    provenance_json=HOSTILE,
    expectations_json=json.dumps([{"path": HOSTILE, "held": False, "sentence": HOSTILE}], ensure_ascii=False),
    session_before_json=json.dumps({"a": HOSTILE}, ensure_ascii=False),
    session_after_json=HOSTILE,
    created_at=iso_utc(NOW - 4_000),
)


def _older_runs() -> Iterator[RunRecord]:
    shown: tuple[tuple[str, str, dict[str, object]], ...] = (
        ("opencode_local", "hello-tool", {}),
        ("agentos_local/opencode", "hello-tool", {"status": "timed_out", "error_message": "timed out after 300 s"}),
        ("pi_local", "long-stream", {"status": "cancelled", "error_message": "cancelled by the operator"}),
        ("agentos_local/pi", "edit-file", {"status": "interrupted"}),
        ("pi_local", "hello-tool", {}),
        ("agentos_local/pi", "hello-tool", {}),
    )
    for number, (runtime_key, scenario, changes) in enumerate(shown):
        begun_at = NOW - 900 * (number + 1)
        yield finished(
            run(number % 2, runtime_key),
            1.0,
            id=f"run-old-{number}",
            issue_id="issue-2",
            scenario=scenario,
            beat_index=1,
            created_at=iso_utc(begun_at),
            started_at=iso_utc(begun_at),
            finished_at=iso_utc(begun_at + 1.3 * (number + 1)),
            **changes,
        )


def _issue(number: int, title: str, status: str, agent_id: str | None) -> IssueRecord:
    return IssueRecord(
        id=f"issue-{number}",
        identifier=f"PAP-{7 + number}",
        title=title,
        description="Which word was it? Look into notes.txt, then say it in one sentence." if number < 2 else "",
        status=status,
        assignee_agent_id=agent_id,
        scenario="remember",
        created_at=iso_utc(NOW - 5_000 + number),
        updated_at=AT,
    )


def _comment(number: int, kind: AuthorKind, author: str, body: str, run_id: str | None = None) -> CommentRecord:
    return CommentRecord(
        id=f"comment-{number}",
        issue_id="issue-1",
        run_id=run_id,
        author_kind=kind,
        author=author,
        body=body,
        created_at=iso_utc(NOW - 1_000 + number * 60),
    )


def _evidence(number: int, criterion_id: str, statement: str, run_id: str | None) -> EvidenceRecord:
    return EvidenceRecord(
        id=f"evidence-{number}",
        criterion_id=criterion_id,
        kind="run",
        statement=statement,
        run_id=run_id,
        recorded_at=iso_utc(NOW - 900 + number),
    )


def _signoff(number: int, subject_id: str, decision: str, statement: str) -> SignoffRecord:
    return SignoffRecord(
        id=f"signoff-{number}",
        subject_id=subject_id,
        decision=decision,
        statement=statement,
        signed_by="Ada",
        signed_at=iso_utc(NOW - 600 + number),
    )


def plan_rows() -> list[Write]:
    """Phase 0 is signed, Phase 1 has evidence."""
    answer = AnswerRecord(
        id="answer-1",
        subject_id="phase-0.question.1",
        body="A developer starts the same beat in two runtimes with one key,\nand sees where they part.",
        author="Ada",
        written_at=AT,
    )
    return [
        answer,
        _signoff(1, "phase-0.exit.1", "pi_local", "pi_local: both lanes run the same pi 0.60.0."),
        _signoff(2, "phase-1.verify.2", "not met", "opencode does not resume in the VM: 20 of 20 failed."),
        *(
            _evidence(
                number, "phase-1.verify.1", f"beat {number} checked out, ran and was released", f"run-old-{number}"
            )
            for number in range(5)
        ),
        _evidence(8, "phase-1.verify.2", "the model saw 5 earlier messages: native resume", "run-0"),
        _evidence(9, "phase-1.verify.4", "the failure is on the issue and in the run log", "run-1"),
        _evidence(10, "phase-1.exit.2", "", None),
        _evidence(11, "phase-1.exit.1", "12 of 14 beats succeeded in agentos_local/pi", "run-1"),
    ]


def _requests() -> Iterator[ModelRequestRecord]:
    roles = ["system", "user", "assistant", "tool", "assistant", "user"]
    for ordinal in range(3):
        messages = [{"role": role, "content": f"message {number}"} for number, role in enumerate(roles)]
        yield ModelRequestRecord(
            run_id="run-0",
            ordinal=ordinal,
            at_ms=110.0 * ordinal + 0.4,
            received_at=AT,
            duration_ms=20.5,
            path="/v1/chat/completions",
            body_bytes=9_100 + ordinal,
            message_count=len(roles),
            message_roles_json=json.dumps(roles if ordinal < 2 else ["system", "user"]),
            role_sequence_sha256="",
            input_tokens=3_238 + ordinal,
            output_tokens=12,
            status=500 if ordinal == 2 else 200,
            auxiliary=ordinal == 2,
            off_script=False,
            turn_index=ordinal,
            body=json.dumps({"model": "scripted-1", "messages": messages, "stream": True}),
        )


def _measurements() -> Iterator[Write]:
    numbers = {
        ("execute_ms", "ms"): 1_912.4,
        ("execute_to_first_request_ms", "ms"): 811.02,
        ("model_requests", "requests"): 2,
        ("input_tokens", "tokens"): 6_539,
        ("peak_rss_bytes", "bytes"): 142_000_000,
        ("cpu_seconds", "s"): 1.104,
    }
    for (name, unit), value in numbers.items():
        yield MetricRecord(run_id="run-0", name=name, value=value, unit=unit)
    for number in range(4):
        yield ProcessSampleRecord(
            run_id="run-0",
            at_ms=250.0 * number,
            process_count=1 + number % 2,
            rss_bytes=90_000_000 + number * 17_000_000,
            cpu_seconds=0.3 * number,
        )
    for number, (action, reason) in enumerate(
        (("bind", "the adapter returned a first session"), ("rebind", "the adapter returned another session"))
    ):
        yield SessionEventRecord(
            id=f"session-{number}",
            agent_id="agent-0",
            adapter_type="pi_local",
            task_key="issue-0",
            run_id="run-0" if number else "run-old-4",
            at=iso_utc(NOW - 600 + number * 599),
            action="rebind" if action == "rebind" else "bind",
            reason=reason,
            session_display_id="77fe00d1-2bd0" if number else "01a2b3c4-179c",
        )


def filed() -> list[Write]:
    """Everything."""
    issues = [
        _issue(2, "Say hello with a tool", "done", "agent-0"),
        _issue(0, "Remember the word", "in_progress", "agent-0"),
        _issue(1, "Remember the word", "todo", "agent-1"),
    ]
    runtimes = ("pi_local", "opencode_local", "agentos_local/pi")
    return [
        *issues,
        *(
            AgentRecord(id=f"agent-{n}", name=key, runtime_key=key, adapter_type=key, created_at=AT)
            for n, key in enumerate(("pi_local", "agentos_local/pi"))
        ),
        *(
            RuntimeRecord(
                key=key, adapter_type=key, title=f"{key} on test", experimental=False, definition_json="{}", seen_at=AT
            )
            for key in runtimes
        ),
        *reversed(list(_older_runs())),
        FULL_RUN,
        DIFFERING_RUN,
        *transcript("run-0", vm=False),
        *transcript("run-1", vm=True),
        *log("run-0"),
        *log("run-1"),
        *_requests(),
        *_measurements(),
        _comment(1, "operator", "Ada", "Please look into notes.txt before you answer."),
        _comment(2, "agent", "agentos_local/pi", "The word is blue heron.", "run-old-5"),
        _comment(
            3, "system", "sidebeat", "Run failed on agentos_local/pi: notes.txt is gone.\nError code: x.", "run-1"
        ),
        *plan_rows(),
    ]


def hostile() -> list[Write]:
    """The same, and in every place text that tries to fool the terminal."""
    bad_issue = replace(
        _issue(3, HOSTILE, HOSTILE, HOSTILE),
        id="issue-hostile",
        description=HOSTILE,
        identifier=HOSTILE,
        scenario=HOSTILE,
    )
    request = next(_requests())
    return [
        *filed(),
        bad_issue,
        replace(HOSTILE_RUN, created_at=iso_utc(NOW)),
        *hostile_transcript("run-hostile"),
        *(replace(chunk, chunk=HOSTILE) for chunk in log("run-hostile")),
        replace(request, run_id="run-hostile", body=HOSTILE, path=HOSTILE, message_roles_json=json.dumps([HOSTILE])),
        MetricRecord(run_id="run-hostile", name=HOSTILE, value=1.0, unit=HOSTILE),
        replace(_comment(4, "agent", HOSTILE, HOSTILE, "run-hostile"), issue_id="issue-hostile"),
        replace(_evidence(20, "phase-1.verify.1", HOSTILE, "run-hostile"), kind=HOSTILE),
        replace(_signoff(20, "phase-1.exit.1", HOSTILE, HOSTILE), signed_by=HOSTILE),
        AnswerRecord(
            id="answer-h", subject_id="phase-1.verify.4", body=HOSTILE, author=HOSTILE, written_at=iso_utc(NOW)
        ),
    ]
