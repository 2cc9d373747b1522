"""The first line of every screen."""

from __future__ import annotations

from textual import events

from console.ui.text import EMPTY, SafeText, spread
from console.ui.widgets.words import Words


class TitleBar(Words):
    """Where one is at the left, what holds everywhere at the right."""

    DEFAULT_CSS = "TitleBar { height: 1; padding: 0 1; background: $panel; color: $foreground; }"

    def __init__(self) -> None:
        super().__init__()
        self._left, self._right = EMPTY, EMPTY

    def show_ends(self, left: SafeText, right: SafeText) -> None:
        """Replace both ends."""
        self._left, self._right = left, right
        self._lay_out(self.content_size.width)

    def on_resize(self, event: events.Resize) -> None:
        """The gap between the ends depends on the width."""
        self._lay_out(event.size.width - 2)

    def _lay_out(self, width_cells: int) -> None:
        if width_cells > 0:  # else it is not placed yet
            self.show(spread(self._left, self._right, width_cells))
