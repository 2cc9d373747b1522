"""Which screen a key opens. Screens are imported when they are first opened, so that the first paint is early."""

from __future__ import annotations

from typing import Literal

from console.ui.engine_port import EnginePort
from console.ui.screens.base import ConsoleScreen

Destination = Literal["phases", "runs", "issues"]


def screen_for(destination: Destination, engine: EnginePort) -> ConsoleScreen | None:
    """The screen of the keys p, h and i."""
    _ = destination, engine
    return None


def run_screen(run_id: str, engine: EnginePort) -> ConsoleScreen | None:
    """The screen of one run."""
    _ = run_id, engine
    return None
