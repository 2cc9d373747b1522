"""The plots of an experiment, each with the table of its numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from console.engine.experiment.results import Arm, Comparison, ExperimentResult
from console.engine.report.blocks import Figure, RunLink, Table, columns, row
from console.engine.report.facts import MemoryTrace, ReportFacts
from console.engine.report.plots import (
    Curve,
    MemoryPlot,
    RateBar,
    RatePlot,
    Strip,
    StripPlot,
    Whisker,
    WhiskerPlot,
)
from console.engine.report.sections.result_rows import margin_text, metric_title, verdict_text
from console.engine.report.values import quantity, ratio_text
from console.engine.report.wording import share_of
from console.engine.statistics.figures import Summary

_CURVE_POINTS: Final = 120
_SMALLEST_CURVE: Final = 2


def whiskers_figure(
    facts: ReportFacts, result: ExperimentResult, arm: Arm, comparisons: Sequence[Comparison]
) -> Figure | None:
    """Ratios with intervals; None where no metric is above its floor."""
    hidden = bool(result.verdicts_hidden_because)
    whiskers: list[Whisker] = []
    rows = [
        row(metric_title(facts, result, item), str(item.pairing.n), *_ratio_cells(item), verdict_text(result, item))
        for item in comparisons
        if item.pairing.ratio is not None and item.pairing.ratio_interval is not None
    ]
    for item in comparisons:
        pairing = item.pairing
        if pairing.ratio is not None and pairing.ratio_interval is not None:
            low, high = pairing.ratio_interval.low, pairing.ratio_interval.high
            margin = item.margin.ratio if item.margin is not None else None
            title = metric_title(facts, result, item)
            whiskers.append(Whisker(title, low, pairing.ratio, high, margin, "" if hidden else item.verdict))
    if not whiskers:
        return None
    baseline = result.arms[0].runtime_key
    return Figure(
        f"{arm.runtime_key} against {baseline}",
        "Geometric mean of the paired ratios with its 95% t-interval on logarithms. The upright line is the baseline, "
        "the dashed mark the margin that was fixed for the metric.",
        WhiskerPlot(baseline, arm.runtime_key, tuple(whiskers)),
        Table(columns("metric", ">pairs", ">low", ">ratio", ">high", ">margin", "verdict"), tuple(rows)),
    )


def _ratio_cells(item: Comparison) -> tuple[str, str, str, str]:
    interval, ratio = item.pairing.ratio_interval, item.pairing.ratio
    ends = (ratio_text(interval.low), ratio_text(interval.high)) if interval is not None else ("—", "—")
    return ends[0], ratio_text(ratio) if ratio is not None else "—", ends[1], margin_text(item)


def strips_figure(facts: ReportFacts, result: ExperimentResult) -> Iterator[Figure]:
    """Every single value of the metrics that decide."""
    deciding = [item for item in result.comparisons if item.decides and item.scenario and item.pairing.n]
    for place in dict.fromkeys((item.metric, item.scenario, item.beat_index) for item in deciding):
        items = [item for item in deciding if (item.metric, item.scenario, item.beat_index) == place]
        first = items[0]
        arms = [(0, first.baseline), *((item.candidate_arm, item.candidate) for item in items)]
        named = [(index, result.arms[index].runtime_key, summary) for index, summary in arms]
        strips = tuple(
            Strip(_arm_name(index, key), index, tuple(sample.value for sample in summary.samples), summary.p50)
            for index, key, summary in named
        )
        rows = tuple(
            row(_arm_name(index, key), str(summary.n), *_spread(summary, first.unit), _outliers(summary))
            for index, key, summary in named
        )
        titles = columns("arm", ">n", ">least", ">p50", ">p95", ">most", ">outliers")
        yield Figure(
            f"{metric_title(facts, result, first)}: every value",
            "Each mark is one beat; the upright line is the arm's median. Outliers are flagged and never removed.",
            StripPlot(first.unit, strips),
            Table(titles, rows),
        )


def _arm_name(index: int, runtime_key: str) -> str:
    return f"{'ABCD'[min(index, 3)]} {runtime_key}"


def _spread(summary: Summary, unit: str) -> tuple[str, str, str, str]:
    values = (summary.minimum, summary.p50, summary.p95, summary.maximum)
    least, middle, high, most = ("n too small" if value is None else quantity(value, unit) for value in values)
    return least, middle, high, most


def _outliers(summary: Summary) -> str:
    return str(sum(sample.is_outlier for sample in summary.samples))


def success_figure(result: ExperimentResult) -> Figure:
    """The share of each arm's beats that succeeded."""
    bars = tuple(
        RateBar(
            _arm_name(arm.index, arm.runtime_key),
            arm.success.successes,
            arm.success.n,
            arm.success.interval.low,
            arm.success.interval.high,
        )
        for arm in result.arms
    )
    rows = tuple(
        row(
            _arm_name(arm.index, arm.runtime_key),
            share_of(arm.success.successes, arm.success.n),
            arm.agent_version or "not stored",
            " ".join(arm.caveats) or "—",
        )
        for arm in result.arms
    )
    return Figure(
        "Beats of the experiment that succeeded",
        "The whisker is Wilson's 95% interval.",
        RatePlot(bars),
        Table(columns("arm", ">succeeded (95% interval)", "agent", "caveats"), rows),
    )


def memory_figure(facts: ReportFacts) -> Figure | None:
    """Memory over time of one typical run of each runtime; None without samples."""
    if not facts.memory:
        return None
    has_pss = all(len(_sizes(trace, True)) >= _SMALLEST_CURVE for trace in facts.memory)
    what = "PSS" if has_pss else "RSS"
    curves = tuple(Curve(trace.run.runtime, index, _sizes(trace, has_pss)) for index, trace in enumerate(facts.memory))
    rows = tuple(
        row(
            trace.run.runtime,
            RunLink(trace.run.id),
            str(len(curve.points)),
            quantity(max(size for _, size in curve.points), "bytes"),
            str(max(sample.process_count for sample in trace.samples)),
            quantity(trace.samples[-1].at_ms, "ms"),
        )
        for trace, curve in zip(facts.memory, curves, strict=True)
    )
    scenario = facts.memory[0].run.run.scenario
    shared = "shared pages counted once" if has_pss else "shared pages counted for each process, so too high"
    return Figure(
        f"Memory of the processes of a beat ({what})",
        f"One first beat of {scenario} for each runtime: the one whose peak is the median. {what}: {shared}.",
        MemoryPlot(what, curves),
        Table(columns("runtime", "run", ">samples", ">peak", ">processes", ">until"), rows),
    )


def _sizes(trace: MemoryTrace, is_pss: bool) -> tuple[tuple[float, float], ...]:
    """The samples that have this size, thinned for the drawing but with its peak; PSS is not taken with each sample."""
    sized = [(sample.at_ms, sample.pss_bytes if is_pss else sample.rss_bytes) for sample in trace.samples]
    known = [(at_ms, float(size)) for at_ms, size in sized if size is not None]
    step = max(1, len(known) // _CURVE_POINTS)
    peak = max(known, key=lambda point: point[1], default=None)
    return tuple(point for number, point in enumerate(known) if not number % step or point == peak)
