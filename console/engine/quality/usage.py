"""The usage that the adapter reports against what the model endpoint counted in the same run."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, cast

from console.engine.quality.result import TokenComparison, UsageComparison
from store.records import ModelRequestRecord, RunRecord

_CUMULATIVE = "session_cumulative"


def compare_usage(run: RunRecord, requests: Sequence[ModelRequestRecord]) -> UsageComparison:
    """Of the conversation's requests; what the agent asked beside it (a title) is no usage of the run.

    The scripted model never says that it has read from a cache, so a cached token is one too many.
    """
    own = [request for request in requests if not request.auxiliary]
    reported = _reported(run.usage_json)
    basis = reported.get("usageBasis")
    unavailable = _unavailable(run, reported, basis)
    known = {} if unavailable is not None else reported
    return UsageComparison(
        basis=basis if isinstance(basis, str) else None,
        input=TokenComparison(_count(known, "inputTokens"), sum(request.input_tokens or 0 for request in own)),
        output=TokenComparison(_count(known, "outputTokens"), sum(request.output_tokens or 0 for request in own)),
        cached=TokenComparison(_count(known, "cachedInputTokens"), 0),
        unavailable=unavailable,
    )


def _reported(usage_json: str | None) -> dict[str, Any]:
    value: Any = json.loads(usage_json) if usage_json else None
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def _count(reported: dict[str, Any], name: str) -> int | None:
    value = reported.get(name)
    return int(value) if isinstance(value, int | float) else None


def _unavailable(run: RunRecord, reported: dict[str, Any], basis: object) -> str | None:
    if basis == _CUMULATIVE:
        return "the adapter reports the whole session's usage, of which one run is only a part"
    if reported:
        return None
    result = _reported(run.result_json).get("resultJson")
    why = cast("dict[str, Any]", result).get("usageUnavailable") if isinstance(result, dict) else None
    return str(why) if why else "the adapter's result has no usage"
