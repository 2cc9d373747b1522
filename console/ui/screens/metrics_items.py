"""The metrics of a scope in their groups: both medians and the ratio, or what was measured beside the runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final, LiteralString

from console.engine.experiment.results import Comparison
from console.engine.measures.definitions import GROUPS, MetricDefinition, MetricGroup, load_definitions
from console.engine.samples.scope import ScopeReading, Subject
from console.engine.statistics.figures import Rate
from console.ui.layout import Cell, columns, stacked
from console.ui.plots.history import ratio_words
from console.ui.screens.metrics_measured import claims_of, published_words
from console.ui.screens.metrics_words import CHANGED_MARK, NOTHING, arm_name, told, verdict_words
from console.ui.text import EMPTY, SafeText, foreign, join, own, styled, words
from console.ui.widgets.item_list import Item
from store.records import MeasurementRecord

_VALUE_CELLS: Final = 12
_RATIO_CELLS: Final = 18
_SIGN_CELLS: Final = 2

_GROUP_TITLES: Final[dict[MetricGroup, LiteralString]] = {
    "latency": "Latency",
    "phases": "Phases of a beat",
    "resources": "Resources",
    "tokens": "Tokens",
    "reliability": "Reliability",
    "quality": "Transcript and log quality",
    "claims": "Published claims beside what was measured",
    "memory": "Memory by population",
    "complexity": "Implementation complexity",
    "operations": "Operations",
    "overhead": "Overhead of endpoint and console",
}


_GROUP_COLUMNS: Final[dict[MetricGroup, tuple[SafeText, SafeText]]] = {
    "claims": (own("published"), own("measured")),
    "overhead": (EMPTY, own("measured")),
}


@dataclass(frozen=True, slots=True)
class Slice:
    """Which of a scope's comparisons are looked at: one candidate, scenario (None: over all) and beat."""

    candidate_arm: int = 1
    scenario: str | None = None
    beat_index: int = 1

    @classmethod
    def of(cls, comparison: Comparison) -> Slice:
        """That of a comparison."""
        return cls(comparison.candidate_arm, comparison.scenario, comparison.beat_index)


@dataclass(frozen=True, slots=True)
class MetricItem(Item):
    """A metric of the runs (`subject`), or numbers measured beside them."""

    subject: Subject | None = None
    measured: tuple[MeasurementRecord, ...] = ()


def slices(reading: ScopeReading) -> tuple[Slice, ...]:
    """Those that there are, in the order of beats."""
    found = dict.fromkeys(Slice.of(comparison) for comparison in reading.comparisons)
    return tuple(sorted(found, key=lambda item: (item.beat_index, item.candidate_arm, item.scenario or "")))


def metric_items(
    reading: ScopeReading | None, chosen: Slice, measurements: Sequence[MeasurementRecord]
) -> tuple[MetricItem, ...]:
    """All of them; a group without any number is left out."""
    found: list[MetricItem] = []
    for group in GROUPS:
        definitions = load_definitions().of_group(group)
        items = [item for definition in definitions for item in _items(definition, reading, chosen, measurements)]
        if items:
            title = own(_GROUP_TITLES[group], "bold $secondary")
            names = _GROUP_COLUMNS.get(group, (EMPTY, EMPTY))
            lay_out = partial(_heading, title, is_first=not found, names=names)
            found.append(MetricItem(f"group:{group}", lay_out, is_heading=True))
            found += items
    return tuple(found)


def list_heading(reading: ScopeReading | None, chosen: Slice, width_cells: int) -> SafeText:
    """The names of the columns: each arm by its letter."""
    candidate = arm_name(chosen.candidate_arm) if reading is not None else own("B")
    texts = (own("metric"), own("A p50"), join([candidate, own("p50")], " "), own("ratio (95%)"), EMPTY)
    return styled(_line(texts, width_cells), "$text-muted")


def _heading(title: SafeText, width_cells: int, *, is_first: bool, names: tuple[SafeText, SafeText]) -> SafeText:
    """The group's title; its columns have names of their own where they are not the arms'."""
    muted = [styled(name, "$text-muted") for name in names]
    line = _line((title, muted[0], muted[1], EMPTY, EMPTY), width_cells) if any(names) else title
    return line if is_first else stacked([EMPTY, line])


def _items(
    definition: MetricDefinition,
    reading: ScopeReading | None,
    chosen: Slice,
    measurements: Sequence[MeasurementRecord],
) -> Iterator[MetricItem]:
    if definition.source == "run":
        for comparison in reading.comparisons if reading is not None else ():
            if comparison.metric == definition.name and Slice.of(comparison) == chosen:
                lay_out = partial(_comparison_line, comparison, definition, hides=_hides(reading))
                yield MetricItem(f"metric:{definition.name}", lay_out, subject=Subject.of(comparison))
        return
    records = [record for record in measurements if record.name == definition.name]
    arms = _arm_records(reading, chosen, records)
    if any(arms):
        kept = tuple(record for record in arms if record is not None)
        yield MetricItem(f"measured:{definition.name}", partial(_arms_line, arms, definition), measured=kept)
    for record in records:
        if record not in arms:
            key = f"measured:{definition.name}:{record.subject}"
            yield MetricItem(key, partial(_measured_line, record, definition), measured=(record,))


def _hides(reading: ScopeReading | None) -> bool:
    return reading is None or reading.hides_verdicts


def _arm_records(
    reading: ScopeReading | None, chosen: Slice, records: Sequence[MeasurementRecord]
) -> tuple[MeasurementRecord | None, MeasurementRecord | None]:
    """What was measured of the baseline and of the candidate."""
    if reading is None:
        return None, None
    keys = reading.rows.runtime_keys
    by_subject = {record.subject: record for record in records}
    return by_subject.get(keys[0]), by_subject.get(keys[chosen.candidate_arm])


def _comparison_line(item: Comparison, definition: MetricDefinition, width_cells: int, *, hides: bool) -> SafeText:
    name = foreign(definition.title, "bold" if definition.primary else "$foreground")
    if item.baseline_rate is not None and item.candidate_rate is not None:
        rates = (item.baseline_rate, item.candidate_rate)
        return _line((name, _count(rates[0]), _count(rates[1]), _at_least(*rates), EMPTY), width_cells)
    sign = EMPTY if hides or item.margin is None else join([_sign(item), _changed(item)])
    values = (
        _median(item.baseline.p50, item.baseline.n, item.unit),
        _median(item.candidate.p50, item.candidate.n, item.unit),
    )
    ratio = ratio_words(item.pairing.ratio, item.pairing.ratio_interval)
    return _line((name, *values, ratio, sign), width_cells)


def _count(rate: Rate) -> SafeText:
    return words("{k}/{n}", k=rate.successes, n=rate.n)


def _at_least(baseline: Rate, candidate: Rate) -> SafeText:
    """The lower ends of both intervals."""
    low, other = baseline.interval.low * 100, candidate.interval.low * 100
    return words("≥ {a:.0f}%  ≥ {b:.0f}%", "$text-muted", a=low, b=other)


def _median(p50: float | None, n: int, unit: str) -> SafeText:
    return told(p50, unit) if p50 is not None else words("n={n}", "$text-muted", n=n)


def _sign(item: Comparison) -> SafeText:
    return SafeText(verdict_words(item.verdict)[:1])


def _changed(item: Comparison) -> SafeText:
    return CHANGED_MARK if item.margin is not None and item.margin.was_changed else EMPTY


def _arms_line(
    arms: tuple[MeasurementRecord | None, MeasurementRecord | None], definition: MetricDefinition, width_cells: int
) -> SafeText:
    values = [told(record.value, record.unit) if record is not None else NOTHING for record in arms]
    ratio = EMPTY
    if arms[0] is not None and arms[1] is not None and arms[0].value > 0 and arms[1].value > 0:
        ratio = ratio_words(arms[1].value / arms[0].value, None)
    return _line((foreign(definition.title), values[0], values[1], ratio, EMPTY), width_cells)


def _measured_line(record: MeasurementRecord, definition: MetricDefinition, width_cells: int) -> SafeText:
    name = join([foreign(definition.title), foreign(record.subject, "$text-muted")], " · ")
    claims = claims_of(record)
    if not claims:
        return _line((name, EMPTY, told(record.value, record.unit), EMPTY, EMPTY), width_cells)
    ratio = EMPTY
    if claims[0].value and record.value > 0:
        ratio = join([ratio_words(record.value / claims[0].value, None), own("of the claim", "$text-muted")], " ")
    return _line(
        (name, published_words(claims[0], record.unit), told(record.value, record.unit), ratio, EMPTY), width_cells
    )


def _line(texts: tuple[SafeText, SafeText, SafeText, SafeText, SafeText], width_cells: int) -> SafeText:
    name, first, second, ratio, sign = texts
    name_cells = max(8, width_cells - 2 * _VALUE_CELLS - _RATIO_CELLS - _SIGN_CELLS - 4)
    return columns(
        [
            Cell(name, name_cells),
            Cell(first, _VALUE_CELLS, is_right=True),
            Cell(second, _VALUE_CELLS, is_right=True),
            Cell(ratio, _RATIO_CELLS),
            Cell(sign, _SIGN_CELLS),
        ]
    )
