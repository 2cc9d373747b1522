"""The transcript table: what both views show of what the scripted model did."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import fmean
from typing import Final

from console.engine.report.blocks import Block, Paragraph, Row, Section, Table, columns, phrase, row
from console.engine.report.facts import ReportFacts, RunFacts, grouped
from console.engine.report.values import counted, share_text, significant

_VIEWS: Final = (("upstream", "Paperclip's view"), ("sidebeat", "Sidebeat's view"))
_COUNTS: Final = ("duplicates", "order_errors", "prompt_echoes")


def transcript_section(facts: ReportFacts) -> Section:
    """Both views of each runtime, then what belongs to the log itself."""
    return Section("Transcripts", "transcripts", tuple(_blocks(facts)))


def measured_runs(facts: ReportFacts) -> list[RunFacts]:
    """Runs whose transcript was held against what the model really did."""
    return [item for item in facts.ended if "upstream_recall" in item.metrics]


def _blocks(facts: ReportFacts) -> Iterator[Block]:
    yield Paragraph(
        phrase(
            "The script says exactly what the model said and which tools it called: each transcript is held to it. "
            "Recall is the share of those items that is shown; a duplicate is one shown again; an order error stands "
            "before what came earlier; an echo is the prompt shown as if the agent had said it."
        )
    )
    runs = measured_runs(facts)
    if not runs:
        yield Paragraph(phrase("No transcript has been measured yet: that takes a beat with scripted answers."))
        return
    groups = grouped(runs, lambda item: item.runtime)
    yield Table(
        columns("runtime", "view", ">runs", ">recall", ">duplicates", ">order errors", ">prompt echoes"),
        tuple(_view_row(runtime, found, view, title) for runtime, found in groups.items() for view, title in _VIEWS),
        "Recall is the mean of the runs, with its worst; counts are totals over all runs, with the most in one",
    )
    yield Table(
        columns(
            "runtime",
            ">runs",
            ">unparsed lines",
            ">lost characters",
            ">tool results complete",
            ">input usage off by",
            ">output usage off by",
            ">failures visible",
        ),
        tuple(_log_row(runtime, found) for runtime, found in groups.items()),
        "The log itself, and the usage that the adapter reports against the endpoint's own count",
    )
    yield Paragraph(
        phrase(f"From {counted(len(runs), 'run')}. Usage is off by the mean of reported minus counted tokens."), "muted"
    )


def _view_row(runtime: str, runs: Sequence[RunFacts], view: str, title: str) -> Row:
    recalls = _values(runs, f"{view}_recall")
    recall = _recall(recalls) if recalls else "—"
    counts = [_total(_values(runs, f"{view}_{name}")) for name in _COUNTS]
    return row(runtime, title, str(len(runs)), recall, *counts)


def _recall(values: Sequence[float]) -> str:
    mean, worst = share_text(fmean(values)), share_text(min(values))
    return mean if mean == worst else f"{mean}, worst {worst}"


def _log_row(runtime: str, runs: Sequence[RunFacts]) -> Row:
    complete = _values(runs, "tool_results_complete")
    visible = _values(runs, "errors_visible")
    return row(
        runtime,
        str(len(runs)),
        _total(_values(runs, "unparsed_lines")),
        _total(_values(runs, "lost_characters")),
        share_text(fmean(complete)) if complete else "—",
        _off(_values(runs, "usage_input_error_tokens")),
        _off(_values(runs, "usage_output_error_tokens")),
        f"{sum(value > 0 for value in visible)} of {len(visible)}" if visible else "none failed",
    )


def _values(runs: Sequence[RunFacts], name: str) -> list[float]:
    return [item.metrics[name] for item in runs if name in item.metrics]


def _total(values: Sequence[float]) -> str:
    if not values:
        return "—"
    most = max(values)
    return f"{significant(sum(values))}, at most {significant(most)}" if most else "0"


def _off(values: Sequence[float]) -> str:
    if not values:
        return "—"
    mean = fmean(values)
    return f"{'+' if mean > 0 else ''}{significant(mean)} tokens"
