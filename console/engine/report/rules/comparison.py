"""Findings from experiments: only what a settled interval says, and only where the self-check allows it."""

from __future__ import annotations

from collections.abc import Iterator

from console.engine.experiment.results import Comparison, ExperimentResult
from console.engine.report.blocks import SectionLink, Severity, Strong, phrase
from console.engine.report.facts import ReportFacts
from console.engine.report.rules.candidate import Candidate
from console.engine.report.sections.result_rows import metric_title
from console.engine.report.values import counted, ratio_text


def over_margins(facts: ReportFacts) -> Iterator[Candidate]:
    """Metrics whose whole interval lies beyond the margin."""
    for result, item in _told(facts):
        if item.verdict == "over":
            severity: Severity = "high" if item.margin is not None and item.margin.is_primary else "medium"
            yield _candidate(facts, result, item, severity, "over")


def within_margins(facts: ReportFacts) -> Iterator[Candidate]:
    """Deciding metrics whose whole interval lies within the margin."""
    for result, item in _told(facts):
        if item.verdict == "within" and item.margin is not None and item.margin.is_primary:
            yield _candidate(facts, result, item, "note", "within")


def _told(facts: ReportFacts) -> Iterator[tuple[ExperimentResult, Comparison]]:
    for result in facts.experiments:
        if result.verdicts_hidden_because is None and result.experiment.kind == "comparison":
            yield from ((result, item) for item in result.comparisons)


def _candidate(
    facts: ReportFacts, result: ExperimentResult, item: Comparison, severity: Severity, word: str
) -> Candidate:
    pairing, margin = item.pairing, item.margin
    runtime = result.arms[item.candidate_arm].runtime_key
    ratio = "" if pairing.ratio is None else f": {ratio_text(pairing.ratio)} of {result.arms[0].runtime_key}"
    interval = pairing.ratio_interval
    ends = f" (95% interval {ratio_text(interval.low)} to {ratio_text(interval.high)})" if interval is not None else ""
    limit = f" of {ratio_text(margin.ratio)}" if margin is not None else ""
    number = result.experiment.number
    statement = phrase(
        Strong(runtime),
        f" is {word} the margin{limit} in “{metric_title(facts, result, item)}”{ratio}{ends}, ",
        f"{counted(pairing.n, 'pair')} of ",
        SectionLink(f"experiment-{number}", f"experiment {number}"),
        ".",
    )
    changed = phrase("The margin was changed after pairs had finished.") if margin and margin.was_changed else ()
    return Candidate(severity, statement, changed, [run for run in facts.runs if run.id in _last_runs(item)])


def _last_runs(item: Comparison) -> frozenset[str]:
    return frozenset(sample.run_id for sample in item.candidate.samples[-1:])
