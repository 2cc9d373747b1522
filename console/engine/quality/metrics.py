"""The numbers of a transcript's quality, as the metrics of a run."""

from __future__ import annotations

from collections.abc import Iterator

from console.engine.quality.reading import transcript_quality, visible_errors
from console.engine.quality.result import ErrorVisibility, TranscriptQuality, ViewQuality
from store import Queries
from store.records import MetricRecord, RunRecord

Number = tuple[str, float, str]


async def quality_metrics(queries: Queries, run: RunRecord) -> list[MetricRecord]:
    """All that can be known; of a run without scripted answers only whether it shows that it failed."""
    quality = await transcript_quality(queries, run)
    errors = quality.errors if quality is not None else await visible_errors(queries, run)
    numbers = [*(_of_quality(quality) if quality is not None else ()), *_of_errors(errors)]
    return [MetricRecord(run_id=run.id, name=name, value=float(value), unit=unit) for name, value, unit in numbers]


def _of_quality(quality: TranscriptQuality) -> Iterator[Number]:
    """What has no view in its name is of upstream's: what somebody would see in Paperclip."""
    yield from _of_view("upstream", quality.upstream)
    yield from _of_view("sidebeat", quality.sidebeat)
    yield "unparsed_lines", quality.upstream.unparsed_lines, "lines"
    yield "lost_characters", quality.upstream.lost_characters, "characters"
    if quality.upstream.tool_results_complete is not None:
        yield "tool_results_complete", quality.upstream.tool_results_complete, "share"
    for name, tokens in (("input", quality.usage.input), ("output", quality.usage.output)):
        if tokens.error is not None:
            yield f"usage_{name}_error_tokens", tokens.error, "tokens"


def _of_view(name: str, view: ViewQuality) -> Iterator[Number]:
    yield f"{name}_recall", view.recall, "share"
    yield f"{name}_duplicates", view.duplicates, "count"
    yield f"{name}_order_errors", view.order_errors, "count"
    yield f"{name}_prompt_echoes", view.prompt_echoes, "count"


def _of_errors(errors: ErrorVisibility | None) -> Iterator[Number]:
    if errors is not None:
        yield "errors_visible", errors.is_visible_upstream, "share"
