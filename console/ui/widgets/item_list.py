"""A list with a cursor, whose items are laid out for the width that there is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from textual.binding import Binding
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from console.ui.text import SafeText


@dataclass(frozen=True, slots=True)
class Item:
    """One item: its key, unique in the list, and its text for a width in cells."""

    key: str
    lay_out: Callable[[int], SafeText]
    is_heading: bool = False
    """The cursor passes over headings."""


class ItemList(OptionList):
    """Tells `OptionSelected` and `OptionHighlighted` with the item's key as the option's id."""

    BINDINGS = [  # noqa: RUF012  (as Textual declares it)
        Binding("j", "cursor_down", show=False),
        Binding("k", "cursor_up", show=False),
        Binding("g", "first", show=False),
        Binding("G", "last", show=False),
    ]
    DEFAULT_CSS = """
    ItemList {
        border: none; padding: 0; background: $background; height: 1fr;
        scrollbar-size-vertical: 1; scrollbar-color: $panel-lighten-3; scrollbar-background: $background;
        &:focus { border: none; background-tint: $foreground 0%; }
        & > .option-list--option { padding: 0 1; }
        & > .option-list--option-highlighted, &:focus > .option-list--option-highlighted {
            background: $block-cursor-background; color: $foreground; text-style: none;
        }
        &:blur > .option-list--option-highlighted { background: $panel; }
    }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  (Textual's name)
        super().__init__(id=id, markup=False)
        self._items: tuple[Item, ...] = ()
        self._width_cells = 0

    @property
    def highlighted_key(self) -> str | None:
        """Key of the item under the cursor."""
        return None if self.highlighted is None else self._items[self.highlighted].key

    def show_items(self, items: Sequence[Item]) -> None:
        """Replace the items; the cursor stays on its item, or near where it was."""
        key, index, scroll_y = self.highlighted_key, self.highlighted, self.scroll_y
        self._items = tuple(items)
        self._width_cells = self._inner_width()
        self.clear_options()
        self.add_options(
            [Option(item.lay_out(self._width_cells), id=item.key, disabled=item.is_heading) for item in items]
        )
        if not items:
            return
        keys = [item.key for item in items]
        place = keys.index(key) if key in keys else min(index or 0, len(keys) - 1)
        self.highlighted = place
        if items[place].is_heading:
            self.action_cursor_down()
        self.scroll_to(y=scroll_y, animate=False, force=True)

    def append_items(self, items: Sequence[Item]) -> None:
        """Add items at the end."""
        self._items = (*self._items, *items)
        self.add_options(self._options_of(items))

    def _options_of(self, items: Sequence[Item]) -> list[Option]:
        return [Option(item.lay_out(self._width_cells), id=item.key, disabled=item.is_heading) for item in items]

    def go_to(self, key: str) -> None:
        """Put the cursor on an item; one that is not there is left alone."""
        for index, item in enumerate(self._items):
            if item.key == key:
                self.highlighted = index

    def on_resize(self) -> None:
        """Lay the items out anew when the width has changed."""
        if self._items and self._inner_width() != self._width_cells:
            self.show_items(self._items)

    def _inner_width(self) -> int:
        """What is left beside the scroll bar, whose place is always kept, and the padding."""
        return max(20, self.size.width - 3)
