"""The quality of a transcript as lines: each measure for both views, and what is behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, LiteralString

from console.engine.quality import FindingKind, ScriptedItem, TokenComparison, TranscriptQuality, ViewQuality
from console.engine.quality.result import Finding
from console.ui.layout import Cell, columns, stacked
from console.ui.text import EMPTY, SafeText, fit, foreign, join, own, styled, words

WIDE_FROM_CELLS: Final = 118
"""From this width on, a measure's definition stands beside its numbers."""

_GOOD: Final = "$success"
_BAD: Final = "bold $warning"


@dataclass(frozen=True, slots=True)
class Measure:
    """One line of the table."""

    key: str
    title: LiteralString
    definition: LiteralString
    value: Callable[[ViewQuality], SafeText]
    findings: tuple[FindingKind, ...] = ()


def _counted(count: Callable[[ViewQuality], int]) -> Callable[[ViewQuality], SafeText]:
    def value(view: ViewQuality) -> SafeText:
        number = count(view)
        return words("{n}", _BAD if number else _GOOD, n=number)

    return value


def _share(part: int, whole: int) -> SafeText:
    if not whole:
        return own("-", "$text-muted")
    return words("{part} of {whole}", _GOOD if part == whole else _BAD, part=part, whole=whole)


MEASURES: Final = (
    Measure(
        "recall",
        "shown",
        "scripted texts, thoughts, calls and results that can be seen",
        lambda view: _share(view.shown_count, view.item_count),
        ("missing",),
    ),
    Measure(
        "duplicates",
        "shown again",
        "times that an item is shown beyond those that it was sent",
        _counted(lambda view: view.duplicates),
        ("duplicate",),
    ),
    Measure(
        "order_errors",
        "out of order",
        "items to be moved so that all stand as they happened",
        _counted(lambda view: view.order_errors),
        ("out_of_order",),
    ),
    Measure(
        "prompt_echoes",
        "prompt as answer",
        "pieces of what the agent was given, shown as its own words",
        _counted(lambda view: view.prompt_echoes),
        ("prompt_echo",),
    ),
    Measure(
        "unparsed_lines",
        "unparsed lines",
        "lines of the log that are shown as the JSON that they are",
        _counted(lambda view: view.unparsed_lines),
        ("unparsed",),
    ),
    Measure(
        "split_texts",
        "split texts",
        "texts with other rows between their parts",
        _counted(lambda view: view.split_texts),
        ("split",),
    ),
    Measure(
        "lost_characters",
        "lost characters",
        "characters of shown items that can be read nowhere",
        _counted(lambda view: view.lost_characters),
        ("damaged", "cut_result"),
    ),
    Measure(
        "replacement_characters",
        "replaced",
        "signs for a broken character (U+FFFD) that the model has not sent",
        _counted(lambda view: view.replacement_characters),
        ("damaged", "cut_result"),
    ),
    Measure(
        "tool_results",
        "results whole",
        "tool results that show all that the model was told",
        lambda view: _share(view.complete_tool_results, view.tool_result_count),
        ("cut_result",),
    ),
)

USAGE_DEFINITION: Final = own("what the adapter reports, and by how much it is off the endpoint's count")
ERRORS_DEFINITION: Final = own("whether somebody who looks at the failed run sees that it failed, and why")


def measure_heading(width_cells: int) -> SafeText:
    """The names of the columns."""
    return styled(
        _line(own("measure"), own("in Paperclip"), own("here"), own("what it counts"), width_cells), "$text-muted"
    )


def measure_line(measure: Measure, quality: TranscriptQuality, width_cells: int) -> SafeText:
    """A measure of both views."""
    values = measure.value(quality.upstream), measure.value(quality.sidebeat)
    return table_line(own(measure.title), *values, own(measure.definition), width_cells)


def table_line(
    title: SafeText, upstream: SafeText, sidebeat: SafeText, definition: SafeText, width_cells: int
) -> SafeText:
    """The numbers in columns; the definition beside them, or below where there is no room."""
    if width_cells >= WIDE_FROM_CELLS:
        return _line(title, upstream, sidebeat, styled(definition, "$text-muted"), width_cells)
    below = fit(join([own("  "), styled(definition, "$text-muted")]), width_cells)
    return stacked([_line(title, upstream, sidebeat, EMPTY, width_cells), below])


def _line(title: SafeText, upstream: SafeText, sidebeat: SafeText, definition: SafeText, width_cells: int) -> SafeText:
    rest = max(0, width_cells - 64) if width_cells >= WIDE_FROM_CELLS else 0
    cells = [Cell(title, 18), Cell(upstream, 20, is_right=True), Cell(sidebeat, 20, is_right=True)]
    return columns([*cells, Cell(EMPTY, 2 if rest else 0), Cell(definition, rest)])


def usage_value(tokens: TokenComparison) -> SafeText:
    """`12,620 (off by 0)`."""
    if tokens.reported is None or tokens.error is None:
        return own("not reported", _BAD)
    number = words("{n}", n=tokens.reported)
    off = words(" (off by {n:+,})", _BAD, n=tokens.error) if tokens.error else own(" (exact)", _GOOD)
    return join([number, off])


def yes_or_no(is_so: bool) -> SafeText:
    """A good yes, or a bad no."""
    return own("yes", _GOOD) if is_so else own("no", _BAD)


_KINDS: Final[dict[FindingKind, LiteralString]] = {
    "missing": "missing",
    "duplicate": "again",
    "out_of_order": "order",
    "prompt_echo": "prompt",
    "unparsed": "unparsed",
    "split": "split",
    "damaged": "damaged",
    "cut_result": "cut",
}


def finding_line(finding: Finding, width_cells: int) -> SafeText:
    """What is wrong, with what, and where."""
    row = words("row {n}", n=finding.place.row) if finding.place is not None else own("start")
    what = _item_name(finding.item) if finding.item is not None else EMPTY
    style = "bold $error" if finding.kind == "missing" else "$warning"
    said = join([foreign(finding.detail, "$text-muted"), foreign(finding.text.strip())], ": ")
    wide = width_cells >= WIDE_FROM_CELLS
    return columns(
        [
            Cell(own(_KINDS[finding.kind], style), 8),
            Cell(row, 8, is_right=True),
            Cell(what, 30 if wide else 20),
            Cell(said, max(10, width_cells - (49 if wide else 39))),
        ]
    )


_ITEM_KINDS: Final[dict[str, SafeText]] = {
    "text": own("text"),
    "thinking": own("thought"),
    "tool_call": own("call"),
    "tool_result": own("result"),
}


def _item_name(item: ScriptedItem) -> SafeText:
    tool = foreign(item.tool, "bold") if item.tool else EMPTY
    return join([_ITEM_KINDS[item.kind], tool, words("answer {n}", "$text-muted", n=item.ordinal + 1)], " ")
