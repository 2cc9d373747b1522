"""Where a reader stands in a transcript of any length. Only rows near the viewport are ever read or laid out."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from console.ui.widgets.row_layout import LaidOut, Line

_KEPT_LAYOUTS: Final = 256
_WAITING: Final[tuple[Line, ...]] = ((("quiet", "       … not in the file yet"),),)


class Position(NamedTuple):
    """A line: of which row, and which of its lines."""

    row: int
    line: int


@dataclass(frozen=True, slots=True)
class Rows:
    """What is shown: how many rows there are now, and how one is laid out (None: the file does not have it yet)."""

    count: Callable[[], int]
    lay_out: Callable[[int, int, bool], LaidOut | None]
    """Row number, width in cells, expanded."""


START: Final = Position(0, 0)


class RowViewport:
    """Following means to stay at the end; scrolling up ends it, arriving at the end resumes it."""

    def __init__(self) -> None:
        self.top = START
        self.is_following = True
        self._rows: Rows | None = None
        self._width, self._height = 0, 0
        self._seen_count = 0
        self._expanded: set[int] = set()
        self._layouts: OrderedDict[int, LaidOut] = OrderedDict()

    @property
    def count(self) -> int:
        """How many rows there are."""
        return self._rows.count() if self._rows is not None else 0

    @property
    def new_count(self) -> int:
        """Rows that came since following ended."""
        return 0 if self.is_following else max(0, self.count - self._seen_count)

    def show(self, rows: Rows | None, *, follow: bool) -> None:
        """Show something else, from its end or from its start."""
        self._rows = rows
        self._expanded.clear()
        self._layouts.clear()
        self.top, self.is_following, self._seen_count = START, follow, self.count
        self.settle()

    def resize(self, width: int, height: int) -> None:
        """Another width wraps differently; the row at the top stays there."""
        if (width, height) == (self._width, self._height):
            return
        if width != self._width:
            self._layouts.clear()
            self.top = Position(self.top.row, 0)
        self._width, self._height = width, height
        self.settle()

    def forget(self, numbers: Iterable[int]) -> None:
        """These rows are new or different; what the reader looks at stays where it is."""
        for number in numbers:
            self._layouts.pop(number, None)
        self.settle()

    def move(self, lines: int) -> None:
        """Scroll by lines."""
        end = self.end()
        self.top = min(self._moved(self.top, lines), end)
        if lines > 0 and self.top == end:
            self.is_following = True
        elif lines < 0 and self.top < end:
            self._stop_following()

    def move_pages(self, pages: int) -> None:
        """Scroll by screens, less a line of overlap."""
        self.move(pages * max(1, self._height - 1))

    def go_to(self, row: int) -> None:
        """Put a row at the top, as far as the end allows."""
        self._stop_following()
        self.top = min(Position(max(0, min(row, self.count - 1)), 0), self.end())

    def follow(self) -> None:
        """Show the last row, and what comes."""
        self.is_following = True
        self.settle()

    def toggle_expanded(self, numbers: Iterable[int] | None = None) -> None:
        """Show these rows (or those in view) in full; when none of them is shortened, shorten them again."""
        chosen = set(numbers) if numbers is not None else {number for number, _ in self.visible()}
        shortened = {number for number in chosen if self._is_shortened(number)}
        if shortened:
            self._stop_following()
            self._expanded |= shortened
        else:
            self._expanded -= chosen
        self.forget(chosen)

    def visible(self) -> Iterator[tuple[int, Line]]:
        """Row number and line, from the top to the bottom of the view."""
        count, room = self.count, self._height
        row, first = self.top
        while row < count and room > 0:
            shown = self._lines(row)[first : first + room]
            for line in shown:
                yield row, line
            room -= len(shown)
            row, first = row + 1, 0

    def end(self) -> Position:
        """The top at which the last line stands at the bottom."""
        return self._moved(Position(self.count, 0), -self._height)

    def thumb(self) -> tuple[int, int]:
        """First and last line (exclusive) of the scrollbar's thumb; (0, 0) when everything is in view."""
        end, height = self.end(), self._height
        if end == START or height == 0:
            return 0, 0
        shown = len({number for number, _ in self.visible()})
        size = max(1, min(height - 1, round(height * shown / self.count)))
        if self.top >= end:
            return height - size, height
        start = min(height - size, round(height * self.top.row / self.count))
        return start, start + size

    def settle(self) -> None:
        """Keep the top within what there is, at the end while following."""
        end = self.end()
        self.top = end if self.is_following else min(self.top, end)

    def _stop_following(self) -> None:
        if self.is_following:
            self._seen_count = self.count
        self.is_following = False

    def _layout(self, number: int) -> LaidOut | None:
        if number in self._layouts:
            self._layouts.move_to_end(number)
            return self._layouts[number]
        if self._rows is None:
            return None
        laid_out = self._rows.lay_out(number, self._width, number in self._expanded)
        if laid_out is not None:
            self._layouts[number] = laid_out
        if len(self._layouts) > _KEPT_LAYOUTS:
            self._layouts.popitem(last=False)
        return laid_out

    def _lines(self, number: int) -> tuple[Line, ...]:
        laid_out = self._layout(number)
        return laid_out.lines if laid_out is not None and laid_out.lines else _WAITING

    def _is_shortened(self, number: int) -> bool:
        laid_out = self._layout(number)
        return laid_out is not None and laid_out.shortened

    def _moved(self, start: Position, lines: int) -> Position:
        count, row, line = self.count, start.row, start.line + lines
        while line < 0 and row > 0:
            row -= 1
            line += len(self._lines(row))
        while row < count and line >= len(self._lines(row)):
            line -= len(self._lines(row))
            row += 1
        return Position(row, max(0, line))
