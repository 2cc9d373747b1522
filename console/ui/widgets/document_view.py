"""A document to scroll through. Only the lines on the screen are laid out, so its length does not matter."""

from __future__ import annotations

from collections import OrderedDict
from typing import Final, NamedTuple

from textual import events
from textual.binding import Binding
from textual.content import Content
from textual.widget import Widget

from console.ui.layout import hanging, padded, stacked
from console.ui.text import EMPTY, SafeText, own
from console.ui.widgets.documents import NO_DOCUMENT, Document

_KEPT_LINES: Final = 256


class _Place(NamedTuple):
    """A row on the screen: a line of the document, and which row of it when it is wrapped."""

    line: int
    row: int


class DocumentView(Widget, can_focus=True):
    """Shows a document, wrapped to the width, with a bar that tells where one is."""

    BINDINGS = [  # noqa: RUF012  (as Textual declares it)
        Binding("down,j", "move(1)", show=False),
        Binding("up,k", "move(-1)", show=False),
        Binding("pagedown,space", "move_page(1)", show=False),
        Binding("pageup", "move_page(-1)", show=False),
        Binding("home,g", "to_start", show=False),
        Binding("end,G", "to_end", show=False),
    ]
    DEFAULT_CSS = "DocumentView { height: 1fr; padding: 0 0 0 1; }"

    def __init__(self, document: Document = NO_DOCUMENT, *, id: str | None = None) -> None:  # noqa: A002  (Textual's name)
        super().__init__(id=id)
        self._document = document
        self._top = _Place(0, 0)
        self._rows: OrderedDict[int, list[SafeText]] = OrderedDict()

    @property
    def document(self) -> Document:
        """What is shown."""
        return self._document

    def show(self, document: Document, *, keep_place: bool = False) -> None:
        """Replace the document; it starts at its top unless the place is kept."""
        self._document = document
        self._rows.clear()
        self._top = self._within(self._top) if keep_place else _Place(0, 0)
        self.refresh()

    def render(self) -> Content:
        """The rows from the top on."""
        height, width = self.size.height, self._text_width
        rows: list[SafeText] = []
        place = self._top
        while len(rows) < height and place.line < self._document.line_count:
            rows.append(self._rows_of(place.line)[place.row])
            place = self._step_down(place)
        if self._top == (0, 0) and place.line >= self._document.line_count:
            return stacked(rows)
        bar = self._bar(height)
        rows += [EMPTY] * (height - len(rows))
        return stacked([SafeText(padded(row, width) + mark) for row, mark in zip(rows, bar, strict=True)])

    def on_resize(self) -> None:
        """Rows are other rows at another width; the line at the top stays."""
        self._rows.clear()
        self._top = self._within(_Place(self._top.line, 0))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Three lines on."""
        event.stop()
        self.action_move(3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Three lines back."""
        event.stop()
        self.action_move(-3)

    def action_move(self, rows: int) -> None:
        """Move by rows, down when positive; the last page is never left."""
        place = self._top
        for _ in range(abs(rows)):
            place = self._step_down(place) if rows > 0 else self._step_up(place)
        self._go(place)

    def action_move_page(self, pages: int) -> None:
        """Move by pages, less one row."""
        self.action_move(pages * max(1, self.size.height - 1))

    def action_to_start(self) -> None:
        """The first line."""
        self._go(_Place(0, 0))

    def action_to_end(self) -> None:
        """The last page."""
        self._go(self._last_top())

    def _go(self, place: _Place) -> None:
        self._top = min(place, self._last_top())
        self.refresh()

    def _within(self, place: _Place) -> _Place:
        return place if place.line < self._document.line_count and place.row == 0 else _Place(0, 0)

    @property
    def _text_width(self) -> int:
        return max(8, self.size.width - 1)

    def _rows_of(self, line: int) -> list[SafeText]:
        if line not in self._rows:
            text, indent = self._document.line(line), self._document.indent(line)
            self._rows[line] = hanging(text, indent, self._text_width)
            if len(self._rows) > _KEPT_LINES:
                self._rows.popitem(last=False)
        return self._rows[line]

    def _step_down(self, place: _Place) -> _Place:
        if place.line >= self._document.line_count:
            return place
        is_last_row = place.row + 1 >= len(self._rows_of(place.line))
        return _Place(place.line + 1, 0) if is_last_row else _Place(place.line, place.row + 1)

    def _step_up(self, place: _Place) -> _Place:
        if place.row > 0:
            return _Place(place.line, place.row - 1)
        if place.line == 0:
            return place
        return _Place(place.line - 1, len(self._rows_of(place.line - 1)) - 1)

    def _last_top(self) -> _Place:
        place = _Place(self._document.line_count, 0)
        for _ in range(self.size.height):
            place = self._step_up(place)
        return place

    def _bar(self, height: int) -> list[SafeText]:
        """The scroll bar, by lines of the document."""
        count = max(1, self._document.line_count)
        size = max(1, min(height, height * height // count))
        last = max(1, self._last_top().line)
        first = round((height - size) * min(1.0, self._top.line / last))
        thumb, track = own("┃", "$primary 60%"), own("│", "$panel")
        return [thumb if first <= row < first + size else track for row in range(height)]
