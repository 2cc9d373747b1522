"""Results: each paired experiment with its intervals, its checks, and whether its verdicts may be told."""

from __future__ import annotations

from collections.abc import Iterator

from console.engine.experiment.results import Comparison, ExperimentResult
from console.engine.report.blocks import (
    Block,
    Bullets,
    Heading,
    Paragraph,
    Phrase,
    Section,
    Strong,
    Table,
    columns,
    phrase,
    row,
)
from console.engine.report.facts import ReportFacts
from console.engine.report.sections.figures import memory_figure, strips_figure, success_figure, whiskers_figure
from console.engine.report.sections.phases import phases_figure
from console.engine.report.sections.result_rows import COMPARISON_COLUMNS, comparison_row, metric_title, order_facts
from console.engine.report.values import counted
from console.engine.statistics.figures import Check


def results_section(facts: ReportFacts) -> Section:
    """All experiments, oldest first, then what single beats show."""
    return Section("Results", "results", tuple(_blocks(facts)))


def _blocks(facts: ReportFacts) -> Iterator[Block]:
    if not facts.experiments:
        yield Paragraph(
            phrase("No paired experiment is stored: nothing here says by how much one runtime is slower than another.")
        )
    for result in facts.experiments:
        yield from _experiment(facts, result)
    yield from _single_beats(facts)


def _experiment(facts: ReportFacts, result: ExperimentResult) -> Iterator[Block]:
    experiment = result.experiment
    yield Heading(f"Experiment {experiment.number}: {experiment.title}", anchor=f"experiment-{experiment.number}")
    yield Table(columns("", ""), tuple(row(name, value) for name, value in order_facts(result)))
    if result.verdicts_hidden_because:
        yield Paragraph(phrase(Strong("Verdicts are not told: "), result.verdicts_hidden_because), "warning")
    for caveat in result.caveats:
        yield Paragraph(phrase(caveat), "warning")
    if result.comparisons:
        yield from _comparisons(facts, result)
    else:
        yield Paragraph(phrase("No pair has finished, so there is nothing to compare yet."))
    yield success_figure(result)
    if result.checks:
        yield Heading("Soundness", 4)
        yield Bullets(tuple(_check(check) for check in result.checks))


def _comparisons(facts: ReportFacts, result: ExperimentResult) -> Iterator[Block]:
    for arm in result.arms[1:]:
        of_arm = [item for item in result.comparisons if item.candidate_arm == arm.index]
        if not of_arm:
            continue
        against = f"{arm.runtime_key} against {result.arms[0].runtime_key}"
        plot = whiskers_figure(facts, result, arm, of_arm)
        if plot is not None:
            yield plot
        rows = tuple(comparison_row(facts, result, item) for item in of_arm)
        yield Table(COMPARISON_COLUMNS, rows, f"Medians and paired differences of all metrics, {against}")
        yield from _doubts(facts, result, of_arm)
    yield from strips_figure(facts, result)


def _doubts(facts: ReportFacts, result: ExperimentResult, comparisons: list[Comparison]) -> Iterator[Block]:
    """Checks of single metrics that did not pass, and verdicts that outliers carry."""
    said = [
        phrase(f"{metric_title(facts, result, item)}: {check.statement}")
        for item in comparisons
        for check in item.checks
        if not check.passed
    ]
    said += [
        phrase(
            f"{metric_title(facts, result, item)}: without its outliers it would be {item.verdict_without_outliers}."
        )
        for item in comparisons
        if item.verdict_without_outliers != item.verdict
    ]
    if said:
        yield Bullets(tuple(said))


def _single_beats(facts: ReportFacts) -> Iterator[Block]:
    """Medians of all beats: worth seeing, and no comparison."""
    figure = phases_figure(facts)
    if figure is None:
        return
    yield Heading("Where the time of a beat goes", anchor="phases")
    yield Paragraph(
        phrase(
            "From the stored first beats that succeeded outside a race, warm-up pairs left out. "
            "The runtimes' beats are not paired here, so this shows where time goes, not by how much one is slower."
        )
    )
    yield figure
    memory = memory_figure(facts)
    if memory is not None:
        yield memory
    if not facts.experiments:
        yield Paragraph(phrase(f"The file holds {counted(len(facts.ended), 'ended run')} and no pair."), "muted")


def _check(check: Check) -> Phrase:
    said = f"{check.name}: {check.statement}"
    if not check.could_tell:
        return phrase(f"not checked, {said}")
    return phrase(said) if check.passed else phrase(Strong("not passed"), f", {said}")
