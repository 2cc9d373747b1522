"""The agent's own word for a history that it shortened, read from its log."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

from adapters.line_splitter import AssembledLine, LogLineAssembler
from console.engine.clock import epoch_of
from store.records import LogChunkRecord


def told_compaction(chunks: Iterable[LogChunkRecord], *, since_s: float, until_s: float) -> str | None:
    """The last compaction that was told between two moments (seconds since 1970); None when none was.

    pi 0.60.0 logs `auto_compaction_end`, 0.87.1 `compaction_end`; one without a result came to nothing. A tool's output
    that looks like such a line is inside another line, and does not count.
    """
    told = [_word(line.text) for line in _lines(chunks) if since_s <= _epoch_s(line.ts) <= until_s]
    return next((word for word in reversed(told) if word is not None), None)


def _lines(chunks: Iterable[LogChunkRecord]) -> Iterator[AssembledLine]:
    assembler = LogLineAssembler()
    for chunk in chunks:
        if chunk.stream == "stdout":
            yield from assembler.feed(chunk.chunk, ts=chunk.ts, log_seq=chunk.seq)
    yield from assembler.finish()


def _word(line: str) -> str | None:
    if "compaction_end" not in line or not line.startswith("{"):
        return None
    try:
        parsed: Any = json.loads(line)
    except (ValueError, RecursionError):
        return None
    event = cast("dict[str, Any]", parsed)
    kind, result = event.get("type"), event.get("result")
    if not isinstance(kind, str) or not kind.endswith("compaction_end"):
        return None
    if not isinstance(result, dict) and event.get("status") != "completed":
        return None
    return ", ".join([kind, *_details(event, cast("dict[str, Any]", result) if isinstance(result, dict) else {})])


def _details(event: Mapping[str, Any], result: Mapping[str, Any]) -> Iterator[str]:
    if isinstance(event.get("reason"), str):
        yield event["reason"]
    if isinstance(result.get("tokensBefore"), int):
        yield f"{result['tokensBefore']} tokens before"


def _epoch_s(ts: str) -> float:
    """A chunk without a readable time stamp was written at no time that is asked for."""
    try:
        return epoch_of(ts)
    except ValueError:
        return float("-inf")
