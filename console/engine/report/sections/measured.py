"""What was measured beside the runs: complexity, operations, memory by population, the console's own overhead."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from console.engine.measures.definitions import MetricDefinition, MetricGroup
from console.engine.report.blocks import (
    Block,
    Bullets,
    Heading,
    Mono,
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
from console.engine.report.values import counted, quantity
from store.records import MeasurementRecord

_PARTS: Final[tuple[tuple[MetricGroup, str], ...]] = (
    ("complexity", "Implementation complexity"),
    ("operations", "Operational complexity"),
    ("memory", "Memory by population"),
    ("overhead", "The console's own overhead"),
)


_SUBJECTS_ACROSS: Final = 2
_STATEMENTS: Final = 2


def measured_section(facts: ReportFacts) -> Section:
    """One table a group: numbers down, subjects across."""
    return Section("Complexity and operations", "complexity", tuple(_blocks(facts)))


def _blocks(facts: ReportFacts) -> Iterator[Block]:
    yield Paragraph(
        phrase(
            "Counted and timed by ",
            Mono("sidebeat measure"),
            "; nothing here was typed in. The newest of each counts.",
        )
    )
    for group, title in _PARTS:
        definitions = [item for item in facts.definitions.of_group(group) if item.source == "measurement"]
        names = {item.name for item in definitions}
        found = [item for item in facts.measurements if item.name in names]
        yield Heading(title, anchor=f"measured-{group}")
        if not found:
            yield Paragraph(phrase("Not measured."), "muted")
            continue
        yield _table(definitions, found)
        yield Bullets(tuple(_how(item, found) for item in definitions if any(one.name == item.name for one in found)))


def _table(definitions: Sequence[MetricDefinition], found: Sequence[MeasurementRecord]) -> Table:
    """Numbers down and subjects across, or the other way round where there are many subjects."""
    subjects = sorted({item.subject for item in found})
    shown = [item for item in definitions if any(one.name == item.name for one in found)]
    value = {(item.name, item.subject): _value(item) for item in found}
    if len(subjects) <= _SUBJECTS_ACROSS:
        rows = [row(item.title, *(value.get((item.name, subject), "—") for subject in subjects)) for item in shown]
        return Table(columns("", *(f">{subject}" for subject in subjects)), tuple(rows))
    rows = [row(subject, *(value.get((item.name, subject), "—") for item in shown)) for subject in subjects]
    return Table(columns("", *(f">{item.title}" for item in shown)), tuple(rows))


def _value(record: MeasurementRecord) -> str:
    told = quantity(record.value, record.unit)
    return f"{told} (n={record.sample_count})" if record.samples_json else told


def _how(definition: MetricDefinition, found: Sequence[MeasurementRecord]) -> Phrase:
    """The definition, and how each subject's number was got where that says more."""
    said = list(dict.fromkeys(item.statement for item in found if item.name == definition.name and item.statement))
    more = f" (and {counted(len(said) - _STATEMENTS, 'other')} in the database)" if len(said) > _STATEMENTS else ""
    detail = f" {' / '.join(said[:_STATEMENTS])}{more}" if said else ""
    return phrase(Strong(definition.title), f": {definition.definition}{detail}")
