"""A document over the whole screen."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen

from console.ui.text import SafeText, own, styled
from console.ui.widgets.document_view import DocumentView
from console.ui.widgets.documents import Document
from console.ui.widgets.words import Words


class DocumentModal(ModalScreen[None]):
    """Something long to read, closed with Escape."""

    BINDINGS = [("escape,q,enter", "close")]  # noqa: RUF012  (as Textual declares it)
    DEFAULT_CSS = """
    DocumentModal { align: center middle; background: $background 60%; }
    DocumentModal > Vertical {
        width: 96%; height: 92%; max-width: 140; padding: 0 1; background: $surface; border: round $primary;
    }
    DocumentModal Words { height: 1; padding: 0 1; }
    DocumentModal DocumentView { margin: 1 0; }
    DocumentModal .keys { color: $text-muted; }
    """

    def __init__(self, title: SafeText, document: Document) -> None:
        super().__init__()
        self._title, self._document = title, document

    def compose(self) -> ComposeResult:
        """The title, the document, the keys."""
        with Vertical():
            yield Words(styled(self._title, "bold"))
            yield DocumentView(self._document)
            yield Words(own("↑↓ PgUp PgDn move    g first    G last    Esc close"), classes="keys")

    def action_close(self) -> None:
        """Close."""
        self.dismiss(None)
