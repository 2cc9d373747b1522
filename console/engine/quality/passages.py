"""The prose of a view, with what the agent did not say in it set apart: its prompt, and results of its tools."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from console.engine.quality.likeness import common_start, normal
from console.engine.quality.occurrences import Wanted, search
from console.engine.quality.result import Place, ScriptedItem
from console.engine.quality.shown import Piece, ShownRow, joined
from console.engine.quality.truth import Truth

SAID_KINDS: Final = frozenset({"assistant", "thinking"})
PROSE_KINDS: Final = SAID_KINDS | {"result", "system"}

_TELLING_CHARACTERS: Final = 16
"""A shorter text that happens to be part of the prompt is no echo of it, unless it is the whole prompt."""

_SAME_START_CHARACTERS: Final = 64
"""A text that begins like the prompt for so long is the prompt, however it goes on."""


@dataclass(frozen=True, slots=True)
class Passage:
    """Neighbouring pieces of one row that the agent may have said, put together."""

    row: ShownRow
    pieces: tuple[Piece, ...]
    text: str
    starts: tuple[int, ...]

    @classmethod
    def of(cls, row: ShownRow, pieces: Sequence[Piece]) -> Passage:
        """The pieces as one text."""
        text, starts = joined([Piece(piece.text.replace("\r\n", "\n"), piece.entry_seq) for piece in pieces])
        return cls(row, tuple(pieces), text, tuple(starts))

    def place(self, at: int) -> Place:
        """Where a character of the text stands."""
        piece = self.pieces[max(0, bisect_right(self.starts, at) - 1)]
        return Place(self.row.record.row_no, piece.entry_seq)


@dataclass(frozen=True, slots=True)
class Foreign:
    """A piece that is shown as the agent's words and is not: `item` is the tool result that it is, None the prompt."""

    place: Place
    text: str
    item: ScriptedItem | None


@dataclass(slots=True)
class Prose:
    """All passages of a view, and what was set apart."""

    passages: list[Passage] = field(default_factory=list[Passage])
    foreign: list[Foreign] = field(default_factory=list[Foreign])


def read_prose(rows: Sequence[ShownRow], truth: Truth) -> Prose:
    """Sort the pieces of all rows of prose."""
    sorter = _Sorter(truth)
    prose = Prose()
    for row in rows:
        if row.record.kind not in PROSE_KINDS:
            continue
        kept: list[Piece] = []
        for piece in row.pieces:
            foreign, is_whole = sorter.foreign(row, piece)
            if foreign is not None:
                prose.foreign.append(foreign)
            if not is_whole:
                kept.append(piece)
            elif kept:
                prose.passages.append(Passage.of(row, kept))
                kept = []
        if kept:
            prose.passages.append(Passage.of(row, kept))
    return prose


class _Sorter:
    def __init__(self, truth: Truth) -> None:
        said = [item for item in truth.items if item.kind in ("text", "thinking")]
        self._said = {normal(item.text) for item in said}
        self._wanted = Wanted(self._said)
        self._results: Mapping[str, ScriptedItem] = {
            normal(item.text): item
            for item in reversed(truth.items)
            if item.kind == "tool_result" and item.text.strip()
        }
        self._given = [" ".join(text.split()) for text in truth.given]

    def foreign(self, row: ShownRow, piece: Piece) -> tuple[Foreign | None, bool]:
        """What the piece is if the agent did not say it, and whether the whole of it is that."""
        text = normal(piece.text)
        if row.record.kind not in SAID_KINDS or not text or text in self._said:
            return None, False
        place = Place(row.record.row_no, piece.entry_seq)
        if text in self._results:
            return Foreign(place, piece.text, self._results[text]), True
        found, rest = search(text, self._wanted)
        if not rest:
            return None, False
        plain = " ".join(text.split())
        if any(_is_part(plain, given) for given in self._given):
            return Foreign(place, piece.text, None), True
        if any(_is_part(given, plain) or _begins_alike(given, plain) for given in self._given):
            return Foreign(place, piece.text, None), not found
        return None, False


def _is_part(part: str, whole: str) -> bool:
    return part == whole or (len(part) >= _TELLING_CHARACTERS and part in whole)


def _begins_alike(one: str, other: str) -> bool:
    return common_start(one, other) >= _SAME_START_CHARACTERS


def spans(passages: Sequence[Passage], wanted: Wanted) -> Iterator[tuple[Passage, int, int, str | None]]:
    """Every wanted text in the passages, and what is left between them (None), in order."""
    for passage in passages:
        found, rest = search(passage.text, wanted)
        marked = [(one.start, one.end, one.text) for one in found]
        for start, end, text in sorted([*marked, *((start, end, None) for start, end in rest)], key=lambda one: one[0]):
            yield passage, start, end, text
