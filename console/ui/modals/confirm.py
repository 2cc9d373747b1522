"""Asks before something that cannot be undone, or that one should have read about."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen

from console.ui.text import SafeText, join, own, styled
from console.ui.widgets.words import Words


class ConfirmModal(ModalScreen[bool]):
    """A question with what to know before answering it; dismissed with True for yes."""

    BINDINGS = [("y,enter", "answer(True)"), ("n,escape,q", "answer(False)")]  # noqa: RUF012  (as Textual declares it)
    DEFAULT_CSS = """
    ConfirmModal { align: center middle; background: $background 60%; }
    ConfirmModal > Vertical {
        width: 64; max-width: 95%; height: auto; max-height: 90%; padding: 1 3;
        background: $surface; border: round $primary;
    }
    ConfirmModal Words { height: auto; margin-bottom: 1; }
    ConfirmModal .keys { margin-bottom: 0; }
    """

    def __init__(self, question: SafeText, details: tuple[SafeText, ...] = (), *, yes: SafeText, no: SafeText) -> None:
        super().__init__()
        self._question, self._details, self._yes, self._no = question, details, yes, no

    def compose(self) -> ComposeResult:
        """The question, the details, the keys."""
        keys = join(
            [
                join([own("y", "bold $primary"), self._yes], " "),
                join([own("n", "bold $primary"), self._no], " "),
            ],
            "     ",
        )
        with Vertical():
            yield Words(styled(self._question, "bold"))
            for detail in self._details:
                yield Words(detail)
            yield Words(keys, classes="keys")

    def action_answer(self, answer: bool) -> None:
        """Close with the answer."""
        self.dismiss(answer)
