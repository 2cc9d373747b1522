"""What a report is made of: blocks of text, tables and plots as data. Writers turn them into Markdown or HTML.

Every `str` in here is plain text that may come from an agent, a log or a person: only a writer escapes it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from console.engine.report.plots import Plot

Severity = Literal["high", "medium", "low", "note"]
"""Breaks the heartbeat's meaning; loses or distorts something; is a nuisance; is worth knowing."""

Tone = Literal["plain", "muted", "warning"]
Align = Literal["left", "right"]


@dataclass(frozen=True, slots=True)
class RunLink:
    """A run: shown as `run:<id>`, short or in full, and leading to its row in the appendix."""

    run_id: str
    is_full: bool = False


@dataclass(frozen=True, slots=True)
class SourceLink:
    """Where a published statement was read; the only kind of link that leaves the report."""

    url: str
    label: str


@dataclass(frozen=True, slots=True)
class SectionLink:
    """Another place of the report."""

    anchor: str
    label: str


@dataclass(frozen=True, slots=True)
class Mono:
    """A name, an id, a command or a value of a machine."""

    text: str


@dataclass(frozen=True, slots=True)
class Strong:
    """What must not be overlooked."""

    text: str


Inline = str | RunLink | SourceLink | SectionLink | Mono | Strong
Phrase = tuple[Inline, ...]
"""One run of text."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading below a section's own; `level` 3 or 4."""

    text: str
    level: int = 3
    anchor: str | None = None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Sentences."""

    phrase: Phrase
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list."""

    items: tuple[Phrase, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column's heading, and the side on which its numbers stand."""

    title: str
    align: Align = "left"


@dataclass(frozen=True, slots=True)
class Row:
    """A table's row; `run_id` makes it the place that a `RunLink` leads to."""

    cells: tuple[Phrase, ...]
    run_id: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under columns; every row has a cell for each column."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A plot with the table of the same numbers; `description` says in words what it shows."""

    title: str
    description: str
    plot: Plot
    numbers: Table


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that the rows show. `runs` are where it was seen; `more` counts those that are not listed."""

    number: int
    severity: Severity
    statement: Phrase
    detail: Phrase = ()
    runs: tuple[str, ...] = ()
    more: int = 0


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """Lines of a machine: commands, a log's end."""

    text: str
    language: str = ""


Block = Heading | Paragraph | Bullets | Table | Figure | Finding | CodeBlock


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the report. `anchor` is a name of ours, never foreign text."""

    title: str
    anchor: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """The whole report. `date_line` is the only thing in it that is not read from the database."""

    title: str
    date_line: str
    subtitle: tuple[Phrase, ...]
    sections: tuple[Section, ...]


def phrase(*parts: Inline) -> Phrase:
    """The parts as one phrase, without the empty ones."""
    return tuple(part for part in parts if part != "")


def row(*cells: Inline | Phrase, run_id: str | None = None) -> Row:
    """A row of which most cells are one text."""
    return Row(tuple(cell if isinstance(cell, tuple) else (cell,) for cell in cells), run_id)


def columns(*titles: str) -> tuple[Column, ...]:
    """Columns; a title that begins with `>` is of a column of numbers, which stand on the right."""
    return tuple(Column(title.removeprefix(">"), "right" if title.startswith(">") else "left") for title in titles)
