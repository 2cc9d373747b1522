"""An experiment as text: its table, its rates, its checks and its caveats."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from console.cli.plain import table
from console.engine.plain_text import one_line
from store.records import ExperimentRecord

if TYPE_CHECKING:
    from console.engine.experiment.results import Comparison, ExperimentResult
    from console.engine.statistics.figures import Check, Summary

HIDDEN = "-"


def print_experiment(result: ExperimentResult, *, as_json: bool) -> None:
    """The whole result, as text or as JSON."""
    from console.engine.experiment.as_data import result_data

    if as_json:
        click.echo(json.dumps(result_data(result), indent=2, ensure_ascii=True))
        return
    click.echo(one_line(_head(result)))
    _print_comparisons(result)
    for line in _foot(result):
        click.echo(one_line(line))


def print_experiments(listed: Sequence[tuple[ExperimentRecord, int]]) -> None:
    """One line each."""
    if not listed:
        click.echo("No experiments yet: see `sidebeat experiment --help`.", err=True)
        return
    rows = [
        (record.number, record.kind, record.state, f"{pairs} of {record.max_pairs}", record.created_at, record.title)
        for record, pairs in listed
    ]
    table(("NUMBER", "KIND", "STATE", "PAIRS", "PLANNED", "TITLE"), rows)


def _head(result: ExperimentResult) -> str:
    record, progress = result.experiment, result.progress
    return " · ".join(
        (
            f"Experiment {record.number}   {', '.join(result.scenarios)}",
            " against ".join(f"{'ABCD'[arm.index]} {arm.runtime_key}" for arm in result.arms),
            record.temperature,
            f"ABBA seed {record.seed}",
            f"{progress.finished_pairs} of {progress.max_pairs} pairs",
            f"{record.state}{f' ({record.state_reason})' if record.state_reason else ''}",
        )
    )


def _print_comparisons(result: ExperimentResult) -> None:
    several_arms, several_scenarios = len(result.arms) > 2, len(result.scenarios) > 1
    headings = ["METRIC", "BEAT"]
    headings += ["SCENARIO"] * several_scenarios + ["CANDIDATE"] * several_arms
    headings += [
        "A P50",
        "B P50" if not several_arms else "P50",
        "RATIO (95%)",
        "DIFFERENCE (95%)",
        "VERDICT",
        "CHECKS",
    ]
    rows: list[list[object]] = []
    for item in result.comparisons:
        row: list[object] = [f"{item.metric}{' *' if item.decides else ''}", item.beat_index]
        row += [item.scenario or "all"] * several_scenarios + ["ABCD"[item.candidate_arm]] * several_arms
        rows.append([*row, *_cells(item, is_hidden=result.verdicts_hidden_because is not None)])
    if rows:
        table(headings, rows)
    if any(item.decides for item in result.comparisons):
        click.echo("* decides; ~ a p50 of fewer than 30 values, below 5 the maximum; the difference is the pairs' mean")


def _cells(item: Comparison, *, is_hidden: bool) -> list[object]:
    from console.engine.experiment.wording import number_text, rate_text

    if item.baseline_rate is not None and item.candidate_rate is not None:
        return [rate_text(item.baseline_rate), rate_text(item.candidate_rate), HIDDEN, HIDDEN, HIDDEN, HIDDEN]
    found, unit = item.pairing, item.unit
    difference = ratio = HIDDEN
    if found.mean_difference is not None:
        difference = number_text(found.mean_difference, unit, signed=True)
        if found.difference_interval is not None:
            ends = (found.difference_interval.low, found.difference_interval.high)
            difference += f" ({' to '.join(number_text(end, unit, signed=True) for end in ends)})"
    if found.ratio is not None:
        ratio = f"{found.ratio:.2f}"
        if found.ratio_interval is not None:
            ratio += f" ({found.ratio_interval.low:.2f} to {found.ratio_interval.high:.2f})"
    broken = [check.name for check in item.checks if not check.passed]
    checks = ", ".join(broken) or ("ok" if item.checks else HIDDEN)
    verdict = HIDDEN if is_hidden else _verdict(item)
    return [_p50(item.baseline, unit), _p50(item.candidate, unit), ratio, difference, verdict, checks]


def _verdict(item: Comparison) -> str:
    if item.margin is None:
        return item.verdict
    changed = " (changed)" if item.margin.was_changed else ""
    more = f", {item.pairs_needed} more pairs" if item.pairs_needed else ""
    return f"{item.verdict} {item.margin.ratio:g}{changed}{more}"


def _p50(summary: Summary, unit: str) -> str:
    from console.engine.experiment.wording import number_text

    if summary.p50 is not None:
        return f"{'~' if summary.p50_is_rough else ''}{number_text(summary.p50, unit)}"
    if summary.maximum is None:
        return HIDDEN
    return f"n {summary.n}: <={number_text(summary.maximum, unit)}"


def _foot(result: ExperimentResult) -> Iterator[str]:
    from console.engine.experiment.wording import rate_text

    for arm in result.arms:
        yield f"success {'ABCD'[arm.index]} {arm.runtime_key}: {rate_text(arm.success)}"
    for failure in result.failures:
        place = f"pair {failure.pair_no} {'ABCD'[failure.arm_index]} beat {failure.beat_index}"
        yield f"failure {place}: {failure.status}: {failure.reason} (run {failure.run_id[:8]})"
    for check in result.checks:
        yield f"check   {_mark(check)} {check.name}: {check.statement}"
    for caveat in result.caveats:
        yield f"caveat  {caveat}"
    if result.verdicts_hidden_because is not None:
        yield f"verdict {result.verdicts_hidden_because}"


def _mark(check: Check) -> str:
    if not check.could_tell:
        return "--"
    return "ok" if check.passed else "NO"
