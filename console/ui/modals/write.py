"""Asks for some text: an answer, a comment."""

from __future__ import annotations

from dataclasses import dataclass

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen

from console.ui.text import EMPTY, SafeText, join, own, styled
from console.ui.widgets.words import Words
from console.ui.widgets.writing import WritingArea, WritingLine


@dataclass(frozen=True, slots=True)
class Written:
    """What the operator wrote; `author` is empty where no name was asked for."""

    body: str
    author: str


class WriteModal(ModalScreen[Written | None]):
    """Dismissed with the text, or None. `author` is the name to start from; None asks for no name."""

    BINDINGS = [("escape", "leave"), ("ctrl+s", "store")]  # noqa: RUF012  (as Textual declares it)
    DEFAULT_CSS = """
    WriteModal { align: center middle; background: $background 60%; }
    WriteModal > Vertical {
        width: 80; max-width: 95%; height: auto; max-height: 95%; padding: 1 2;
        background: $surface; border: round $primary;
    }
    WriteModal Words { height: auto; }
    WriteModal WritingArea { height: 8; margin: 1 0; }
    WriteModal .complaint { color: $error; }
    WriteModal .keys { color: $text-muted; margin-top: 1; }
    """

    def __init__(
        self, title: SafeText, subject: SafeText = EMPTY, *, body: str = "", author: str | None = None
    ) -> None:
        super().__init__()
        self._title, self._subject, self._body, self._author = title, subject, body, author

    def compose(self) -> ComposeResult:
        """Title, what it is about, the text, the name, the keys."""
        with Vertical():
            yield Words(styled(self._title, "bold"))
            if self._subject:
                yield Words(styled(self._subject, "$text-muted"))
            yield WritingArea(self._body)
            if self._author is not None:
                yield WritingLine(self._author, "your name")
            yield Words(classes="complaint")
            yield Words(_KEYS, classes="keys")

    def on_mount(self) -> None:
        """Begin to write at the end of what is there."""
        area = self.query_one(WritingArea)
        area.move_cursor(area.document.end)
        area.focus()

    def action_store(self) -> None:
        """Close with the text, if there is any."""
        body = self.query_one(WritingArea).text.strip()
        author = self.query_one(WritingLine).value.strip() if self._author is not None else ""
        if not body:
            self.query_one(".complaint", Words).show(own("Write something first, or leave with Esc."))
        elif self._author is not None and not author:
            self.query_one(".complaint", Words).show(own("Give a name: the plan keeps who answered."))
        else:
            self.dismiss(Written(body, author))

    def action_leave(self) -> None:
        """Close without a text."""
        self.dismiss(None)


_KEYS = join(
    [
        join([own("^s", "bold $primary"), own("store")], " "),
        join([own("Tab", "bold $primary"), own("next field")], " "),
        join([own("Esc", "bold $primary"), own("leave")], " "),
    ],
    "    ",
)
