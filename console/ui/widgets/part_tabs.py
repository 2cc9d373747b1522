"""The names of a screen's parts on one line, the one that is open marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import LiteralString

from console.ui.text import SafeText, clickable, join, own, words
from console.ui.widgets.words import Words

_NUMBERED_FROM_CELLS = 136


class PartTabs(Words):
    """Names with their digits where there is room."""

    DEFAULT_CSS = """
    PartTabs {
        height: 1; padding: 0 1; background: $panel; color: $text-muted;
        link-color: $text-muted; link-style: none; link-background-hover: $panel-lighten-2;
        link-color-hover: $foreground; link-style-hover: none;
    }
    """

    def __init__(
        self,
        names: Sequence[LiteralString],
        short_names: Mapping[str, LiteralString],
        *,
        id: str | None = None,  # noqa: A002  (Textual's name)
    ) -> None:
        super().__init__(id=id)
        self._names, self._short_names, self._open = tuple(names), dict(short_names), 0

    def mark(self, number: int) -> None:
        """This part is open."""
        self._open = number
        self._lay_out()

    def on_resize(self) -> None:
        """Digits need room."""
        self._lay_out()

    def _lay_out(self) -> None:
        numbered = self.size.width >= _NUMBERED_FROM_CELLS
        self.show(join([self._tab(number, numbered) for number in range(len(self._names))], "  " if numbered else " "))

    def _tab(self, number: int, numbered: bool) -> SafeText:
        name = self._names[number]
        shown = own(name if numbered else self._short_names.get(name, name))
        text = words(" {digit} {name} ", digit=(number + 1) % 10, name=shown) if numbered else shown
        if number == self._open:
            return SafeText(text.stylize("bold $background on $primary"))
        return clickable(text, f"screen.show_tab({number})")
