"""Asks for a signature. It binds, so a key that was meant for the screen below must not sign anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from console.ui.text import EMPTY, SafeText, foreign, join, own, styled
from console.ui.widgets.words import Words
from console.ui.widgets.writing import WritingArea, WritingLine

GUARD_S: Final = 0.5
"""For so long after it opens, the dialog takes no key."""

_ROOMY_FROM_LINES: Final = 32


@dataclass(frozen=True, slots=True)
class Signature:
    """What the operator signed."""

    decision: str
    statement: str
    signed_by: str


class SignOffModal(ModalScreen[Signature | None]):
    """Dismissed with the signature, or None."""

    BINDINGS = [("escape", "leave"), ("ctrl+s", "sign")]  # noqa: RUF012  (as Textual declares it)
    DEFAULT_CSS = """
    SignOffModal { align: center middle; background: $background 60%; }
    SignOffModal > Vertical {
        width: 80; max-width: 95%; height: auto; max-height: 96%; padding: 1 2;
        background: $surface; border: round $warning; overflow-y: auto; scrollbar-size-vertical: 1;
    }
    SignOffModal Words { height: auto; }
    SignOffModal .label { color: $text-muted; margin-top: 1; }
    SignOffModal OptionList { height: auto; max-height: 5; border: none; padding: 0; background: $panel; }
    SignOffModal OptionList:focus { border: none; background: $panel-lighten-1; background-tint: $foreground 0%; }
    SignOffModal WritingArea { height: 4; }
    SignOffModal .complaint { color: $error; }
    SignOffModal .keys { color: $text-muted; margin-top: 1; }
    SignOffModal.-short > Vertical { padding: 0 2; }
    SignOffModal.-short .label, SignOffModal.-short .keys { margin-top: 0; }
    SignOffModal.-short WritingArea { height: 3; }
    """

    def __init__(
        self,
        subject: SafeText,
        decisions: Sequence[str],
        *,
        summary: SafeText = EMPTY,
        signed_by: str = "",
        guard_s: float = GUARD_S,
    ) -> None:
        super().__init__()
        self._subject, self._decisions, self._summary = subject, tuple(decisions), summary
        self._signed_by, self._guard_s = signed_by, guard_s
        self._is_armed = False

    def compose(self) -> ComposeResult:
        """What is signed, the decision, the statement, the name."""
        with Vertical():
            yield Words(own("Sign off", "bold"))
            yield Words(self._subject)
            if self._summary:
                yield Words(styled(self._summary, "$text-muted"))
            yield Words(own("decision"), classes="label")
            decisions = OptionList(*(Option(foreign(name)) for name in self._decisions), markup=False)
            decisions.disabled = True
            yield decisions
            yield Words(own("statement: what it rests on"), classes="label")
            statement = WritingArea()
            statement.disabled = True
            yield statement
            yield Words(own("signed by"), classes="label")
            name = WritingLine(self._signed_by, "your name")
            name.disabled = True
            yield name
            yield Words(classes="complaint")
            yield Words(_WAITING, classes="keys")

    def on_resize(self, event: events.Resize) -> None:
        """Everything must be in sight."""
        self.set_class(event.size.height < _ROOMY_FROM_LINES, "-short")

    def on_mount(self) -> None:
        """Take no key for a moment."""
        self.set_timer(self._guard_s, self._arm)

    def _arm(self) -> None:
        self._is_armed = True
        for field in (OptionList, WritingArea, WritingLine):
            self.query_one(field).disabled = False
        choices = self.query_one(OptionList)
        choices.highlighted = 0
        choices.focus()
        self.query_one(".keys", Words).show(_KEYS)

    def on_option_list_option_selected(self) -> None:
        """The decision is chosen: on to the statement."""
        self.query_one(WritingArea).focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Nothing is done before it takes keys."""
        return self._is_armed and super().check_action(action, parameters)

    def action_sign(self) -> None:
        """Close with the signature, if it is complete."""
        choice = self.query_one(OptionList).highlighted
        statement = self.query_one(WritingArea).text.strip()
        signed_by = self.query_one(WritingLine).value.strip()
        if choice is None:
            self._complain(own("Choose a decision."))
        elif not statement:
            self._complain(own("Say what the decision rests on."))
        elif not signed_by:
            self._complain(own("Give a name: a signature has one."))
        else:
            self.dismiss(Signature(self._decisions[choice], statement, signed_by))

    def _complain(self, text: SafeText) -> None:
        self.query_one(".complaint", Words).show(text)

    def action_leave(self) -> None:
        """Close unsigned."""
        self.dismiss(None)


_WAITING: Final = own("…")
_KEYS: Final = join(
    [
        join([own("↑↓", "bold $primary"), own("decision")], " "),
        join([own("Tab", "bold $primary"), own("next field")], " "),
        join([own("^s", "bold $primary"), own("sign")], " "),
        join([own("Esc", "bold $primary"), own("leave unsigned")], " "),
    ],
    "    ",
)
