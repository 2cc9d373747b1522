"""A chain as JSON: every step with what it changed, every beat with its verdict and the shape of its requests."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from console.engine.chain.manipulation import LETTERS, stored_params
from console.engine.chain.reading import ChainBeat, ChainItem, ChainLane, ChainView
from console.engine.chain.shapes import beat_requests, request_shape
from store import Queries
from store.records import ResumeVerdictRecord


async def chain_report(queries: Queries, view: ChainView) -> dict[str, Any]:
    """Everything that is stored of a chain, without the text of requests. Raises StoreError."""
    chain = view.chain
    return {
        "chain": {
            "id": chain.id,
            "number": chain.number,
            "scenario": chain.scenario,
            "bridge_mode": chain.bridge_mode,
            "plan": chain.plan,
            "created_at": chain.created_at,
        },
        "lanes": [await _lane(queries, lane) for lane in view.lanes],
    }


async def _lane(queries: Queries, lane: ChainLane) -> dict[str, Any]:
    return {
        "lane": LETTERS[lane.lane_index],
        "runtime": lane.runtime_key,
        "issue_id": lane.issue_id,
        "session": stored_params(lane.session),
        "fresh_in_a_row": lane.fresh_in_a_row,
        "verdicts": [beat.word for beat in lane.beats[1:]],
        "steps": [await _step(queries, item) for item in lane.items],
    }


async def _step(queries: Queries, item: ChainItem) -> dict[str, Any]:
    step = item.step
    told = {
        "step": step.step_no,
        "action": step.action,
        "state": step.state,
        "statement": step.statement,
        "before": _parsed(step.before_json),
        "after": _parsed(step.after_json),
        "at": step.at,
    }
    return {**told, "beat": await _beat(queries, item)} if isinstance(item, ChainBeat) else told


async def _beat(queries: Queries, beat: ChainBeat) -> dict[str, Any] | None:
    if beat.run is None:
        return None
    requests = [request_shape(request) for request in await beat_requests(queries, beat.run.id)]
    return {
        "number": beat.beat_index,
        "run_id": beat.run.id,
        "status": beat.run.status,
        "upstream_status": beat.run.upstream_status,
        "error": beat.run.error_message,
        "error_code": beat.run.error_code,
        "execution_root": beat.run.execution_root,
        "fresh_session_reason": beat.run.fresh_session_reason,
        "verdict": _verdict(beat.verdict),
        "requests": [asdict(shape) for shape in requests],
    }


def _verdict(verdict: ResumeVerdictRecord | None) -> dict[str, Any] | None:
    if verdict is None:
        return None
    told = asdict(verdict)
    told["canaries"] = _parsed(told.pop("canaries_json"))
    return told


def _parsed(text: str | None) -> Any:
    return None if text is None else json.loads(text)
