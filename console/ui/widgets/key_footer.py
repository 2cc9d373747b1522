"""The last lines of every screen: the keys that do something now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from textual import events

from console.ui.keys import Action
from console.ui.text import EMPTY, SafeText, clickable, join, own, spread, styled
from console.ui.widgets.words import Words

LOOKING_RANK: Final = 40
"""Actions from this rank on look at things; where not all keys fit into one line, they have the second."""

CONSTANT_RANK: Final = 90
"""Actions from this rank on stand at the right and are never left out."""

_GAP: Final = "  "


class KeyFooter(Words):
    """Keys and their labels by rank, as many as the width holds."""

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
        self._actions = tuple(sorted((action for action in actions if action.footer_rank is not None), key=_rank))
        self._lay_out(self.content_size.width)

    def on_resize(self, event: events.Resize) -> None:
        """How many keys fit depends on the width."""
        self._lay_out(event.size.width - 2)

    def _lay_out(self, width_cells: int) -> None:
        if width_cells <= 0:
            return  # not placed yet
        doing = [action for action in self._actions if _rank(action) < LOOKING_RANK]
        looking = [action for action in self._actions if LOOKING_RANK <= _rank(action) < CONSTANT_RANK]
        constant = join([_hint(action) for action in self._actions if _rank(action) >= CONSTANT_RANK], _GAP)
        room = width_cells - constant.cell_length - 1
        all_hints = join([_hint(action) for action in (*doing, *looking)], _GAP)
        has_one_line = not doing or all_hints.cell_length <= room
        self.styles.height = 1 if has_one_line else 2
        if has_one_line:
            self.show(spread(_fitting([*doing, *looking], room), constant, width_cells))
            return
        self.show(join([_fitting(doing, width_cells), spread(_fitting(looking, room), constant, width_cells)], "\n"))


def _rank(action: Action) -> int:
    return action.footer_rank or 0


def _fitting(actions: Sequence[Action], width_cells: int) -> SafeText:
    """The hints of the first actions, as many as fit."""
    line = EMPTY
    for action in actions:
        longer = join([line, _hint(action)], _GAP)
        if longer.cell_length > width_cells:
            break
        line = longer
    return line


def _hint(action: Action) -> SafeText:
    where = "app" if action.scope == "everywhere" else "screen"
    hint = join([styled(action.key, "bold $primary"), own(action.label)], " ")
    return clickable(hint, f"{where}.{action.call}")
