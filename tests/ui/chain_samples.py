"""A stored chain of two lanes: native, then a deleted store; a recap, then a killed sidecar."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace

from console.engine.clock import iso_utc
from console.engine.session_rules import FINGERPRINT_KEY
from store.records import (
    BridgeMode,
    ChainRecord,
    ChainStepRecord,
    ChainStepState,
    ModelRequestRecord,
    ResumeVerdictRecord,
    ResumeWord,
    RunRecord,
    SessionRecord,
    Write,
)
from tests.ui.samples import NOW, finished, run

AT = iso_utc(NOW - 600)
CHAIN_ID = "chain-12"
RUNTIMES = ("pi_local", "agentos_local/pi")
SESSION = json.dumps({"sessionId": "/home/pi/.pi/paperclips/2030-03-17T17-46-38-120Z-agent-0.jsonl", "cwd": "/work/r",
                      FINGERPRINT_KEY: "2f8720bd87162539"})  # fmt: skip
VM_SESSION = json.dumps({"sessionId": "81b1d793-688d-4f1c", "cwd": "/work/r", FINGERPRINT_KEY: "433910ad364d45f6"})

_PROMPTS = (
    "Remember two words for later: the first is marmalade-7141, the second is in briefing.txt.",
    "Write the two words that you were to remember to recalled.txt.",
    "Write the same two words to recalled-again.txt in the opposite order.",
)
_TURN = (
    ("assistant", "I will look for the second word."),
    ("tool", "The second word is lighthouse-2906."),
    ("assistant", "I have both words in mind."),
)


def chain(bridge_mode: BridgeMode = "warm") -> ChainRecord:
    """The chain that the bench shows."""
    return ChainRecord(
        id=CHAIN_ID,
        number=12,
        scenario="remember",
        runtime_keys_json=json.dumps(RUNTIMES),
        bridge_mode=bridge_mode,
        created_at=AT,
        updated_at=AT,
    )


def step(
    number: int, lane: int, action: str, statement: str, state: ChainStepState = "done", **changes: object
) -> ChainStepRecord:
    """One step of it."""
    record = ChainStepRecord(
        chain_id=CHAIN_ID,
        step_no=number,
        lane_index=lane,
        action=action,
        state=state,
        statement=statement,
        issue_id=f"issue-{lane}",
        at=iso_utc(NOW - 600 + number),
    )
    return replace(record, **changes)  # pyright: ignore[reportArgumentType]  -- fields by name, for brevity


def beat_run(lane: int, beat: int, **changes: object) -> RunRecord:
    """The run of one of its beats."""
    session = SESSION if lane == 0 else VM_SESSION
    return finished(
        run(lane, RUNTIMES[lane]),
        2.0,
        id=f"chain-run-{lane}-{beat}",
        beat_index=beat,
        agent_id=f"agent-{lane}",
        session_before_json=session if beat > 1 else None,
        session_after_json=session,
        **changes,
    )


def verdict(lane: int, beat: int, word: ResumeWord, reason: str) -> ResumeVerdictRecord:
    """What one of its beats resumed."""
    return ResumeVerdictRecord(
        run_id=f"chain-run-{lane}-{beat}",
        verdict=word,
        reason=reason,
        previous_run_id=f"chain-run-{lane}-{beat - 1}",
        message_count=6 if word == "native" else 2,
        previous_message_count=4,
        kept_messages=3 if word == "native" else 0,
        common_prefix_messages=4 if word == "native" else 1,
        added_bytes=240,
        added_tokens=60,
        canaries_json="[]",
        judged_at=AT,
    )


def request(lane: int, beat: int, ordinal: int, messages: Sequence[tuple[str, str]]) -> ModelRequestRecord:
    """One request of one of its beats."""
    told = [{"role": "system", "content": "You are pi. " * 40}, *({"role": r, "content": c} for r, c in messages)]
    roles = [message["role"] for message in told]
    body = json.dumps({"model": "scripted-1", "messages": told, "tools": []})
    return ModelRequestRecord(
        run_id=f"chain-run-{lane}-{beat}",
        ordinal=ordinal,
        at_ms=100.0 * ordinal,
        received_at=AT,
        duration_ms=20.0,
        path="/v1/chat/completions",
        body_bytes=len(body),
        message_count=len(told),
        message_roles_json=json.dumps(roles),
        role_sequence_sha256="0" * 64,
        input_tokens=900,
        output_tokens=12,
        status=200,
        auxiliary=False,
        off_script=False,
        turn_index=ordinal,
        body=body,
    )


def _requests() -> Iterator[ModelRequestRecord]:
    first, second, third = (("user", prompt) for prompt in _PROMPTS)
    recap = ("user", "You are continuing an AgentOS session whose adapter could not restore native context. "
             + json.dumps([{"sessionUpdate": kind, "text": text} for kind, text in (first, *_TURN)] * 4))  # fmt: skip
    for lane in (0, 1):
        yield request(lane, 1, 0, [first])
        yield request(lane, 1, 1, [first, *_TURN[:2]])
    yield request(0, 2, 0, [first, *_TURN, second])
    yield request(0, 3, 0, [third])
    yield request(1, 2, 0, [recap])


def chain_rows() -> list[Write]:
    """Everything that is stored of the chain."""
    failed = {"status": "failed", "observed_status": "failed", "error_code": "session_restore_failed"}
    return [
        chain(),
        *_requests(),
        beat_run(0, 1),
        beat_run(1, 1),
        beat_run(0, 2),
        beat_run(1, 2),
        beat_run(0, 3, status="failed", observed_status="failed", error_message="recalled-again.txt is missing"),
        beat_run(1, 3, **failed, error_message="the VM's session ended before the prompt was acknowledged"),
        verdict(0, 2, "native", "5 earlier messages stand as messages of their own; both canaries are among them"),
        verdict(1, 2, "recap", "both canaries are quoted in 1 user message; nothing stands as a message of its own"),
        verdict(0, 3, "fresh", "neither canary is in the request; 2 messages instead of 8"),
        verdict(1, 3, "failed", "no request came: session_restore_failed"),
        step(1, 0, "beat", "beat 1 succeeded", run_id="chain-run-0-1"),
        step(2, 1, "beat", "beat 1 succeeded", run_id="chain-run-1-1"),
        step(3, 0, "beat", "beat 2 succeeded: native", run_id="chain-run-0-2"),
        step(4, 1, "beat", "beat 2 succeeded: recap", run_id="chain-run-1-2"),
        step(5, 0, "delete-store", "deleted 1 file of lane A; the stored session still names what is gone",
             before_json='{"files": [{"path": "/home/pi/a.jsonl"}]}', after_json='{"files": []}'),
        step(6, 0, "kill-sidecar", "lane A runs no agentos-sidecar: its agent works on the host", "refused"),
        step(7, 1, "kill-sidecar", "killed the VM's sidecar of lane B (SIGKILL to 4242); its bridge 4240 lives on"),
        step(8, 0, "beat", "beat 3 failed: fresh", "failed", run_id="chain-run-0-3"),
        step(9, 1, "beat", "beat 3 failed: failed", "failed", run_id="chain-run-1-3"),
        *(
            SessionRecord(agent_id=f"agent-{lane}", adapter_type=RUNTIMES[lane].split("/", maxsplit=1)[0],
                          task_key=f"issue-{lane}", session_params_json=text, updated_at=AT)
            for lane, text in enumerate((SESSION, VM_SESSION))
        ),
    ]  # fmt: skip
