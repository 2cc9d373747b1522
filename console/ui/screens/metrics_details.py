"""One metric in full: what it means, both arms' values, the interval, the checks, and its history."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from console.engine.experiment.results import Comparison
from console.engine.measures.definitions import MetricDefinition, load_definitions
from console.engine.samples.scope import ScopeReading, Subject
from console.ui.plots.axis import ratio_axis
from console.ui.plots.history import PastInterval, history, ratio_words
from console.ui.plots.rate import needed_words, rate_bar, rate_words
from console.ui.plots.whisker import scale, whisker
from console.ui.run_words import named
from console.ui.screens.metrics_plots import both_strips, summary_words
from console.ui.screens.metrics_words import (
    CHANGED_MARK,
    arm_name,
    check_words,
    margin_words,
    told,
    told_difference,
    told_interval,
    verdict_words,
    whisker_style,
)
from console.ui.text import EMPTY, SafeText, foreign, join, own, styled, words
from console.ui.widgets.documents import Document, Lines


def details_page(
    reading: ScopeReading, subject: Subject, past: Sequence[PastInterval], width_cells: int, *, is_tall: bool
) -> Document:
    """For a width in cells, since the plots fill it."""
    comparison = reading.comparison(subject)
    if comparison is None:
        return Lines([own("No run has this number.", "$text-muted")])
    definition = load_definitions().find(subject.metric)
    title, meaning = styled(foreign(subject.title), "bold"), list(_meaning(definition))
    if comparison.baseline_rate is not None:
        numbers = list(_rates(reading, comparison, width_cells))
    else:
        numbers = list(_numbers(reading, comparison, width_cells, 3 if is_tall else 1))
    lines = [title, *meaning, EMPTY, *numbers] if is_tall else [title, *numbers, EMPTY, *meaning]
    if past:
        lines += [EMPTY, own("History across experiments", "bold $secondary"), *history(past, width_cells)]
    return Lines(lines)


def _meaning(definition: MetricDefinition | None) -> Iterator[SafeText]:
    if definition is None:
        yield own("An earlier version stored it; nothing says what it means.", "$text-muted")
        return
    yield foreign(definition.definition)
    if definition.clock_starts and definition.clock_stops:
        yield named("clock starts", foreign(definition.clock_starts))
        yield named("clock stops", foreign(definition.clock_stops))
    better = {"lower": own("less is better"), "higher": own("more is better"), "none": own("it explains others")}
    floor = EMPTY
    if definition.floor:
        floor = named("no ratio below", told(definition.floor, definition.unit))
    parts = [named("unit", foreign(definition.unit)), better[definition.direction], floor]
    yield join([*parts, own("decides", "bold") if definition.primary else EMPTY], "   ")


def _numbers(reading: ScopeReading, item: Comparison, width_cells: int, height: int) -> Iterator[SafeText]:
    keys = reading.rows.runtime_keys
    for index, summary in ((0, item.baseline), (item.candidate_arm, item.candidate)):
        yield join([styled(arm_name(index), "bold"), foreign(keys[index])], " ")
        yield join([own("  "), summary_words(summary, item.unit)])
    if height > 1:
        yield EMPTY
    yield from both_strips(item, width_cells, height)
    if height > 1:
        yield EMPTY
    yield from _interval(reading, item, width_cells)
    yield from _caveats(item)


def _interval(reading: ScopeReading, item: Comparison, width_cells: int) -> Iterator[SafeText]:
    pairing, margin = item.pairing, item.margin
    hides = reading.hides_verdicts
    ratio = styled(ratio_words(pairing.ratio, pairing.ratio_interval), "bold")
    yield join([named("ratio", ratio), named("of", words("{n} pairs", n=pairing.n)), _verdict(reading, item)], "   ")
    if pairing.no_ratio_because:
        yield foreign(f"no ratio: {pairing.no_ratio_because}", "$text-muted")
    if pairing.ratio is not None:
        axis = ratio_axis([margin.ratio] if margin is not None else [], width_cells)
        ratio_margin = margin.ratio if margin is not None else None
        style = whisker_style(None if hides else item.verdict)
        yield scale(axis, margin=ratio_margin)
        yield whisker(axis, pairing.ratio, pairing.ratio_interval, margin=ratio_margin, style=style)
    yield named("difference of p50", told_difference(pairing.difference, item.unit))
    mean = named("mean difference", told_difference(pairing.mean_difference, item.unit))
    yield join([mean, join([own("("), told_interval(pairing.difference_interval, item.unit), own(")")])], " ")


def _verdict(reading: ScopeReading, item: Comparison) -> SafeText:
    if reading.result is None:
        return own("not an experiment: no verdict", "$text-muted")
    if reading.hides_verdicts:
        return own("◌ verdict hidden until the self-check says “no difference”", "$text-muted")
    if item.margin is None:
        return verdict_words(item.verdict)
    margin = join([margin_words(item.margin.ratio), CHANGED_MARK if item.margin.was_changed else EMPTY], " ")
    more = words("about {k} more pairs", k=item.pairs_needed) if item.pairs_needed else EMPTY
    return join([verdict_words(item.verdict), margin, more], " ")


def _caveats(item: Comparison) -> Iterator[SafeText]:
    if item.incomplete_pairs:
        yield words(
            "! left out, since only one arm has the number: {n} of the pairs", "$warning", n=item.incomplete_pairs
        )
    if item.verdict_without_outliers != item.verdict:
        yield join([own("! without the outliers:", "$warning"), verdict_words(item.verdict_without_outliers)], " ")
    yield from (check_words(check) for check in item.checks)


def _rates(reading: ScopeReading, item: Comparison, width_cells: int) -> Iterator[SafeText]:
    keys = reading.rows.runtime_keys
    for index, rate in ((0, item.baseline_rate), (item.candidate_arm, item.candidate_rate)):
        if rate is not None:
            yield join([styled(arm_name(index), "bold"), foreign(keys[index])], " ")
            yield join([rate_words(rate), own("by Wilson", "$text-muted"), needed_words(rate)], "  ")
            yield rate_bar(rate, width_cells)
