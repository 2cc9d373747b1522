"""What a run says on its issue when it ends."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal

from adapters.contract import AdapterExecutionResult
from console.engine.outcome import TwoOutcomes

MAX_SUMMARY_CHARS = 1_200
WITHHELD = "Run completed. Agent did not post a summary comment this run (transcript withheld \N{EM DASH} see run log)."
_NARRATION = re.compile(
    r"(let me|i['\u2019]ll|i['\u2019]m|(now|next) i['\u2019]ll) |i can see|looking at|fetching|checking|first,",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class RunComment:
    """A comment to post: by the agent when it is its own summary, by the system when it reports a failure."""

    author_kind: Literal["agent", "system"]
    body: str


def run_comment(result: AdapterExecutionResult | None, outcomes: TwoOutcomes, *, runtime_key: str) -> RunComment | None:
    """The comment of a finished run; None when a successful run has nothing to say.

    Success follows Paperclip's rule (`server/services/heartbeat-run-summary.js`): the summary, unless it is long or
    reads like narration. Upstream posts nothing on failure; Sidebeat always says what happened and what to do.
    """
    if outcomes.observed.status == "succeeded":
        text = _summary_text(result)
        if text is None:
            return None
        withheld = len(text) > MAX_SUMMARY_CHARS or _NARRATION.match(text) is not None
        return RunComment("agent", WITHHELD if withheld else text)
    return RunComment("system", _failure_text(outcomes, runtime_key, _summary_text(result)))


def _summary_text(result: AdapterExecutionResult | None) -> str | None:
    if result is None:
        return None
    stored: dict[str, Any] = result.result_json or {}
    for candidate in (result.summary, stored.get("result"), stored.get("message")):
        if isinstance(candidate, str) and candidate.strip():
            return candidate.strip()
    return None


def _failure_text(outcomes: TwoOutcomes, runtime_key: str, summary: str | None) -> str:
    observed = outcomes.observed
    lines = [f"Run {observed.status.replace('_', ' ')} on {runtime_key}: {observed.reason or 'no reason given'}."]
    if observed.code:
        lines.append(f"Error code: {observed.code}.")
    if outcomes.difference:
        lines.append(f"Upstream's rule would record it as {outcomes.upstream.status}.")
    if summary is not None and len(summary) <= MAX_SUMMARY_CHARS:
        lines.append(f"The agent's own summary was: {summary}")
    lines.append("The run log holds everything it said; the next beat keeps the session unless told otherwise.")
    return "\n".join(lines)
