"""An experiment's results as items: metrics with their intervals, success rates, checks, failures, caveats."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Final, NamedTuple

from console.engine.experiment.results import Arm, Comparison, ExperimentResult, Failure
from console.engine.measures.definitions import load_definitions
from console.engine.statistics.figures import Rate
from console.ui.layout import Cell, columns, paragraph, stacked
from console.ui.plots.axis import Axis, ratio_axis
from console.ui.plots.history import ratio_words
from console.ui.plots.rate import needed_words, rate_bar, rate_words
from console.ui.plots.whisker import scale, whisker
from console.ui.run_words import moment
from console.ui.screens.experiment_lines import WIDE_FROM_CELLS, margins_that_count
from console.ui.screens.metrics_words import (
    CHANGED_MARK,
    arm_name,
    check_words,
    margin_words,
    told,
    told_difference,
    verdict_words,
    whisker_style,
)
from console.ui.text import EMPTY, SafeText, foreign, join, own, styled, words
from console.ui.widgets.item_list import Item
from store.records import ExperimentMarginRecord

SUCCEEDED: Final = "succeeded"
VALUE_CELLS: Final = 11
RATIO_CELLS: Final = 19
VERDICT_CELLS: Final = 31
_LONG_NAMES_FROM_CELLS: Final = 140


@dataclass(frozen=True, slots=True)
class ResultItem(Item):
    """An item that knows what lies behind it: a comparison, or a run."""

    comparison: Comparison | None = None
    run_id: str | None = None


class _Texts(NamedTuple):
    """The cells of a result, from left to right."""

    name: SafeText
    baseline: SafeText
    candidate: SafeText
    difference: SafeText
    ratio: SafeText
    drawn: SafeText
    verdict: SafeText


_HEADINGS: Final = _Texts(
    own("metric"), own("A p50"), own("B p50"), own("difference"), own("ratio (95%)"), EMPTY, own("verdict")
)


def result_items(
    result: ExperimentResult,
    margins: Sequence[ExperimentMarginRecord] = (),
    overheads: Sequence[SafeText] = (),
) -> tuple[ResultItem, ...]:
    """Everything that is known of an experiment, from what decides to what one should know beside it."""
    return (
        *_sentences(result),
        *_comparisons(result),
        *_successes(result),
        *_failures(result),
        *_checks(result, overheads),
        *_margins(margins),
        *_caveats(result),
    )


def whisker_cells(width_cells: int) -> int:
    """How many cells an interval has in a line of this width."""
    if width_cells >= WIDE_FROM_CELLS:
        return max(8, width_cells - _name_cells(width_cells) - 3 * VALUE_CELLS - RATIO_CELLS - VERDICT_CELLS - 6)
    return max(8, width_cells - 2 - RATIO_CELLS - VERDICT_CELLS - 3)


def _name_cells(width_cells: int) -> int:
    return 41 if width_cells >= _LONG_NAMES_FROM_CELLS else 28


def heading(result: ExperimentResult, width_cells: int) -> SafeText:
    """The names of the columns, with the scale over the intervals; empty where there is no number."""
    if all(item.baseline_rate is not None for item in result.comparisons):
        return EMPTY
    axis = ratio_axis(margins_of(result), whisker_cells(width_cells))
    deciding = next((item.margin.ratio for item in result.deciding if item.margin is not None), None)
    return styled(_laid_out(_HEADINGS._replace(drawn=scale(axis, margin=deciding)), width_cells), "$text-muted")


def margins_of(result: ExperimentResult) -> list[float]:
    """Every margin that counts."""
    return [item.margin.ratio for item in result.comparisons if item.margin is not None]


def _sentences(result: ExperimentResult) -> Iterator[ResultItem]:
    if result.verdicts_hidden_because is not None and result.comparisons:
        lead = own("◌ ", "bold $warning")
        yield _text("hidden", lead, foreign(result.verdicts_hidden_because, "$warning"))
    if result.experiment.kind == "self-check" and result.self_check is not None:
        mark = own("✔ ", "bold $success") if result.self_check.says_no_difference else own("! ", "bold $warning")
        yield _text("self-check", mark, foreign(result.self_check.statement, "bold"))


def _comparisons(result: ExperimentResult) -> Iterator[ResultItem]:
    """Numbers in their groups; a group has a heading when there is more than one."""
    numbers = [item for item in result.comparisons if item.baseline_rate is None]
    groups = list(dict.fromkeys(_group(item) for item in numbers))
    margins = margins_of(result)
    is_hidden = result.verdicts_hidden_because is not None
    for group in groups:
        if len(groups) > 1:
            yield _heading(f"group:{group}", _group_words(result, *group))
        for number, item in enumerate(numbers):
            if _group(item) == group:
                lay_out = partial(comparison_line, item, margins, is_hidden=is_hidden)
                yield ResultItem(f"metric:{number}", lay_out, comparison=item)


def _group(item: Comparison) -> tuple[int, str | None, int]:
    return item.candidate_arm, item.scenario, item.beat_index


def _group_words(result: ExperimentResult, arm_index: int, scenario: str | None, beat_index: int) -> SafeText:
    key = next((arm.runtime_key for arm in result.arms if arm.index == arm_index), "")
    where = foreign(scenario) if scenario is not None else own("over all scenarios")
    parts = [join([arm_name(arm_index), foreign(key)], " "), where, words("beat {k}", k=beat_index)]
    return join(parts, " · ")


def comparison_line(item: Comparison, margins: Sequence[float], width_cells: int, *, is_hidden: bool) -> SafeText:
    """One metric: both medians, their difference, the ratio, its interval, the verdict."""
    shown = None if is_hidden else item.verdict
    axis = ratio_axis(margins, whisker_cells(width_cells))
    name = foreign(item.title or item.metric, "bold" if item.decides else "$foreground")
    return _laid_out(
        _Texts(
            name=name,
            baseline=_median(item.baseline.p50, item.baseline.n, item.unit),
            candidate=_median(item.candidate.p50, item.candidate.n, item.unit),
            difference=told_difference(item.pairing.difference, item.unit),
            ratio=ratio_words(item.pairing.ratio, item.pairing.ratio_interval),
            drawn=_drawn(item, axis, shown),
            verdict=own("◌ hidden", "$text-muted") if is_hidden else _verdict(item),
        ),
        width_cells,
    )


def _median(p50: float | None, n: int, unit: str) -> SafeText:
    return told(p50, unit) if p50 is not None else words("n={n}", "$text-muted", n=n)


def _drawn(item: Comparison, axis: Axis, shown: str | None) -> SafeText:
    margin = item.margin.ratio if item.margin is not None else None
    style = whisker_style(None if shown is None else item.verdict)
    return whisker(axis, item.pairing.ratio, item.pairing.ratio_interval, margin=margin, style=style)


def _verdict(item: Comparison) -> SafeText:
    margin = EMPTY
    if item.margin is not None:
        margin = join([margin_words(item.margin.ratio), CHANGED_MARK if item.margin.was_changed else EMPTY], " ")
    more = words("{k} more", k=item.pairs_needed) if item.pairs_needed and item.verdict == "not settled" else EMPTY
    return join([join([verdict_words(item.verdict), margin], " "), more], ", ")


def _laid_out(texts: _Texts, width_cells: int) -> SafeText:
    drawn_cells = whisker_cells(width_cells)
    values = [Cell(text, VALUE_CELLS, is_right=True) for text in (texts.baseline, texts.candidate, texts.difference)]
    verdict = [Cell(texts.ratio, RATIO_CELLS), Cell(texts.drawn, drawn_cells), Cell(texts.verdict, VERDICT_CELLS)]
    if width_cells >= WIDE_FROM_CELLS:
        return columns([Cell(texts.name, _name_cells(width_cells)), *values, *verdict])
    name_cells = max(8, width_cells - 3 * VALUE_CELLS - 3)
    return stacked([columns([Cell(texts.name, name_cells), *values]), columns([Cell(EMPTY, 1), *verdict])])


def _successes(result: ExperimentResult) -> Iterator[ResultItem]:
    if any(arm.success.n for arm in result.arms):
        yield _heading("rates", own("Success and other rates, with Wilson's interval"))
    for arm in result.arms:
        label = join([own("success"), arm_name(arm.index), foreign(arm.runtime_key)], " ")
        yield ResultItem(f"success:{arm.index}", partial(_rate_line, label, arm.success))
    has_later_beats = any(item.beat_index > 1 for item in result.comparisons)
    for number, item in enumerate(result.comparisons):
        if item.metric == SUCCEEDED and not has_later_beats:
            continue  # the same as the success of the arms
        for index, rate in ((0, item.baseline_rate), (item.candidate_arm, item.candidate_rate)):
            if rate is not None:
                label = join([foreign(item.title or item.metric), arm_name(index), _group_tail(item)], " ")
                lay_out = partial(_rate_line, label, rate)
                yield ResultItem(f"rate:{number}:{index}", lay_out, comparison=item)


def _group_tail(item: Comparison) -> SafeText:
    return words("beat {k}", "$text-muted", k=item.beat_index) if item.beat_index > 1 else EMPTY


def _rate_line(label: SafeText, rate: Rate, width_cells: int) -> SafeText:
    is_wide = width_cells >= WIDE_FROM_CELLS
    label_cells = 50 if is_wide else 30
    needed_cells = 34 if is_wide else 0
    bar_cells = max(6, width_cells - label_cells - 17 - needed_cells - 3)
    cells = [Cell(label, label_cells), Cell(rate_words(rate), 17), Cell(rate_bar(rate, bar_cells), bar_cells)]
    line = columns([*cells, Cell(needed_words(rate), needed_cells)])
    if is_wide or rate.threshold is None:
        return line
    return stacked([line, join([own("    "), needed_words(rate)])])


def _failures(result: ExperimentResult) -> Iterator[ResultItem]:
    if result.failures:
        yield _heading("failures", words("Beats that did not succeed ({n})", n=len(result.failures)))
    for failure in result.failures:
        lead = own("  ✖ ", "$error")
        key = f"failure:{failure.run_id}"
        yield ResultItem(key, partial(paragraph, lead, _failure(failure), EMPTY), run_id=failure.run_id)


def _failure(failure: Failure) -> SafeText:
    place = words("pair {n}", n=failure.pair_no)
    beat = words("beat {k}", k=failure.beat_index)
    status = foreign(failure.status.replace("_", " "), "$error")
    return join([join([place, arm_name(failure.arm_index), beat], " "), status, foreign(failure.reason)], "  ")


def _checks(result: ExperimentResult, overheads: Sequence[SafeText]) -> Iterator[ResultItem]:
    checks = result.checks if result.comparisons else ()
    if checks or overheads:
        yield _heading("checks", own("Checks"))
    for number, check in enumerate(checks):
        yield _text(f"check:{number}", own("  "), check_words(check))
    for number, overhead in enumerate(overheads):
        yield _text(f"overhead:{number}", own("  · ", "$text-muted"), overhead)
    for number, item in enumerate(result.comparisons):
        for check in item.checks:
            if not check.passed:
                title = foreign(item.title or item.metric, "$text-muted")
                yield ResultItem(
                    f"check:{number}:{check.name}",
                    partial(paragraph, own("  "), join([check_words(check), title], " · "), EMPTY),
                    comparison=item,
                )


def _margins(margins: Sequence[ExperimentMarginRecord]) -> Iterator[ResultItem]:
    """Every margin that counts, and each change with its reason."""
    if margins:
        yield _heading("margins", own("Margins"))
    for record in margins_that_count(margins):
        definition = load_definitions().find(record.metric)
        title = foreign(definition.title if definition is not None else record.metric, "bold")
        decides = own("decides") if record.is_primary else EMPTY
        body = join([title, margin_words(record.margin_ratio), decides, foreign(record.reason, "$text-muted")], "  ")
        if not record.revision:
            yield _text(f"margin:{record.metric}", own("  · ", "$text-muted"), body)
    history = sorted(margins, key=lambda record: (record.metric, record.revision))
    for before, after in pairwise(history):
        if before.metric == after.metric:
            yield _changed_margin(before, after)


def _changed_margin(before: ExperimentMarginRecord, after: ExperimentMarginRecord) -> ResultItem:
    definition = load_definitions().find(after.metric)
    change = [margin_words(before.margin_ratio), own("→"), margin_words(after.margin_ratio)]
    body = join(
        [
            foreign(definition.title if definition is not None else after.metric, "bold"),
            join(change, " "),
            words("after {n} pairs", n=after.finished_pairs_then),
            foreign(after.reason),
            styled(moment(after.set_at), "$text-muted"),
        ],
        "  ",
    )
    return _text(f"margin:{after.metric}:{after.revision}", join([own("  "), CHANGED_MARK, own(" ")]), body)


def _caveats(result: ExperimentResult) -> Iterator[ResultItem]:
    told_caveats = [*(foreign(text) for text in result.caveats), *_arm_caveats(result.arms)]
    if told_caveats:
        yield _heading("caveats", own("Caveats"))
    for number, text in enumerate(told_caveats):
        yield _text(f"caveat:{number}", own("  ! ", "bold $warning"), text)


def _arm_caveats(arms: Sequence[Arm]) -> Iterator[SafeText]:
    for arm in arms:
        for caveat in arm.caveats:
            yield join([styled(arm_name(arm.index), "bold"), foreign(caveat)], " ")


def _heading(key: str, text: SafeText) -> ResultItem:
    line = styled(text, "bold $secondary")
    return ResultItem(f"heading:{key}", lambda _: stacked([EMPTY, line]), is_heading=True)


def _text(key: str, lead: SafeText, body: SafeText) -> ResultItem:
    return ResultItem(key, partial(_hanging, lead, body))


def _hanging(lead: SafeText, body: SafeText, width_cells: int) -> SafeText:
    return paragraph(lead, body, EMPTY, width_cells)
