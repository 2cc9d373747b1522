"""One view of a transcript, measured against what really happened."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import groupby

from console.engine.quality.assignment import Assigned, assign
from console.engine.quality.damage import find_damaged
from console.engine.quality.order import Position, out_of_order
from console.engine.quality.passages import Foreign, Prose, read_prose
from console.engine.quality.result import Finding, Place, ScriptedItem, ViewName, ViewQuality
from console.engine.quality.showings import ROW_KIND_OF, Rest, Showing, Showings, find_showings
from console.engine.quality.shown import ShownRow
from console.engine.quality.truth import Truth

REPLACEMENT_CHARACTER = "\N{REPLACEMENT CHARACTER}"


def measure_view(view: ViewName, truth: Truth, rows: Sequence[ShownRow]) -> ViewQuality:
    """All measures of one view; `truth` must have items."""
    items = truth.items
    prose = read_prose(rows, truth)
    showings = find_showings(items, rows, prose)
    assigned = assign(items, showings.by_key)
    find_damaged(items, assigned, showings.rests)
    findings = [
        *_missing(items, assigned),
        *_duplicates(items, assigned, prose),
        *_misordered(items, assigned),
        *_echoes(prose),
        *_unparsed(rows),
        *_damaged(items, assigned),
    ]
    counts = {kind: len(list(group)) for kind, group in groupby(sorted(finding.kind for finding in findings))}
    results = [index for index, item in enumerate(items) if item.kind == "tool_result"]
    lost = {index: _lost_characters(index, assigned) for index in assigned.first}
    return ViewQuality(
        view=view,
        item_count=len(items),
        shown_count=len(assigned.first),
        duplicates=counts.get("duplicate", 0),
        order_errors=counts.get("out_of_order", 0),
        prompt_echoes=counts.get("prompt_echo", 0),
        unparsed_lines=counts.get("unparsed", 0),
        split_texts=counts.get("split", 0),
        lost_characters=sum(lost.values()),
        replacement_characters=_replacement_characters(items, assigned, showings),
        tool_result_count=len(results),
        complete_tool_results=sum(lost.get(index) == 0 for index in results),
        findings=tuple(findings),
    )


def _lost_characters(index: int, assigned: Assigned) -> int:
    """At its best showing: what can be read somewhere is not lost."""
    again = [showing for number, showing in assigned.again if number == index and not showing.detail]
    return min(showing.lost_characters for showing in [assigned.first[index], *again])


def _missing(items: Sequence[ScriptedItem], assigned: Assigned) -> Iterator[Finding]:
    last: Place | None = None
    for index, item in enumerate(items):
        if index in assigned.first:
            last = assigned.first[index].place
        elif index in assigned.unrecognised:
            showing = assigned.unrecognised[index]
            what = "its arguments are" if item.kind == "tool_call" else "its text is"
            yield Finding("missing", item, showing.place, showing.text, f"the row is there, but {what} not shown")
        else:
            yield Finding("missing", item, last, item.text, "not shown at all")


def _duplicates(items: Sequence[ScriptedItem], assigned: Assigned, prose: Prose) -> Iterator[Finding]:
    again = [(items[index], showing) for index, showing in assigned.again]
    for item, showing in sorted(again, key=lambda one: one[1].position):
        yield Finding("duplicate", item, showing.place, showing.text, showing.detail or _how(item, showing))
    for foreign in prose.foreign:
        if foreign.item is not None:
            yield Finding(
                "duplicate", foreign.item, foreign.place, foreign.text, "a tool's result as the agent's words"
            )


def _how(item: ScriptedItem, showing: Showing) -> str:
    return "shown again" if showing.row_kind == ROW_KIND_OF[item.kind] else f"shown again as {showing.row_kind}"


def _misordered(items: Sequence[ScriptedItem], assigned: Assigned) -> Iterator[Finding]:
    for index in out_of_order([(index, assigned.first[index].position) for index in _right_order(items, assigned)]):
        showing = assigned.first[index]
        later = [other for other in range(index) if _is_after(other, showing.position, assigned)]
        earlier = [other for other in range(index + 1, len(items)) if _is_before(other, showing.position, assigned)]
        detail = (
            f"before {_name(items[later[0]])}" if later else f"after {_name(items[earlier[-1]])}" if earlier else ""
        )
        yield Finding("out_of_order", items[index], showing.place, showing.text, f"shown {detail}")


def _is_after(index: int, position: Position, assigned: Assigned) -> bool:
    return index in assigned.first and assigned.first[index].position > position


def _is_before(index: int, position: Position, assigned: Assigned) -> bool:
    return index in assigned.first and assigned.first[index].position < position


def _name(item: ScriptedItem) -> str:
    kind = item.kind.replace("_", " ")
    tool = f" of {item.tool}" if item.tool else ""
    return f"the {kind}{tool} of answer {item.ordinal + 1}"


def _right_order(items: Sequence[ScriptedItem], assigned: Assigned) -> list[int]:
    """The items that are shown, as they happened.

    Calls of one answer run at once: their results may come in any order, each after its own call.
    """
    shown = sorted(assigned.first)
    ordered: list[int] = []
    for _, group in groupby(shown, key=lambda index: (items[index].ordinal, items[index].call_id is not None)):
        indexes = list(group)
        as_shown = sorted(indexes, key=lambda index: assigned.first[index].position)
        ordered += as_shown if _is_possible(items, as_shown) else indexes
    return ordered


def _is_possible(items: Sequence[ScriptedItem], order: Sequence[int]) -> bool:
    calls = [index for index in order if items[index].kind == "tool_call"]
    place = {(items[index].kind, items[index].call_id): number for number, index in enumerate(order)}
    after_call = all(
        place.get(("tool_call", items[index].call_id), -1) < place["tool_result", items[index].call_id]
        for index in order
        if items[index].kind == "tool_result"
    )
    # Texts and thoughts have one right order, and so have calls.
    return after_call and calls == sorted(calls) and all(items[index].call_id is not None for index in order)


def _echoes(prose: Prose) -> Iterator[Finding]:
    for foreign in prose.foreign:
        if foreign.item is None:
            yield _echo(foreign)


def _echo(foreign: Foreign) -> Finding:
    return Finding("prompt_echo", None, foreign.place, foreign.text, "what the agent was given, as its own words")


def _unparsed(rows: Sequence[ShownRow]) -> Iterator[Finding]:
    for row in rows:
        if row.record.kind != "stdout":
            continue
        for piece in row.pieces:
            if _is_json_object(piece.text):
                place = Place(row.record.row_no, piece.entry_seq)
                yield Finding("unparsed", None, place, piece.text, "a line of the log as it came")


def _is_json_object(text: str) -> bool:
    if not text.lstrip().startswith("{"):
        return False
    try:
        return isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        return False


def _damaged(items: Sequence[ScriptedItem], assigned: Assigned) -> Iterator[Finding]:
    for index, showing in sorted(assigned.first.items(), key=lambda one: one[0]):
        if showing.is_split:
            yield Finding(
                "split", items[index], showing.place, showing.text, f"shown {showing.detail}, with rows between"
            )
        lost = _lost_characters(index, assigned)
        if lost:
            kind = "cut_result" if items[index].kind == "tool_result" else "damaged"
            detail = f"{lost:,} of {len(items[index].text):,} characters are not shown"
            yield Finding(kind, items[index], showing.place, showing.text, detail)


def _replacement_characters(items: Sequence[ScriptedItem], assigned: Assigned, showings: Showings) -> int:
    """U+FFFD in what is not as it should be; texts that are whole may have their own."""
    damaged = [showing.text for showing in _of_tools(items, assigned) if showing.lost_characters]
    return sum(text.count(REPLACEMENT_CHARACTER) for text in [*damaged, *map(_text, showings.rests)])


def _of_tools(items: Sequence[ScriptedItem], assigned: Assigned) -> Iterator[Showing]:
    """Texts and thoughts that are damaged are among the rests."""
    for index, showing in [*assigned.first.items(), *assigned.again, *assigned.unrecognised.items()]:
        if items[index].call_id is not None:
            yield showing


def _text(rest: Rest) -> str:
    return rest.text
