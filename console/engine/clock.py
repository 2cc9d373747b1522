"""Time and identity, injected so that tests and screenshots repeat to the byte."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Where the engine takes its time and its ids from."""

    def epoch_s(self) -> float:
        """Seconds since 1970, UTC."""
        ...

    def new_id(self) -> str:
        """An id that no other call has given."""
        ...


@dataclass(frozen=True, slots=True)
class SystemClock:
    """The real time, and random ids."""

    def epoch_s(self) -> float:
        """Seconds since 1970, UTC."""
        return time.time()

    def new_id(self) -> str:
        """A random UUID."""
        return str(uuid.uuid4())


def utc_time(epoch_s: float) -> datetime:
    """An aware time in UTC."""
    return datetime.fromtimestamp(epoch_s, UTC)


def iso_utc(epoch_s: float) -> str:
    """`2026-01-31T12:00:00.000Z`."""
    return utc_time(epoch_s).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def epoch_of(iso: str) -> float:
    """The reverse of `iso_utc`; also takes what Node's `toISOString` gives."""
    return datetime.fromisoformat(iso).timestamp()
