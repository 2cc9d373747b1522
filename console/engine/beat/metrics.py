"""The numbers of one run, from its stored rows; only the step times come from the beat itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from console.engine.beat.step_clock import StepClock
from console.engine.events import Step
from console.engine.step_metrics import STEP_METRICS
from store import Queries
from store.records import MetricRecord, ModelRequestRecord, ProcessSampleRecord


async def run_metrics(queries: Queries, run_id: str, steps: StepClock, execute_ms: float | None) -> list[MetricRecord]:
    """All metrics of a run; one that cannot be known is left out."""
    requests = await queries.model_requests(run_id)
    samples = await queries.process_samples(run_id)
    numbers = [*_step_times(steps, execute_ms), *_model_numbers(requests, execute_ms), *_process_numbers(samples)]
    return [MetricRecord(run_id=run_id, name=name, value=value, unit=unit) for name, value, unit in numbers]


def _step_times(steps: StepClock, execute_ms: float | None) -> Iterator[tuple[str, float, str]]:
    for step, name in STEP_METRICS.items():
        if step in steps.took_ms:
            yield name, steps.took_ms[step], "ms"
    if Step.SPAWNED in steps.took_ms:
        yield "execute_to_spawn_ms", steps.took_ms[Step.SPAWNED], "ms"
    if execute_ms is not None:
        yield "execute_ms", execute_ms, "ms"


def _model_numbers(
    requests: Sequence[ModelRequestRecord], execute_ms: float | None
) -> Iterator[tuple[str, float, str]]:
    own = [request for request in requests if not request.auxiliary]
    yield "model_requests", len(own), "requests"
    if not own:
        return
    ends_ms = [request.at_ms + (request.duration_ms or 0.0) for request in own]
    gaps_ms = [max(0.0, late.at_ms - end) for late, end in zip(own[1:], ends_ms, strict=False)]
    yield "execute_to_first_request_ms", own[0].at_ms, "ms"
    yield "model_ms", sum(request.duration_ms or 0.0 for request in own), "ms"
    yield "between_requests_ms", sum(gaps_ms), "ms"
    if execute_ms is not None:
        yield "last_answer_to_result_ms", execute_ms - ends_ms[-1], "ms"
    yield "input_tokens", sum(request.input_tokens or 0 for request in own), "tokens"
    yield "output_tokens", sum(request.output_tokens or 0 for request in own), "tokens"


def _process_numbers(samples: Sequence[ProcessSampleRecord]) -> Iterator[tuple[str, float, str]]:
    if not samples:
        return
    yield "peak_rss_bytes", max(sample.rss_bytes for sample in samples), "bytes"
    yield "peak_process_count", max(sample.process_count for sample in samples), "processes"
    yield "cpu_seconds", max(sample.cpu_seconds for sample in samples), "s"
