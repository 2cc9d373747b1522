"""Plays a recording: the same records into a store, the same events to the screens."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from console.engine.events import EventFeed, RowsChanged
from console.engine.recording.file import Recording
from console.engine.recording.timeline import timeline
from store import Store

Sleep = Callable[[float], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Player:
    """`speed` 1 is the recorded pace, 10 ten times as fast; 0 plays without pauses."""

    recording: Recording
    store: Store
    feed: EventFeed
    speed: float = 1.0
    sleep: Sleep = asyncio.sleep

    async def play(self) -> None:
        """From the first moment to the last; cancel it to stop."""
        now_s = 0.0
        for moment in timeline(self.recording):
            if self.speed > 0 and moment.at_s > now_s:
                await self.sleep((moment.at_s - now_s) / self.speed)
            now_s = max(now_s, moment.at_s)
            for record in moment.records:
                self.store.put(record)
            if not (isinstance(moment.event, RowsChanged) and not moment.event.rows):
                self.feed.publish(moment.event)
        await self.store.flush()
