"""The numbers of one run: what each is, what it came to, and its process tree over time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from textual.content import Content

from console.engine.measures.definitions import GROUPS, MetricDefinition, load_definitions
from console.engine.measures.page import GROUP_TITLES
from console.ui.layout import Cell, columns
from console.ui.run_words import metric_value
from console.ui.screens.run_pages import heading, nothing
from console.ui.text import SafeText, foreign, join, own, styled, words
from console.ui.widgets.documents import Document, Lines, Together
from store.records import MetricRecord, ProcessSampleRecord

_TITLE_CELLS: Final = 46
_VALUE_CELLS: Final = 18
_INDENT_CELLS: Final = 4
_SAMPLE_WIDTHS: Final = (12, 10, 14, 14, 12)


def metrics_page(metrics: Sequence[MetricRecord], samples: Sequence[ProcessSampleRecord]) -> Document:
    """The run's derived numbers by group, each with its definition and its clock, and the samples of its processes."""
    if not metrics and not samples:
        return nothing(own("No numbers yet."))
    parts = list(_groups(metrics))
    if samples:
        title = words("Process tree ({n} samples)", n=len(samples))
        parts += [heading(title, first=not parts), Lines([_SAMPLE_HEADING])]
        parts.append(Lines([_sample_line(sample) for sample in samples]))
    return Together(parts)


def _groups(metrics: Sequence[MetricRecord]) -> Iterator[Document]:
    """In the order of the definitions; what an earlier version stored and nobody defines comes last."""
    known = {metric.name: metric for metric in metrics}
    definitions = load_definitions()
    is_first = True
    for group in GROUPS:
        defined = [(item, known[item.name]) for item in definitions.of_group(group) if item.name in known]
        if defined:
            yield heading(foreign(GROUP_TITLES[group]), first=is_first)
            is_first = False
            yield Together([_entry(definition, metric) for definition, metric in defined])
    others = [metric for metric in metrics if definitions.find(metric.name) is None]
    if others:
        yield heading(own("Without a definition"), first=is_first)
        yield Lines([_value_line(foreign(metric.name), metric) for metric in others])


def _entry(definition: MetricDefinition, metric: MetricRecord) -> Document:
    told = [definition.definition]
    if definition.clock_starts and definition.clock_stops:
        told.append(f"Clock: {definition.clock_starts} → {definition.clock_stops}.")
    indent = SafeText(Content(" " * _INDENT_CELLS))
    head = _value_line(foreign(definition.title, "bold"), metric)
    return Together([Lines([head]), Lines(_muted(told, indent), _INDENT_CELLS)])


def _muted(texts: Iterable[str], indent: SafeText) -> list[SafeText]:
    return [join([indent, foreign(text, "$text-muted")]) for text in texts]


def _value_line(title: SafeText, metric: MetricRecord) -> SafeText:
    value = metric_value(metric.value, metric.unit)
    return columns([Cell(title, _TITLE_CELLS), Cell(value, _VALUE_CELLS, is_right=True)])


def _sample_cells(texts: Sequence[SafeText]) -> SafeText:
    pairs = zip(texts, _SAMPLE_WIDTHS, strict=True)
    return columns([Cell(text, width, is_right=True) for text, width in pairs])


def _sample_line(sample: ProcessSampleRecord) -> SafeText:
    pss = sample.pss_bytes
    return _sample_cells(
        [
            words("{ms:,.0f} ms", ms=sample.at_ms),
            words("{n}", n=sample.process_count),
            metric_value(sample.rss_bytes, "bytes"),
            metric_value(pss, "bytes") if pss is not None else own("\N{EN DASH}", "$text-muted"),
            words("{s:.2f} s", s=sample.cpu_seconds),
        ]
    )


_SAMPLE_HEADING: Final = styled(
    _sample_cells([own("at"), own("processes"), own("RSS"), own("PSS"), own("CPU")]), "$text-muted"
)
