"""A transcript of any length in constant work: only the rows on the screen are read, laid out and drawn.

It draws its own lines instead of leaving them to Textual's style cache, which costs a rule look-up per line; so its
styles are resolved once, line filters (NO_COLOR) are applied when a line is made, and borders belong to the parent.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar, get_args

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from console.ui.widgets.row_layout import Line, Tone
from console.ui.widgets.row_viewport import Rows, RowViewport

WHEEL_LINES = 3


class TranscriptView(Widget):
    """Shows `Rows` through a `RowViewport`, with a scrollbar, and a chip for what came below the reader."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        *(f"transcript--{tone}" for tone in get_args(Tone)),
        "transcript--chip",
        "transcript--track",
        "transcript--thumb",
    }
    DEFAULT_CSS = """
    TranscriptView {
        height: 1fr; background: $background; color: $foreground;
        & > .transcript--time { color: $text-disabled; }
        & > .transcript--request { color: $secondary; }
        & > .transcript--assistant { color: $foreground; }
        & > .transcript--thinking { color: $text-muted; text-style: italic; }
        & > .transcript--tool { color: $primary; text-style: bold; }
        & > .transcript--command { color: $foreground; text-style: bold; }
        & > .transcript--output { color: $foreground 80%; }
        & > .transcript--error { color: $error; }
        & > .transcript--quiet { color: $text-muted; }
        & > .transcript--result { color: $foreground; text-style: bold; }
        & > .transcript--more { color: $accent; }
        & > .transcript--chip { color: $background; background: $accent; text-style: bold; }
        & > .transcript--track { color: $panel; }
        & > .transcript--thumb { color: $primary 60%; }
    }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002  (Textual's name)
        super().__init__(id=id, classes=classes)
        self._viewport = RowViewport()
        self._strips: list[Strip] | None = None
        self._rich_styles: dict[str, Style] = {}

    @property
    def is_following(self) -> bool:
        """Whether the view stays at the end."""
        return self._viewport.is_following

    @property
    def new_count(self) -> int:
        """Rows that came since following ended."""
        return self._viewport.new_count

    @property
    def lines(self) -> list[str]:
        """The text in view, line by line."""
        return ["".join(text for _, text in line).rstrip() for _, line in self._viewport.visible()]

    def show_rows(self, rows: Rows | None, *, follow: bool = True) -> None:
        """Show something else, from its end or from its start."""
        self._viewport.show(rows, follow=follow)
        self._redraw()

    def rows_changed(self, numbers: Iterable[int]) -> None:
        """These rows are new or different; what the reader looks at stays where it is."""
        self._viewport.forget(numbers)
        self._redraw()

    def move_lines(self, lines: int) -> None:
        """Scroll; upwards ends following, arriving at the end resumes it."""
        self._viewport.move(lines)
        self._redraw()

    def move_pages(self, pages: int) -> None:
        """Scroll by screens."""
        self._viewport.move_pages(pages)
        self._redraw()

    def go_to_start(self) -> None:
        """Show the first row."""
        self._viewport.go_to(0)
        self._redraw()

    def go_to_row(self, row: int) -> None:
        """Show a row at the top, as far as the end allows."""
        self._viewport.go_to(row)
        self._redraw()

    def go_to_end(self) -> None:
        """Show the last row, and what comes."""
        self._viewport.follow()
        self._redraw()

    def toggle_expanded(self) -> None:
        """Show the shortened rows in view in full, or shorten them again."""
        self._viewport.toggle_expanded()
        self._redraw()

    def _redraw(self) -> None:
        self._strips = None
        self.refresh()

    @property
    def _text_width(self) -> int:
        return max(1, self.size.width - 1)  # the last column is the scrollbar

    def render_lines(self, crop: Region) -> list[Strip]:
        """The strips of the view; made once until something changes."""
        if self._strips is None or len(self._strips) != self.size.height:
            self._strips = self._draw()
        strips = self._strips[crop.y : crop.bottom]
        if crop.x == 0 and crop.width == self.size.width:
            return strips
        return [strip.crop(crop.x, crop.right) for strip in strips]

    def _draw(self) -> list[Strip]:
        height, width = self.size.height, self.size.width
        self._viewport.resize(self._text_width, height)  # a frame can come before the resize event
        lines = [self._segments(line) for _, line in self._viewport.visible()]
        lines += [self._segments(()) for _ in range(height - len(lines))]
        if self.new_count and lines:
            lines[-1] = self._with_chip(lines[-1])
        bars = self._scrollbar(height)
        return [self._filtered(Strip([*line, bar], width)) for line, bar in zip(lines, bars, strict=True)]

    def _segments(self, line: Line) -> list[Segment]:
        segments: list[Segment] = []
        room = self._text_width
        for tone, text in line:
            fitting = text if cell_len(text) <= room else set_cell_size(text, room)
            segments.append(Segment(fitting, self._style(tone)))
            room -= cell_len(fitting)
        segments.append(Segment(" " * room, self._style("time")))
        return segments

    def _with_chip(self, segments: list[Segment]) -> list[Segment]:
        chip = f" {self.new_count:,} new ▼ G "
        kept = Strip(segments).crop(0, max(0, self._text_width - len(chip)))
        return [*kept, Segment(chip, self._style("chip"))]

    def _scrollbar(self, height: int) -> Sequence[Segment]:
        first, end = self._viewport.thumb()
        if end == 0:
            return [Segment(" ", self._style("time"))] * height
        thumb, track = Segment("┃", self._style("thumb")), Segment("│", self._style("track"))
        return [thumb if first <= y < end else track for y in range(height)]

    def _filtered(self, strip: Strip) -> Strip:
        for line_filter in self.get_line_filters():
            strip = strip.apply_filter(line_filter, self.background_colors[1])
        return strip

    def _style(self, name: str) -> Style:
        if name not in self._rich_styles:
            self._rich_styles[name] = self.get_component_rich_style(f"transcript--{name}")
        return self._rich_styles[name]

    def notify_style_update(self) -> None:
        """Another theme: every style and strip is made anew."""
        super().notify_style_update()
        self._rich_styles.clear()
        self._strips = None

    def on_resize(self) -> None:
        """Another width wraps differently."""
        self._viewport.resize(self._text_width, self.size.height)
        self._redraw()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll, and keep the wheel from the parents."""
        event.stop()
        self.move_lines(WHEEL_LINES)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll, and keep the wheel from the parents."""
        event.stop()
        self.move_lines(-WHEEL_LINES)

    def on_click(self, event: events.Click) -> None:
        """The chip goes to the end, the scrollbar to its place, a shortened row opens."""
        visible = list(self._viewport.visible())
        if event.y == self.size.height - 1 and self.new_count:
            self._viewport.follow()
        elif event.x >= self._text_width:
            self._viewport.go_to(self._viewport.count * event.y // max(1, self.size.height))
        elif event.y < len(visible):
            self._viewport.toggle_expanded([visible[event.y][0]])
        self._redraw()
