"""After `execute`: what is seen is judged, stored, and said on the issue."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from adapters.bridge import AdapterThrewError, Bridge, BridgeError
from adapters.contract import AdapterExecutionResult
from adapters.model_endpoint import ModelRequest
from adapters.scenario import ExpectationResult
from console.engine.beat.order import BeatOrder, Services
from console.engine.clock import iso_utc
from console.engine.comment_text import run_comment
from console.engine.events import SessionChanged
from console.engine.outcome import Observation, TwoOutcomes, judge
from console.engine.redaction import redacted
from console.engine.session_rules import FINGERPRINT_KEY, StoredSession, kept_session, next_session, returned_params
from store.records import RunRecord, SessionAction, SessionDeleted, SessionEventRecord, SessionRecord


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a beat left behind for judgement."""

    result: AdapterExecutionResult | None
    thrown: str | None
    requests: Sequence[ModelRequest]
    expectations: Sequence[ExpectationResult]
    agent_error: str | None
    said_anything: bool
    stopped_by: Any = None


def judged(evidence: Evidence) -> TwoOutcomes:
    """Both outcomes of the beat."""
    own = [request for request in evidence.requests if not request.auxiliary]
    seen = Observation(
        request_count=len(own),
        off_script_count=sum(request.off_script for request in own),
        broken_expectations=[result.sentence for result in evidence.expectations if not result.held],
        agent_errors=[evidence.agent_error] if evidence.agent_error else [],
        said_anything=evidence.said_anything,
        stopped_by=evidence.stopped_by,
    )
    return judge(evidence.result, evidence.thrown, seen)


def with_outcomes(run: RunRecord, outcomes: TwoOutcomes, result: AdapterExecutionResult | None) -> RunRecord:
    """The run record with how it ended; its status is what the console observed."""
    observed = outcomes.observed
    ended = replace(
        run,
        status=observed.status,
        upstream_status=outcomes.upstream.status,
        observed_status=observed.status,
        outcome_reason=outcomes.difference,
        error_code=observed.code,
        error_message=observed.reason,
    )
    if result is None:
        return ended
    usage = {**result.usage.to_wire(), "usageBasis": result.usage_basis} if result.usage is not None else None
    return replace(
        ended,
        exit_code=result.exit_code,
        signal=result.signal,
        timed_out=result.timed_out,
        error_family=result.error_family,
        summary=result.summary,
        usage_json=json.dumps(usage) if usage is not None else None,
        result_json=json.dumps(result.to_wire(), ensure_ascii=False),
    )


def internal_error(run: RunRecord, error: Exception, ended_at: str) -> RunRecord:
    """The record of a run that an error of the console itself ended, whatever was known of it before."""
    known = "" if run.finished_at is None else f" (it had ended as {run.status.replace('_', ' ')})"
    what = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    sentence = (
        f"run {run.id[:8]} on {run.runtime_key} failed inside the console{known}: {what}; mend that and run it again"
    )
    return replace(
        run,
        status="failed",
        observed_status="failed",
        error_code="internal_error",
        error_message=sentence,
        outcome_reason=f"upstream's rule says {run.upstream_status}, but {sentence}"
        if run.upstream_status not in (None, "failed")
        else None,
        finished_at=ended_at,
    )


def expectations_json(results: Sequence[ExpectationResult]) -> str:
    """Every expectation with whether it held."""
    return json.dumps([asdict(result) for result in results], ensure_ascii=False)


def invocation_json(invocation: Mapping[str, object] | None) -> str | None:
    """How the agent was invoked, without secrets: an adapter redacts by names only, and not within JSON."""
    return json.dumps(redacted(invocation), ensure_ascii=False) if invocation else None


async def save_session(
    order: BeatOrder,
    services: Services,
    run: RunRecord,
    *,
    bridge: Bridge,
    previous: StoredSession | None,
    result: AdapterExecutionResult | None,
) -> RunRecord:
    """Store the session by upstream's rules, with its history; an adapter that threw keeps the previous one."""
    if result is None:
        decided = kept_session(previous, "the adapter threw")
    else:
        params, complaint = await _serialized(bridge, returned_params(previous, result))
        decided = next_session(previous, result, params)
        if complaint is not None:
            decided = replace(decided, reason=f"{decided.reason}; {complaint}")
    fingerprint = previous.fingerprint if decided.is_previous and previous is not None else order.fingerprint
    after_json = session_json(decided.params, fingerprint)
    key = {"agent_id": order.agent_id, "adapter_type": order.runtime.adapter.type, "task_key": order.issue.id}
    if decided.action == "clear":
        services.store.put(SessionDeleted(**key))
    elif after_json is not None or decided.display_id is not None:
        services.store.put(
            SessionRecord(
                **key,
                session_params_json=after_json,
                session_display_id=decided.display_id,
                last_run_id=run.id,
                last_error=run.error_message,
                updated_at=iso_utc(services.clock.epoch_s()),
            )
        )
    note_session(order, services, run, decided.action, decided.reason, after_json, decided.display_id)
    return replace(run, session_after_json=after_json)


def session_json(params: dict[str, Any] | None, fingerprint: str | None) -> str | None:
    """A session as it is stored: its params, and the fingerprint of the configuration that made it."""
    if not params:
        return None
    stamp = {FINGERPRINT_KEY: fingerprint} if fingerprint is not None else {}
    return json.dumps({**params, **stamp}, ensure_ascii=False)


async def _serialized(bridge: Bridge, params: dict[str, Any] | None) -> tuple[dict[str, Any] | None, str | None]:
    """The params through the adapter's codec, and what went wrong; then they are kept as the adapter returned them."""
    if params is None:
        return None, None
    try:
        return await bridge.serialize_session(params), None
    except AdapterThrewError as error:
        return params, f"stored as returned, for its codec threw: {error}"
    except BridgeError as error:
        return params, f"stored as returned, for its codec could not be asked: {error}"


def note_session(
    order: BeatOrder,
    services: Services,
    run: RunRecord,
    action: SessionAction,
    reason: str,
    params_json: str | None,
    display_id: str | None,
) -> None:
    """One line of the session's history."""
    change = SessionEventRecord(
        id=services.clock.new_id(),
        agent_id=order.agent_id,
        adapter_type=order.runtime.adapter.type,
        task_key=order.issue.id,
        run_id=run.id,
        at=iso_utc(services.clock.epoch_s()),
        action=action,
        reason=reason,
        session_params_json=params_json,
        session_display_id=display_id,
    )
    services.store.put(change)
    services.feed.publish(SessionChanged(change))


def post_comment(
    order: BeatOrder, services: Services, run: RunRecord, outcomes: TwoOutcomes, result: AdapterExecutionResult | None
) -> None:
    """The run's word on its issue: its summary, or what went wrong."""
    comment = run_comment(result, outcomes, runtime_key=order.runtime.key)
    if comment is None:
        return
    author = order.runtime.key if comment.author_kind == "agent" else "sidebeat"
    services.control_plane.comment(order.issue.id, comment.body, kind=comment.author_kind, author=author, run_id=run.id)
