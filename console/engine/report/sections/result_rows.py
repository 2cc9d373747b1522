"""An experiment's numbers as table rows."""

from __future__ import annotations

from typing import Final

from console.engine.experiment.results import Comparison, ExperimentResult
from console.engine.report.blocks import Row, columns, row
from console.engine.report.facts import ReportFacts
from console.engine.report.values import counted, quantity, ratio_text
from console.engine.report.wording import share_of
from console.engine.statistics.figures import Interval, Summary

COMPARISON_COLUMNS: Final = columns(
    "metric", ">pairs", ">baseline p50", ">candidate p50", ">difference, 95% interval", "verdict"
)
HIDDEN: Final = "not told"


def order_facts(result: ExperimentResult) -> list[tuple[str, str]]:
    """How the experiment was ordered, and how far it came."""
    experiment, progress = result.experiment, result.progress
    state = f"{experiment.state}{f': {experiment.state_reason}' if experiment.state_reason else ''}"
    stops = ", may stop as soon as it is settled" if experiment.stops_when_settled else ""
    return [
        ("kind", "a runtime against itself (A/A)" if experiment.kind == "self-check" else "runtimes against the first"),
        ("runtimes", ", ".join(arm.runtime_key for arm in result.arms)),
        ("scenarios", ", ".join(result.scenarios)),
        ("starts", experiment.temperature),
        ("pairs", f"{progress.finished_pairs} of {experiment.max_pairs}, at least {experiment.min_pairs}{stops}"),
        ("warm-up", f"{counted(progress.warmup_pairs_done, 'pair')} run and discarded"),
        ("order", f"ABBA in blocks, seed {experiment.seed}"),
        ("state", state),
        ("ran", _times(experiment.started_at, experiment.finished_at)),
    ]


def _times(started_at: str | None, finished_at: str | None) -> str:
    if started_at is None:
        return "not started"
    return f"{started_at} to {finished_at}" if finished_at is not None else f"from {started_at}, not finished"


def margin_text(item: Comparison) -> str:
    """The margin that counts; one that is not the first says so for ever."""
    if item.margin is None:
        return "—"
    return f"{ratio_text(item.margin.ratio)}{' (changed)' if item.margin.was_changed else ''}"


def metric_title(facts: ReportFacts, result: ExperimentResult, item: Comparison) -> str:
    """The metric's title with its beat, and its scenario where the experiment has several."""
    definition = facts.definitions.find(item.metric)
    title = item.title or (definition.title if definition is not None else item.metric)
    beat = "" if item.beat_index == 1 else f", beat {item.beat_index}"
    scenario = item.scenario or "all scenarios"
    return f"{title}{beat}{f', {scenario}' if len(result.scenarios) > 1 else ''}"


def comparison_row(facts: ReportFacts, result: ExperimentResult, item: Comparison) -> Row:
    """One metric: both medians, the difference, and the verdict where it may be told."""
    if item.baseline_rate is not None and item.candidate_rate is not None:
        rates = [share_of(rate.successes, rate.n) for rate in (item.baseline_rate, item.candidate_rate)]
        return row(metric_title(facts, result, item), str(item.candidate_rate.n), *rates, "—", "—")
    pairing = item.pairing
    difference = "—"
    if pairing.mean_difference is not None:
        difference = f"{_signed(pairing.mean_difference, item.unit)}{_ends(pairing.difference_interval, item.unit)}"
    why = f" (no ratio: {pairing.no_ratio_because})" if pairing.ratio is None and pairing.no_ratio_because else ""
    return row(
        metric_title(facts, result, item),
        f"{pairing.n}{f' (+{item.incomplete_pairs} incomplete)' if item.incomplete_pairs else ''}",
        _middle(item, item.baseline),
        _middle(item, item.candidate),
        difference,
        f"{verdict_text(result, item)}{why}",
    )


def verdict_text(result: ExperimentResult, item: Comparison) -> str:
    """The verdict with the pairs it still needs; hidden while the self-check has not passed."""
    if result.verdicts_hidden_because:
        return HIDDEN
    more = f", about {counted(item.pairs_needed, 'more pair')}" if item.pairs_needed else ""
    return f"{item.verdict}{more}"


def _middle(item: Comparison, summary: Summary) -> str:
    """The median; values of several scenarios have none in common."""
    if summary.p50 is None and item.scenario is None:
        return "over several"
    if summary.p50 is None:
        return f"n={summary.n}, too few" if summary.n else "—"
    return f"{quantity(summary.p50, item.unit)}{' (rough)' if summary.p50_is_rough else ''}"


def _signed(value: float, unit: str) -> str:
    if unit == "share":
        return f"{value * 100:+.0f} points"
    return f"{'+' if value > 0 else ''}{quantity(value, unit)}"


def _ends(interval: Interval | None, unit: str) -> str:
    return f" ({_signed(interval.low, unit)} to {_signed(interval.high, unit)})" if interval is not None else ""
