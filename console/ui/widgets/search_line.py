"""The line in which the operator types what to look for."""

from __future__ import annotations

from textual.binding import Binding
from textual.message import Message

from console.ui.widgets.writing import WritingLine


class SearchLine(WritingLine):
    """Hidden until it is asked for; Enter keeps what was typed, Escape drops it."""

    BINDINGS = [Binding("escape", "leave", show=False)]  # noqa: RUF012  (as Textual declares it)
    DEFAULT_CSS = "SearchLine { display: none; }"

    class Left(Message):
        """The operator is done with the line."""

    def __init__(self) -> None:
        super().__init__(placeholder="words to look for")

    def ask(self) -> None:
        """Show it, and take the keys."""
        self.display = True
        self.focus()

    def clear_and_hide(self) -> None:
        """Drop what was typed."""
        self.value = ""
        self.display = False

    def action_leave(self) -> None:
        """Drop what was typed, and give the keys back."""
        self.clear_and_hide()
        self.post_message(self.Left())

    async def action_submit(self) -> None:
        """Keep what was typed, and give the keys back."""
        self.display = bool(self.value.strip())
        self.post_message(self.Left())
