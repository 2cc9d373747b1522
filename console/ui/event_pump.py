"""From the engine's feed to the screens: many events, a few messages a second."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import Final

from textual.message import Message

from console.engine.events import EngineEvent, EventFeed, RowsChanged
from store.records import TranscriptRowRecord

FRAME_S: Final = 0.04
"""The screens are told at most this often, so a fast agent costs no more than 25 repaints a second."""


class EngineSpoke(Message, bubble=False):
    """What the engine said since the last frame, in order; rows of one run are gathered in one event."""

    def __init__(self, events: tuple[EngineEvent, ...]) -> None:
        super().__init__()
        self.events = events


class EventPump:
    """Gathers events for one frame and hands them over together. Belongs to the engine's event loop."""

    def __init__(self, feed: EventFeed, deliver: Callable[[tuple[EngineEvent, ...]], None]) -> None:
        self._deliver = deliver
        self._waiting: list[EngineEvent] = []
        self._frame: asyncio.TimerHandle | None = None
        self._unsubscribe = feed.subscribe(self._take)

    def close(self) -> None:
        """Stop listening; what waits is dropped."""
        self._unsubscribe()
        if self._frame is not None:
            self._frame.cancel()

    def _take(self, event: EngineEvent) -> None:
        self._waiting.append(event)
        if self._frame is None:
            self._frame = asyncio.get_running_loop().call_later(FRAME_S, self._end_frame)

    def _end_frame(self) -> None:
        self._frame = None
        events, self._waiting = gathered(self._waiting), []
        self._deliver(events)


def gathered(events: Iterable[EngineEvent]) -> tuple[EngineEvent, ...]:
    """The events with all rows of a run in one RowsChanged, in the place of its first; a row's last state counts."""
    rows_of: dict[str, dict[int, TranscriptRowRecord]] = {}
    kept: list[EngineEvent] = []
    for event in events:
        if not isinstance(event, RowsChanged):
            kept.append(event)
            continue
        if event.run_id not in rows_of:
            rows_of[event.run_id] = {}
            kept.append(event)
        rows_of[event.run_id].update({row.row_no: row for row in event.rows})
    return tuple(
        RowsChanged(event.run_id, tuple(rows_of[event.run_id].values())) if isinstance(event, RowsChanged) else event
        for event in kept
    )
