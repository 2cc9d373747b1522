"""How a beat ended, judged twice: by upstream's rule, and by what the console saw."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from adapters.contract import AdapterExecutionResult

RunStatus = Literal["succeeded", "failed", "cancelled", "timed_out", "interrupted"]
StoppedBy = Literal["operator", "watchdog"]


@dataclass(frozen=True, slots=True)
class Observation:
    """What the console knows of a finished beat beyond the adapter's own word."""

    request_count: int
    """Requests of the beat that reached the model endpoint, auxiliary ones left out."""
    off_script_count: int
    """Requests for which the script had no turn."""
    broken_expectations: Sequence[str]
    agent_errors: Sequence[str]
    """Errors that the agent logged in its last turn, whatever its exit code."""
    said_anything: bool
    """Whether the transcript holds any text or tool call of the agent."""
    stopped_by: StoppedBy | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """A status with the error code and the sentence that explain it; both None on success."""

    status: RunStatus
    code: str | None = None
    reason: str | None = None


CANCELLED = Outcome("cancelled", "cancelled", "cancelled by the operator")


@dataclass(frozen=True, slots=True)
class TwoOutcomes:
    """Both judgements; `difference` says why they part, and is None when they agree."""

    upstream: Outcome
    observed: Outcome
    difference: str | None


def upstream_outcome(
    result: AdapterExecutionResult | None, thrown: str | None, stopped_by: StoppedBy | None = None
) -> Outcome:
    """Paperclip's rule at the pinned version (`server/services/heartbeat.js`, outcome of executeRun).

    A row that is already terminal wins: an operator's cancel is recorded before the adapter returns. The watchdog is
    the console's own, and upstream knows nothing of it.
    """
    if stopped_by == "operator":
        return CANCELLED
    if result is None:
        return Outcome("failed", "adapter_failed", thrown or "the adapter returned nothing")
    if result.timed_out:
        return Outcome("timed_out", "timeout", result.error_message or "timed out")
    if (result.exit_code or 0) == 0 and not result.error_message and not result.signal:
        return Outcome("succeeded")
    ended = f"signal {result.signal}" if result.signal else f"exit code {result.exit_code}"
    return Outcome("failed", result.error_code or "adapter_failed", result.error_message or ended)


def observed_outcome(upstream: Outcome, seen: Observation) -> Outcome:
    """What the console saw; it can only be worse than upstream's, never better."""
    if seen.stopped_by == "operator":
        return CANCELLED
    if seen.stopped_by == "watchdog":
        return Outcome("timed_out", "watchdog", "the console stopped it: it outlived its time limit and its grace")
    if upstream.status != "succeeded":
        return upstream
    return next(_unseen_failures(seen), upstream)


def _unseen_failures(seen: Observation) -> Iterator[Outcome]:
    """What upstream's rule cannot see, the gravest first."""
    if seen.request_count == 0:
        yield Outcome("failed", "no_model_request", "the run ended without one request to the model endpoint")
    if seen.agent_errors:
        yield Outcome("failed", "agent_error", f"the agent's last turn failed: {seen.agent_errors[-1]}")
    if not seen.said_anything:
        yield Outcome("failed", "empty_transcript", "the run ended without a word or a tool call of the agent")
    if seen.broken_expectations:
        yield Outcome("failed", "expectation_failed", "; ".join(seen.broken_expectations))
    if seen.off_script_count:
        times = f"{seen.off_script_count} request" + ("s" if seen.off_script_count > 1 else "")
        yield Outcome("failed", "off_script", f"{times} went beyond the script's last turn")


def judge(result: AdapterExecutionResult | None, thrown: str | None, seen: Observation) -> TwoOutcomes:
    """Both outcomes of a beat. `thrown` is the adapter's own exception, when it threw one."""
    upstream = upstream_outcome(result, thrown, seen.stopped_by)
    observed = observed_outcome(upstream, seen)
    if upstream.status == observed.status:
        return TwoOutcomes(upstream, observed, None)
    difference = f"upstream's rule says {upstream.status}, but {observed.reason}"
    return TwoOutcomes(upstream, observed, difference)
