"""What measurements stand on: the console's services, the runtimes, a folder of their own, and readings as a result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from adapters.catalogue import RuntimeDefinition
from console.engine.beat import Services

if TYPE_CHECKING:
    from console.engine.engine import Engine


@dataclass(frozen=True, slots=True)
class Reading:
    """One measured number; its unit is that of its definition. `samples` is empty for a number that was counted."""

    subject: str
    name: str
    value: float
    statement: str
    samples: tuple[float, ...] = ()
    detail: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Absent:
    """A number that could not be had here, and why; it is told and not stored."""

    subject: str
    name: str
    reason: str


Outcome = Reading | Absent


@dataclass(slots=True)
class Bench:
    """One taking of measurements. `folder` is empty at first and removed at the end."""

    engine: Engine
    runtimes: Sequence[RuntimeDefinition]
    folder: Path
    kept: dict[str, Any] = field(default_factory=dict[str, Any])
    """What one kind has found and another needs too."""

    @property
    def services(self) -> Services:
        """The console's own."""
        return self.engine.services

    def make_folder(self, name: str) -> Path:
        """A folder below the bench's own."""
        made = self.folder / name
        made.mkdir(parents=True, exist_ok=True, mode=0o700)
        return made
