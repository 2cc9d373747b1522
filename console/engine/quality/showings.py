"""Where each scripted item could be meant: every row, or part of one, that shows it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from console.engine.quality.likeness import kept_characters, normal
from console.engine.quality.occurrences import Wanted
from console.engine.quality.order import Position
from console.engine.quality.passages import Passage, Prose, spans
from console.engine.quality.result import Place, ScriptedItem
from console.engine.quality.shown import ShownRow
from console.engine.quality.tool_arguments import compared_arguments
from console.engine.quality.tool_rows import called_rows, result_rows

ROW_KIND_OF: Final = {
    "text": "assistant",
    "thinking": "thinking",
    "tool_call": "tool_call",
    "tool_result": "tool_result",
}

_REPEATED_OUTPUT_CHARACTERS: Final = 4
"""A shorter output may stand in a tool's metadata by chance."""

_CUT_START_CHARACTERS: Final = 24
"""A text that begins so long as it should is that text, cut."""

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Showing:
    """One place that shows an item. `lost_characters` are those of the item that are not there."""

    position: Position
    place: Place
    row_kind: str
    text: str
    lost_characters: int = 0
    is_recognised: bool = True
    """False where so little of it is there that it does not count as shown."""
    is_split: bool = False
    """Other rows stand between its parts."""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Rest:
    """A part of a passage that is no scripted text as it should be."""

    passage: Passage
    start: int
    end: int

    @property
    def text(self) -> str:
        """What is there."""
        return self.passage.text[self.start : self.end]

    @property
    def showing(self) -> Showing:
        """It, as a showing of something."""
        row = self.passage.row.record
        return Showing((row.row_no, self.start), self.passage.place(self.start), row.kind, self.text.strip())


@dataclass(slots=True)
class Showings:
    """All showings by item, and the prose that shows none."""

    by_key: dict[Key, list[Showing]]
    rests: list[Rest]


def key_of(item: ScriptedItem) -> Key:
    """Items of the same key cannot be told apart where they are shown."""
    if item.kind in ("tool_call", "tool_result"):
        return item.kind, item.call_id or ""
    return "said", normal(item.text)


def find_showings(items: Sequence[ScriptedItem], rows: Sequence[ShownRow], prose: Prose) -> Showings:
    """Every place that shows an item."""
    found = Showings(defaultdict(list), [])
    wanted = Wanted(normal(item.text) for item in items if item.kind in ("text", "thinking"))
    for passage, start, end, text in spans(prose.passages, wanted):
        rest = Rest(passage, start, end)
        if text is None:
            found.rests.append(rest)
        else:
            found.by_key["said", text].append(rest.showing)
    for item, row in called_rows(items, rows):
        found.by_key[key_of(item)].append(_of_call(item, row))
    for item, row in result_rows(items, rows):
        found.by_key[key_of(item)] += _of_result(item, row)
    return found


def _of_call(item: ScriptedItem, row: ShownRow) -> Showing:
    record = row.record
    lost, is_recognised = compared_arguments(item.text, row.arguments)
    place = Place(record.row_no, record.entry_seq)
    return Showing((record.row_no, 0), place, record.kind, row.arguments, lost, is_recognised)


def _of_result(item: ScriptedItem, row: ShownRow) -> Iterator[Showing]:
    """The result, and each time that the row has the output again."""
    record = row.record
    expected, shown = normal(item.text), normal(record.body)
    lost = 0 if expected in shown else len(expected) - kept_characters(expected, shown)
    is_recognised = not expected or is_enough(expected, shown, len(expected) - lost) or bool(shown)
    place = Place(record.row_no, record.entry_seq)
    yield Showing((record.row_no, 0), place, record.kind, record.body, lost, is_recognised)
    for number in range(1, _outputs_in(expected, shown)):
        detail = "the same output again within one result"
        yield Showing((record.row_no, number), place, record.kind, item.text, detail=detail)


def _outputs_in(expected: str, shown: str) -> int:
    """How often an output stands in a result: from the start of a line, or after a name, to the end of a line."""
    if len(expected) < _REPEATED_OUTPUT_CHARACTERS:
        return 1
    count, at = 0, shown.find(expected)
    while at >= 0:
        end = at + len(expected)
        begins = at == 0 or shown[at - 1] == "\n" or shown[:at].endswith(": ")
        count += begins and (end == len(shown) or shown[end] == "\n")
        at = shown.find(expected, end)
    return max(1, count)


def is_enough(expected: str, shown: str, kept: int) -> bool:
    """Whether somebody would know it for the text that it should be: half of it, or a good start."""
    return kept * 2 >= len(expected) or (
        len(expected) > _CUT_START_CHARACTERS and shown.startswith(expected[:_CUT_START_CHARACTERS])
    )
