"""Where a beat stands, and how long each step took."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from console.engine.events import EventFeed, Step, StepReached


@dataclass(slots=True)
class StepClock:
    """Marks steps on the monotonic clock; time zero is the call of `execute`."""

    run_id: str
    feed: EventFeed
    _began_s: float = field(default_factory=time.monotonic)
    _last_s: float = field(default_factory=time.monotonic)
    _executed_s: float | None = None
    _executed_epoch_s: float = 0.0
    took_ms: dict[Step, float] = field(default_factory=dict[Step, float])
    """Each step's time since the one that was marked before it."""
    reached_ms: dict[Step, float] = field(default_factory=dict[Step, float])
    """When each step was marked, since the call of `execute`; negative before it."""
    _stopwatches_s: dict[str, float] = field(default_factory=dict[str, float])

    def mark(self, step: Step) -> None:
        """The beat passes this step now; a second pass counts for nothing."""
        if step in self.took_ms:
            return
        now_s = time.monotonic()
        took_ms = (now_s - self._last_s) * 1000
        self._last_s = now_s
        self.took_ms[step] = took_ms
        self.reached_ms[step] = self.at_ms(now_s)
        self.feed.publish(StepReached(self.run_id, step, self.at_ms(now_s), took_ms))

    def start_execute(self, epoch_s: float) -> None:
        """`execute` is called now: later times count from here."""
        self._executed_s = self._last_s = time.monotonic()
        self._executed_epoch_s = epoch_s

    def start(self, what: str) -> None:
        """A time that is no step begins now."""
        self._stopwatches_s[what] = time.monotonic()

    def since_start_ms(self, what: str) -> float:
        """Milliseconds since `start` was called with this name."""
        return (time.monotonic() - self._stopwatches_s[what]) * 1000

    def at_ms(self, monotonic_s: float | None = None) -> float:
        """Milliseconds since `execute` was called; negative before it."""
        now_s = time.monotonic() if monotonic_s is None else monotonic_s
        zero_s = self._executed_s if self._executed_s is not None else now_s
        return (now_s - zero_s) * 1000 if self._executed_s is not None else (self._began_s - now_s) * 1000

    def at_ms_of_epoch(self, epoch_s: float) -> float:
        """Another process's wall clock reading on this beat's scale."""
        return (epoch_s - self._executed_epoch_s) * 1000
