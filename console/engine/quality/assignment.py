"""Which showing of an item counts as the item, and which are that item once more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from console.engine.quality.order import Position
from console.engine.quality.result import ScriptedItem
from console.engine.quality.showings import ROW_KIND_OF, Key, Showing, key_of

_BEFORE_ALL: Position = (-1, -1)


@dataclass(slots=True)
class Assigned:
    """For each item, by its index: where it is first shown, and where it is shown again."""

    first: dict[int, Showing] = field(default_factory=dict[int, Showing])
    again: list[tuple[int, Showing]] = field(default_factory=list[tuple[int, Showing]])
    unrecognised: dict[int, Showing] = field(default_factory=dict[int, Showing])
    """Shown, but with so little of it that it does not count."""


def assign(items: Sequence[ScriptedItem], by_key: dict[Key, list[Showing]]) -> Assigned:
    """Give each item, in the order in which they happened, its first showing after those before it.

    Items in the same words so get the showings that make the fewest order errors; what is left over is shown again,
    but for as many as the model itself said again.
    """
    assigned = Assigned()
    left = {key: sorted(found, key=lambda one: one.position) for key, found in by_key.items()}
    reached = _BEFORE_ALL
    for index, item in enumerate(items):
        showing = _chosen(left.get(key_of(item), []), ROW_KIND_OF[item.kind], reached)
        if showing is None:
            continue
        left[key_of(item)].remove(showing)
        if showing.is_recognised:
            assigned.first[index] = showing
            reached = max(reached, showing.position)
        else:
            assigned.unrecognised[index] = showing
    for item in items:
        left[key_of(item)] = left.get(key_of(item), [])[item.times_sent - 1 :]
    _add_again(assigned, items, left)
    return assigned


def _chosen(showings: Sequence[Showing], row_kind: str, reached: Position) -> Showing | None:
    if not showings:
        return None
    return min(
        showings,
        key=lambda one: (not one.is_recognised, one.row_kind != row_kind, one.position <= reached, one.position),
    )


def _add_again(assigned: Assigned, items: Sequence[ScriptedItem], left: dict[Key, list[Showing]]) -> None:
    """A showing too many is laid to the last item of its words that was shown before it."""
    indexes: dict[Key, list[int]] = {}
    for index, item in enumerate(items):
        indexes.setdefault(key_of(item), []).append(index)
    for key, showings in left.items():
        for showing in showings:
            known = [index for index in indexes[key] if index in assigned.first]
            before = [index for index in known if assigned.first[index].position < showing.position]
            if known:
                assigned.again.append(((before or known)[-1 if before else 0], showing))
