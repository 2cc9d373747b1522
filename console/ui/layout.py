"""Safe text put into columns and paragraphs of a given width in cells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from textual.content import Content

from console.ui.text import EMPTY, SafeText, fit, join, own


@dataclass(frozen=True, slots=True)
class Cell:
    """One column of a line: cut or padded to `width_cells`."""

    text: SafeText
    width_cells: int
    is_right: bool = False


def padded(text: SafeText, width_cells: int, *, is_right: bool = False) -> SafeText:
    """The text, exactly as wide as asked."""
    shown = fit(text, max(0, width_cells))
    gap = Content(" " * max(0, width_cells - shown.cell_length))
    return SafeText(gap + shown if is_right else shown + gap)


def columns(cells: Sequence[Cell]) -> SafeText:
    """Cells side by side with a space between; those of no width are left out."""
    return join(
        [padded(cell.text, cell.width_cells, is_right=cell.is_right) for cell in cells if cell.width_cells], " "
    )


def wrapped(text: SafeText, width_cells: int) -> list[SafeText]:
    """The text's lines, wrapped between words; at least one."""
    return [SafeText(line) for line in text.wrap(max(1, width_cells))] or [EMPTY]


def hanging(text: SafeText, indent_characters: int, width_cells: int) -> list[SafeText]:
    """The text's lines, the later ones hanging in under the first; no indent takes more than half the width."""
    indent = min(indent_characters, width_cells // 2)
    if not indent or text.cell_length <= width_cells:
        return wrapped(text, width_cells)
    lead, body = SafeText(text[:indent]), SafeText(text[indent:])
    first, *rest = wrapped(body, width_cells - lead.cell_length)
    return [SafeText(lead + first), *(SafeText(Content(" " * lead.cell_length) + line) for line in rest)]


def stacked(lines: Iterable[SafeText]) -> SafeText:
    """Lines one below the other; empty ones stay empty lines."""
    return SafeText(Content("\n").join(lines))


def paragraph(lead: SafeText, body: SafeText, tail: SafeText, width_cells: int) -> SafeText:
    """`body` wrapped between `lead` and, on the first line, `tail` at the right end; later lines hang under it."""
    room = width_cells - lead.cell_length - (tail.cell_length + 2 if tail else 0)
    first, *rest = wrapped(body, max(12, room))
    indent = Content(" " * lead.cell_length)
    top = SafeText(lead + first)
    if tail:
        gap = Content(" " * max(2, width_cells - top.cell_length - tail.cell_length))
        top = SafeText(top + gap + tail)
    return stacked([top, *(SafeText(indent + line) for line in rest)])


def clipped_block(text: SafeText, limit: int) -> SafeText:
    """At most `limit` lines of the text; the last then says that there is more."""
    lines = text.split("\n", allow_blank=True)
    if len(lines) <= limit:
        return text
    return stacked([*(SafeText(line) for line in lines[: limit - 1]), own("… more", "$text-muted")])
