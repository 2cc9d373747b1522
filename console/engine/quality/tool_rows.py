"""Which row shows which call, and which its result: by the call's id, and where an agent changed it, by the content."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from console.engine.quality.likeness import normal
from console.engine.quality.result import ScriptedItem
from console.engine.quality.shown import ShownRow
from console.engine.quality.tool_arguments import compared_arguments


def called_rows(items: Sequence[ScriptedItem], rows: Sequence[ShownRow]) -> Iterator[tuple[ScriptedItem, ShownRow]]:
    """Each row of a tool call with the call that it shows; a call that the model did not make has none."""
    calls = [item for item in items if item.kind == "tool_call"]
    shown = [row for row in rows if row.record.kind == "tool_call"]
    by_id = {item.call_id or "": item for item in calls}
    named = [(row, _named(by_id, row)) for row in shown]
    known_ids = {item.call_id for _, item in named if item is not None}
    open_calls = [call for call in calls if call.call_id not in known_ids]
    for row, known in named:
        item = known or next(
            (call for call in open_calls if compared_arguments(call.text, row.arguments)[0] == 0), None
        )
        if item is None:
            continue
        if known is None:
            open_calls.remove(item)
        yield item, row


def result_rows(items: Sequence[ScriptedItem], rows: Sequence[ShownRow]) -> Iterator[tuple[ScriptedItem, ShownRow]]:
    """Each row of a tool's result with the result that it shows."""
    results = [item for item in items if item.kind == "tool_result"]
    call_ids = {
        row.record.tool_use_id: item.call_id for item, row in called_rows(items, rows) if row.record.tool_use_id
    }
    by_id = {item.call_id or "": item for item in results}
    shown = [row for row in rows if row.record.kind == "tool_result"]
    named = [(row, _named(by_id, row) or by_id.get(call_ids.get(row.record.tool_use_id or "") or "")) for row in shown]
    known_ids = {item.call_id for _, item in named if item is not None}
    open_results = [result for result in results if result.call_id not in known_ids]
    for row, known in named:
        item = known or next((one for one in open_results if normal(one.text) == normal(row.record.body)), None)
        if item is None:
            continue
        if known is None:
            open_results.remove(item)
        yield item, row


def _named(by_id: Mapping[str, ScriptedItem], row: ShownRow) -> ScriptedItem | None:
    """By the id, which an agent may have put into a longer one (`call_1|fc_2`)."""
    use_id = row.record.tool_use_id
    if not use_id or use_id in by_id:
        return by_id.get(use_id or "")
    return next((by_id[part] for part in re.split(r"\W+", use_id) if part in by_id), None)
