"""A widget that shows safe text."""

from __future__ import annotations

from textual.widgets import Static

from console.ui.text import EMPTY, SafeText


class Words(Static):
    """Text on the screen. Unlike Textual's own Static it takes no `str`, so foreign text cannot slip in."""

    def __init__(self, text: SafeText = EMPTY, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002  (Textual's name)
        super().__init__(text, markup=False, id=id, classes=classes)
        self._shown = text

    @property
    def shown(self) -> SafeText:
        """What is on the screen."""
        return self._shown

    def show(self, text: SafeText) -> None:
        """Replace the text; the same text again costs nothing."""
        if text.is_same(self._shown):
            return
        self._shown = text
        self.update(text)
