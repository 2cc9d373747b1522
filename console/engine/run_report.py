"""A run as data, from its stored rows alone: what `beat --json` prints is what `show --json` reads back later."""

from __future__ import annotations

import json
from typing import Any

from adapters.contract import AdapterExecutionResult
from console.engine.quality.report import quality_report
from store import Queries
from store.records import ModelRequestRecord, ResumeVerdictRecord, RunRecord


async def run_report(queries: Queries, run: RunRecord, *, with_quality: bool = True) -> dict[str, Any]:
    """Everything that a script may want to know of a run; times in ms, sizes in bytes.

    The quality of its transcript takes reading all of it, so a list of runs may do without.
    """
    issue = await queries.issue(run.issue_id)
    requests = await queries.model_requests(run.id)
    entries = await queries.transcript_entries(run.id)
    rows = await queries.transcript_rows(run.id)
    changes = await queries.session_events(run.agent_id, run.adapter_type, run.task_key)
    comments = await queries.comments(run.issue_id)
    return {
        "id": run.id,
        "launch": run.launch_id,
        "runtime": run.runtime_key,
        "experimental": run.experimental,
        "issue": issue.identifier if issue is not None else None,
        "issue_id": run.issue_id,
        "scenario": run.scenario,
        "beat": run.beat_index,
        "status": run.status,
        "outcomes": {
            "upstream": run.upstream_status,
            "observed": run.observed_status,
            "difference": run.outcome_reason,
        },
        "error": {"code": run.error_code, "family": run.error_family, "message": run.error_message},
        "exit_code": run.exit_code,
        "signal": run.signal,
        "timed_out": run.timed_out,
        "wake_reason": run.wake_reason,
        "bridge_mode": run.bridge_mode,
        "model_mode": run.model_mode,
        "started_at": run.started_at,
        "finished_at": run.finished_at,
        "execution_root": {"kind": run.root_kind, "path": run.execution_root},
        "session": {
            "before": _parsed(run.session_before_json),
            "after": _parsed(run.session_after_json),
            "fresh_reason": run.fresh_session_reason,
            "changes": [
                {"action": change.action, "reason": change.reason, "display_id": change.session_display_id}
                for change in changes
                if change.run_id == run.id
            ],
        },
        "resume": _resume(await queries.resume_verdict(run.id)),
        "expectations": _parsed(run.expectations_json) or [],
        "usage": _parsed(run.usage_json),
        "usage_unavailable": _usage_unavailable(run),
        "requests": [_request(request) for request in requests],
        "metrics": {metric.name: metric.value for metric in await queries.metrics(run.id)},
        "transcript": {"entries": len(entries), "rows": len(rows)},
        "quality": await quality_report(queries, run) if with_quality else None,
        "log": {"bytes": run.log_bytes, "sha256": run.log_sha256},
        "summary": run.summary,
        "comments": [
            {"author": comment.author, "kind": comment.author_kind, "body": comment.body}
            for comment in comments
            if comment.run_id == run.id
        ],
        "provenance": _parsed(run.provenance_json),
    }


def _parsed(text: str | None) -> Any:
    return json.loads(text) if text else None


def _usage_unavailable(run: RunRecord) -> str | None:
    """Why the adapter gave no usage, if it said so."""
    if run.result_json is None:
        return None
    result = AdapterExecutionResult.model_validate_json(run.result_json)
    return (result.result_json or {}).get("usageUnavailable")


def _resume(verdict: ResumeVerdictRecord | None) -> dict[str, Any] | None:
    """What the beat resumed, as the model endpoint saw it; None for a first beat."""
    if verdict is None:
        return None
    return {
        "verdict": verdict.verdict,
        "reason": verdict.reason,
        "compared_with": verdict.previous_run_id,
        "messages": verdict.message_count,
        "previous_messages": verdict.previous_message_count,
        "common_prefix_messages": verdict.common_prefix_messages,
        "kept_messages": verdict.kept_messages,
        "role_sequence_sha256": verdict.role_sequence_sha256,
        "added_bytes": verdict.added_bytes,
        "added_tokens": verdict.added_tokens,
        "canaries": _parsed(verdict.canaries_json) or [],
        "compaction": verdict.compaction,
    }


def _request(request: ModelRequestRecord) -> dict[str, Any]:
    return {
        "ordinal": request.ordinal,
        "at_ms": request.at_ms,
        "duration_ms": request.duration_ms,
        "body_bytes": request.body_bytes,
        "roles": json.loads(request.message_roles_json),
        "role_sequence_sha256": request.role_sequence_sha256,
        "input_tokens": request.input_tokens,
        "output_tokens": request.output_tokens,
        "status": request.status,
        "auxiliary": request.auxiliary,
        "off_script": request.off_script,
        "turn": request.turn_index,
    }
