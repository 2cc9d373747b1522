"""Progress of beats and of the installation, for people, on standard error."""

from __future__ import annotations

from console.cli.plain import say
from console.engine.events import EngineEvent, NodePackagesProgressed, OperatorWarned, RunChanged
from console.engine.lane_state import FINAL_STATUSES


class Progress:
    """Tells what happens, a line each; give `tell` to the engine's feed."""

    def __init__(self) -> None:
        self._told_percent = -1

    def tell(self, event: EngineEvent) -> None:
        """Say what of it an operator waits for."""
        if isinstance(event, NodePackagesProgressed) and event.total:
            self._tell_packages(event)
        elif isinstance(event, RunChanged) and event.run.status == "running" and event.run.execution_root is None:
            say(f"beat {event.run.beat_index} on {event.run.runtime_key}: running")
        elif isinstance(event, RunChanged) and event.run.status in FINAL_STATUSES and event.run.finished_at:
            why = f" ({event.run.error_message})" if event.run.error_message else ""
            say(f"beat {event.run.beat_index} on {event.run.runtime_key}: {event.run.status}{why}")
        elif isinstance(event, OperatorWarned):
            say(event.sentence)

    def _tell_packages(self, event: NodePackagesProgressed) -> None:
        percent = event.fetched * 100 // event.total // 10 * 10
        if percent != self._told_percent:
            self._told_percent = percent
            say(f"Node packages: {event.fetched} of {event.total}")
