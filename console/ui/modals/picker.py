"""Chooses one of a list; typing narrows the list down."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from console.ui.text import EMPTY, SafeText, join, own, styled
from console.ui.widgets.words import Words


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of a picker; `refusal` says why it cannot be chosen now."""

    key: str
    label: SafeText
    detail: SafeText = EMPTY
    refusal: SafeText = EMPTY

    @property
    def words(self) -> str:
        """What the filter looks through."""
        return f"{self.key} {self.label.plain} {self.detail.plain}".casefold()


class PickerModal(ModalScreen[str | None]):
    """Dismissed with the key of the choice, or None. `on_highlight` is told the key under the cursor, for a preview."""

    BINDINGS = [  # noqa: RUF012  (as Textual declares it)
        ("escape", "cancel"),
        ("down", "move(1)"),
        ("up", "move(-1)"),
        ("pagedown", "move(5)"),
        ("pageup", "move(-5)"),
    ]
    DEFAULT_CSS = """
    PickerModal { align: center middle; background: $background 60%; }
    PickerModal > Vertical {
        width: 74; max-width: 95%; height: auto; max-height: 96%; padding: 0 2;
        background: $surface; border: round $primary;
    }
    PickerModal Words { height: 1; }
    PickerModal .keys { color: $text-muted; margin-top: 1; }
    PickerModal Input, PickerModal Input:focus {
        border: none; height: 1; margin: 1 0; padding: 0 1; background: $panel;
    }
    PickerModal OptionList {
        height: auto; max-height: 50vh; border: none; padding: 0; background: $surface; scrollbar-size-vertical: 1;
    }
    """

    def __init__(
        self,
        title: SafeText,
        choices: Sequence[Choice],
        *,
        current: str | None = None,
        on_highlight: Callable[[str], None] | None = None,
    ) -> None:
        super().__init__()
        self._title, self._choices, self._current, self._on_highlight = title, tuple(choices), current, on_highlight

    def compose(self) -> ComposeResult:
        """The title, the filter, the list, the keys."""
        with Vertical():
            yield Words(styled(self._title, "bold"))
            filter_input = Input(placeholder="type to narrow the list", select_on_focus=False)
            filter_input.cursor_blink = False
            yield filter_input
            choices = OptionList(markup=False)
            choices.can_focus = False
            yield choices
            yield Words(own("↑↓ move    ⏎ choose    Esc leave as it is"), classes="keys")

    def on_mount(self) -> None:
        """Start on what is chosen now."""
        self._fill(self._choices)
        keys = [choice.key for choice in self._choices]
        if self._current in keys:
            self._list.highlighted = keys.index(self._current)

    @property
    def _list(self) -> OptionList:
        return self.query_one(OptionList)

    def _fill(self, choices: Sequence[Choice]) -> None:
        self._list.clear_options()
        for choice in choices:
            self._list.add_option(Option(self._line(choice), id=choice.key, disabled=bool(choice.refusal)))
        first = next((index for index, choice in enumerate(choices) if not choice.refusal), None)
        self._list.highlighted = first

    def _line(self, choice: Choice) -> SafeText:
        mark = own("● ", "$primary") if choice.key == self._current else own("  ")
        lines = [styled(choice.label, "bold")]
        if choice.detail:
            lines.append(join([own("  "), styled(choice.detail, "$text-muted")]))
        if choice.refusal:
            lines.append(join([own("  "), styled(choice.refusal, "$warning")]))
        return join([mark, join(lines, "\n")])

    @on(Input.Changed)
    def _narrow(self, message: Input.Changed) -> None:
        wanted = message.value.casefold().split()
        self._fill([choice for choice in self._choices if all(word in choice.words for word in wanted)])

    @on(OptionList.OptionHighlighted)
    def _preview(self, message: OptionList.OptionHighlighted) -> None:
        if self._on_highlight is not None and message.option_id is not None:
            self._on_highlight(message.option_id)

    @on(Input.Submitted)
    def _choose_highlighted(self) -> None:
        self._list.action_select()

    @on(OptionList.OptionSelected)
    def _choose(self, message: OptionList.OptionSelected) -> None:
        self.dismiss(message.option_id)

    def action_move(self, by: int) -> None:
        """Move the cursor within the list, past what cannot be chosen."""
        for _ in range(abs(by)):
            if by > 0:
                self._list.action_cursor_down()
            else:
                self._list.action_cursor_up()

    def action_cancel(self) -> None:
        """Leave everything as it is."""
        self.dismiss(None)
