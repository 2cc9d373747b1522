"""Plays a recording: the same records into a store, the same events to the screens."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from console.engine.events import EventFeed, RowsChanged
from console.engine.recording.file import Recording
from console.engine.recording.timeline import timeline
from store import Store

Sleep = Callable[[float], Awaitable[None]]


@dataclass(slots=True)
class Player:
    """`speed` 1 is the recorded pace, 10 ten times as fast; 0 plays without pauses."""

    recording: Recording
    store: Store
    feed: EventFeed
    speed: float = 1.0
    sleep: Sleep = asyncio.sleep
    monotonic: Callable[[], float] = time.monotonic
    _last_epoch_s: float = 0.0
    _last_monotonic_s: float = 0.0

    async def play(self) -> None:
        """From the first moment to the last; cancel it to stop."""
        now_s = 0.0
        for moment in timeline(self.recording):
            if self.speed > 0 and moment.at_s > now_s:
                await self.sleep((moment.at_s - now_s) / self.speed)
            now_s = max(now_s, moment.at_s)
            self._last_epoch_s, self._last_monotonic_s = moment.recorded_epoch_s, self.monotonic()
            for record in moment.records:
                self.store.put(record)
            if not (isinstance(moment.event, RowsChanged) and not moment.event.rows):
                self.feed.publish(moment.event)
        await self.store.flush()

    def recorded_epoch_s(self) -> float:
        """What the clock showed, in the recording, at the moment that is being played."""
        return self._last_epoch_s + (self.monotonic() - self._last_monotonic_s) * self.speed


@dataclass(frozen=True, slots=True)
class RecordedClock:
    """The time in the recording, for screens that show how long something has been running."""

    player: Player

    def epoch_s(self) -> float:
        """Seconds since 1970, as recorded."""
        return self.player.recorded_epoch_s()

    def new_id(self) -> str:
        """A random UUID."""
        return str(uuid.uuid4())
