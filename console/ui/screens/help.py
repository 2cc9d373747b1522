"""Every key of a screen, and what the signs mean."""

from __future__ import annotations

from itertools import groupby
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen

from console.ui.keys import Action, Scope, actions_of, key_name
from console.ui.text import SafeText, join, own, styled
from console.ui.widgets.words import Words

_KEY_CELLS: Final = 10
_LABEL_CELLS: Final = 15

_SIGNS: Final = (
    (own("◌ ● ✔ ✖ ■"), own("a run: queued, running, succeeded, failed, cancelled")),
    (own("▸ request"), own("a request reached the model endpoint; both lanes share these marks")),
    (own("◆ ◇ →"), own("the agent says, thinks, calls a tool")),
    (own("│"), own("what a tool gave back; ✖ when it failed")),
    (own("◆ bound"), own("the session after the beat: bound, kept, replaced, cleared, rejected")),
    (own("0.04"), own("seconds since the adapter's execute was called")),
    (own("EXPERIMENTAL"), own("not a supported adapter; off until you allow it with X")),
)


class HelpScreen(ModalScreen[None]):
    """Keys of one screen and of all; any of ? F1 Esc q closes it."""

    BINDINGS: ClassVar = [("escape,q,question_mark,f1", "dismiss_help")]
    DEFAULT_CSS = """
    HelpScreen { align: center middle; background: $background 60%; }
    HelpScreen > Vertical {
        width: 92; max-width: 96%; height: auto; max-height: 94%; padding: 1 2 0 2;
        background: $surface; border: round $primary;
    }
    HelpScreen VerticalScroll { height: auto; max-height: 100%; scrollbar-size-vertical: 1; }
    HelpScreen Words { height: auto; }
    """

    def __init__(self, scope: Scope) -> None:
        super().__init__()
        self._scope: Scope = scope

    def compose(self) -> ComposeResult:
        """One scrolling text."""
        with Vertical():
            yield Words(own("Keys                       ↑↓ scroll · Esc close", "bold"))
            with VerticalScroll():
                yield Words(_page(self._scope))

    def action_dismiss_help(self) -> None:
        """Close."""
        self.dismiss()


def _page(scope: Scope) -> SafeText:
    sections = [_section(list(actions)) for _, actions in groupby(actions_of(scope, "everywhere"), _group)]
    signs = [own("Signs", "bold $secondary"), *(_row(sign, text) for sign, text in _SIGNS)]
    return join([*sections, join(signs, "\n"), own(" ")], "\n\n")


def _group(action: Action) -> str:
    return action.group


def _section(actions: list[Action]) -> SafeText:
    lines = [styled(own(actions[0].group), "bold $secondary")]
    for action in actions:
        keys = join([key_name(key) for key in action.keys], " ")
        lines.append(join([_padded(styled(keys, "bold $primary"), _KEY_CELLS), own(action.help)]))
    return join(lines, "\n")


def _row(sign: SafeText, text: SafeText) -> SafeText:
    return join([_padded(sign, _LABEL_CELLS), text])


def _padded(text: SafeText, width_cells: int) -> SafeText:
    return SafeText(text.pad_right(max(1, width_cells - text.cell_length)))
