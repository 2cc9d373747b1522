"""The numbers of one run, from its stored rows; only the times of the steps come from the beat itself.

What each means, and where its clock starts and stops, is in `console/engine/measures/metrics.toml`.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from console.engine.beat.step_clock import StepClock
from console.engine.events import Step
from console.engine.step_metrics import STEP_METRICS
from store import Queries
from store.records import (
    MetricRecord,
    ModelRequestRecord,
    ProcessSampleRecord,
    ResumeVerdictRecord,
    RunRecord,
    TranscriptEntryRecord,
)

Number = tuple[str, float, str]
"""(name, value, unit)."""

MODEL_KINDS: Final = frozenset({"assistant", "thinking", "tool_call"})
"""The kinds of entries that show what the model said."""


@dataclass(frozen=True, slots=True)
class BeatReadings:
    """What was read while the beat ran and lies in no row; None is unknown."""

    steps: StepClock
    execute_ms: float | None
    persist_ms: float | None = None
    disk_bytes: int | None = None
    log_bytes: int | None = None


async def run_metrics(queries: Queries, run_id: str, readings: BeatReadings) -> list[MetricRecord]:
    """All metrics of a run that are known when its session is stored; one that cannot be known is left out."""
    requests = await queries.model_requests(run_id)
    own = [request for request in requests if not request.auxiliary]
    entries = await queries.transcript_entries(run_id)
    numbers = [
        *step_numbers(readings),
        *request_numbers(own, readings),
        *entry_numbers(entries, own),
        *process_numbers(await queries.process_samples(run_id)),
    ]
    return _records(run_id, numbers)


def outcome_metrics(run: RunRecord) -> list[MetricRecord]:
    """Whether it succeeded, as a number; the operator's own cancel says nothing of the runtime."""
    if run.status == "cancelled":
        return []
    return _records(run.id, [("succeeded", float(run.status == "succeeded"), "share")])


def verdict_metrics(verdict: ResumeVerdictRecord) -> list[MetricRecord]:
    """What a beat after the first resumed, as numbers."""
    native = verdict.verdict == "native"
    with_context = native or verdict.verdict == "recap"
    numbers = [
        ("resumed_native", float(native), "share"),
        ("resumed_with_context", float(with_context), "share"),
    ]
    return _records(verdict.run_id, numbers)


def teardown_metrics(
    run_id: str, *, teardown_ms: float, processes_stopped: int, processes_left: int | None
) -> list[MetricRecord]:
    """What is known only when everything has stopped; `processes_left` is None where a bridge is kept."""
    numbers: list[Number] = [
        ("teardown_ms", teardown_ms, "ms"),
        ("processes_stopped", processes_stopped, "processes"),
    ]
    if processes_left is not None:
        numbers.append(("processes_left", processes_left, "processes"))
    return _records(run_id, numbers)


def step_numbers(readings: BeatReadings) -> Iterator[Number]:
    """The steps before `execute`, and what else the beat itself timed."""
    steps = readings.steps
    for step, name in STEP_METRICS.items():
        if step in steps.took_ms:
            yield name, steps.took_ms[step], "ms"
    if Step.SPAWNED in steps.reached_ms:
        yield "execute_to_spawn_ms", steps.reached_ms[Step.SPAWNED], "ms"
    if readings.execute_ms is not None:
        yield "execute_ms", readings.execute_ms, "ms"
    if readings.persist_ms is not None:
        yield "persist_ms", readings.persist_ms, "ms"
    if readings.disk_bytes is not None:
        yield "disk_bytes", readings.disk_bytes, "bytes"
    if readings.log_bytes is not None:
        yield "log_bytes", readings.log_bytes, "bytes"


def request_numbers(own: Sequence[ModelRequestRecord], readings: BeatReadings) -> Iterator[Number]:
    """From the conversation's requests, in their order."""
    yield "model_requests", len(own), "requests"
    if not own:
        return
    first_ms, execute_ms = own[0].at_ms, readings.execute_ms
    yield "execute_to_first_request_ms", first_ms, "ms"
    spawned_ms = readings.steps.reached_ms.get(Step.SPAWNED)
    if spawned_ms is not None and spawned_ms <= first_ms:
        yield "spawn_to_first_request_ms", first_ms - spawned_ms, "ms"
    model_ms, gaps_ms = busy_ms(own), answer_gaps_ms(own)
    yield "model_ms", model_ms, "ms"
    yield "between_requests_ms", sum(gap_ms for _, gap_ms in gaps_ms), "ms"
    tool_gaps_ms = [gap_ms for answer, gap_ms in gaps_ms if answer.response_kind == "tool_calls"]
    if tool_gaps_ms:
        yield "tool_gap_ms", statistics.median(tool_gaps_ms), "ms"
    if execute_ms is not None:
        yield "last_answer_to_result_ms", execute_ms - max(map(_end_ms, own)), "ms"
        yield "execute_minus_model_ms", execute_ms - model_ms, "ms"
    yield "input_tokens", sum(request.input_tokens or 0 for request in own), "tokens"
    yield "output_tokens", sum(request.output_tokens or 0 for request in own), "tokens"


def busy_ms(requests: Sequence[ModelRequestRecord]) -> float:
    """How long the endpoint had at least one of these requests in hand."""
    total_ms, until_ms = 0.0, float("-inf")
    for request in sorted(requests, key=lambda item: item.at_ms):
        total_ms += max(0.0, _end_ms(request) - max(until_ms, request.at_ms))
        until_ms = max(until_ms, _end_ms(request))
    return total_ms


def answer_gaps_ms(requests: Sequence[ModelRequestRecord]) -> list[tuple[ModelRequestRecord, float]]:
    """Each answered request that another follows, and the time from its answer's end to that one; 0 if it overlaps."""
    return [(early, max(0.0, late.at_ms - _end_ms(early))) for early, late in pairwise(requests)]


def entry_numbers(entries: Sequence[TranscriptEntryRecord], own: Sequence[ModelRequestRecord]) -> Iterator[Number]:
    """When something could be read; what is logged before the first request is not the model's, whatever its kind."""
    if entries:
        yield "execute_to_first_sign_ms", entries[0].at_ms, "ms"
    asked_ms = own[0].at_ms if own else float("inf")
    said_ms = (entry.at_ms for entry in entries if entry.kind in MODEL_KINDS and entry.at_ms >= asked_ms)
    first_ms = next(said_ms, None)
    if first_ms is not None:
        yield "execute_to_first_entry_ms", first_ms, "ms"


def process_numbers(samples: Sequence[ProcessSampleRecord]) -> Iterator[Number]:
    """From the samples of the process tree, in order of time."""
    if not samples:
        return
    pss_bytes = [sample.pss_bytes for sample in samples if sample.pss_bytes is not None]
    if pss_bytes:
        yield "peak_pss_bytes", max(pss_bytes), "bytes"
    yield "peak_rss_bytes", max(sample.rss_bytes for sample in samples), "bytes"
    yield "peak_process_count", max(sample.process_count for sample in samples), "processes"
    # A bridge that is kept has worked for earlier beats.
    yield "cpu_seconds", max(sample.cpu_seconds for sample in samples) - samples[0].cpu_seconds, "s"


def _end_ms(request: ModelRequestRecord) -> float:
    return request.at_ms + (request.duration_ms or 0.0)


def _records(run_id: str, numbers: Sequence[Number]) -> list[MetricRecord]:
    return [MetricRecord(run_id=run_id, name=name, value=value, unit=unit) for name, value, unit in numbers]
