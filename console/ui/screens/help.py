"""Every key of a screen, and what the signs mean."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import ClassVar, Final, LiteralString

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen

from console.ui.keys import Action, Scope, actions_of, key_name
from console.ui.layout import padded, wrapped
from console.ui.text import EMPTY, SafeText, join, own, styled
from console.ui.widgets.words import Words

_SIGN_CELLS: Final = 14

_SIGNS: Final = (
    (own("◌ ● ✔ ✖ ■"), own("a run: queued, running, succeeded, failed, cancelled")),
    (own("▸ request"), own("a request reached the model endpoint; both lanes share these marks")),
    (own("◆ ◇ →"), own("the agent says, thinks, calls a tool")),
    (own("│"), own("what a tool gave back; ✖ when it failed")),
    (own("◆ bound"), own("the session after the beat: bound, kept, replaced, cleared, rejected")),
    (own("0.04"), own("seconds since the adapter's execute was called")),
    (own("spawn 180"), own("what each step took: root, bridge, spawn, first request, result")),
    (
        own("├──●──┤ │ ┊"),
        own("a 95% interval with its point; as the baseline; the margin; ◀ ▶ point at what is off the axis"),
    ),
    (own("✔ ✖ ◐ ⚑"), own("within or over the margin, not settled; a margin that was changed after it was fixed")),
    (own("┴ ○ ~"), own("the median; an outlier, which is kept; a percentile of few values")),
    (own("EXPERIMENTAL"), own("not a supported adapter; off until you allow it with X")),
)


class HelpScreen(ModalScreen[None]):
    """Keys of one screen and of all; any of ? F1 Esc q closes it."""

    BINDINGS: ClassVar = [("escape,q,question_mark,f1", "dismiss_help")]
    DEFAULT_CSS = """
    HelpScreen { align: center middle; background: $background 60%; }
    HelpScreen > Vertical {
        width: 92; max-width: 96%; height: auto; max-height: 94%; padding: 0 2;
        background: $surface; border: round $primary;
    }
    HelpScreen VerticalScroll { height: auto; max-height: 100%; scrollbar-size-vertical: 1; }
    HelpScreen Words { height: auto; margin-bottom: 1; }
    """

    def __init__(self, scope: Scope) -> None:
        super().__init__()
        self._scope: Scope = scope

    def compose(self) -> ComposeResult:
        """One scrolling text."""
        with Vertical():
            yield Words(join([own("Keys", "bold"), own("↑↓ scroll    Esc close", "$text-muted")], "    "))
            with VerticalScroll():
                yield Words(id="page")

    def on_resize(self) -> None:
        """The sentences wrap beside their keys."""
        self.call_after_refresh(self._lay_out)

    def _lay_out(self) -> None:
        page = self.query_one("#page", Words)
        page.show(_page(self._scope, page.content_size.width - 2))  # the scrollbar comes with the text

    def action_dismiss_help(self) -> None:
        """Close."""
        self.dismiss()


def _page(scope: Scope, width_cells: int) -> SafeText:
    sections = [
        _section(actions[0].group, [(_keys(action), own(action.help)) for action in actions], width_cells)
        for actions in (list(group) for _, group in groupby(actions_of(scope, "everywhere"), _group))
    ]
    return join([*sections, _section("Signs", _SIGNS, width_cells)], "\n\n")


def _group(action: Action) -> str:
    return action.group


def _keys(action: Action) -> SafeText:
    return styled(join([key_name(key) for key in action.keys], " "), "bold $primary")


def _section(title: LiteralString, lines: Iterable[tuple[SafeText, SafeText]], width_cells: int) -> SafeText:
    rows = [own(title, "bold $secondary")]
    for sign, text in lines:
        first, *rest = wrapped(text, width_cells - _SIGN_CELLS)
        rows.append(join([padded(sign, _SIGN_CELLS), first]))
        rows += [join([padded(EMPTY, _SIGN_CELLS), line]) for line in rest]
    return join(rows, "\n")
