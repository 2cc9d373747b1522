"""The last line of every screen: the keys that do something now."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events

from console.ui.keys import Action
from console.ui.text import EMPTY, SafeText, clickable, join, own, spread, styled
from console.ui.widgets.words import Words

_CONSTANT_RANK = 90
"""Actions from this rank on stand at the right and are never left out."""


class KeyFooter(Words):
    """Keys and their labels by rank: as many as the width holds, then what is always there."""

    DEFAULT_CSS = """
    KeyFooter {
        height: 1; padding: 0 1; background: $panel; color: $text-muted;
        link-color: $foreground; link-style: none; link-background-hover: $panel-lighten-2;
        link-color-hover: $foreground; link-style-hover: none;
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._actions: tuple[Action, ...] = ()

    def show_actions(self, actions: Sequence[Action]) -> None:
        """Replace the actions; those without a rank are not shown."""
        ranked = [action for action in actions if action.footer_rank is not None]
        self._actions = tuple(sorted(ranked, key=lambda action: action.footer_rank or 0))
        self._lay_out(self.content_size.width)

    def on_resize(self, event: events.Resize) -> None:
        """How many keys fit depends on the width."""
        self._lay_out(event.size.width - 2)

    def _lay_out(self, width_cells: int) -> None:
        constant = [_hint(action) for action in self._actions if (action.footer_rank or 0) >= _CONSTANT_RANK]
        right = join(constant, "  ")
        left, room = EMPTY, width_cells - right.cell_length - 2
        for action in self._actions:
            longer = join([left, _hint(action)], "  ")
            if (action.footer_rank or 0) >= _CONSTANT_RANK or longer.cell_length > room:
                break
            left = longer
        self.show(spread(left, right, width_cells))


def _hint(action: Action) -> SafeText:
    where = "app" if action.scope == "everywhere" else "screen"
    hint = join([styled(action.key, "bold $primary"), own(action.label)], " ")
    return clickable(hint, f"{where}.{action.call}")
