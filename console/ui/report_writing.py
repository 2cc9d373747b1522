"""Writing the report from a screen: in a thread of its own, and never while an arm of an experiment is timed."""

from __future__ import annotations

import asyncio
from pathlib import Path

from textual.app import App

from console.engine.clock import Clock, SystemClock
from console.engine.report.errors import ReportError
from console.ui.engine_port import EnginePort
from console.ui.notices import tell
from console.ui.text import foreign, join, own
from store import StoreError


async def write_report_beside(app: App[None], engine: EnginePort, clock: Clock | None = None) -> None:
    """Write both files into a folder beside the database, and say where, or why not."""
    if engine.paths.label is not None:
        tell(app, own("A recording goes with its report; run sidebeat report on a database."), severity="warning")
        return
    try:
        running = [item.number for item in await engine.queries.experiments() if item.state == "running"]
        if running:
            tell(app, own("An experiment runs, and writing would disturb it; pause it, or wait."), severity="warning")
            return
        tell(app, own("The report is being written."))
        folder, not_noted = await asyncio.to_thread(_write, engine.paths.database, clock or SystemClock())
    except (StoreError, ReportError) as error:
        tell(app, foreign(str(error)), severity="error")
        return
    tell(app, join([own("report.md and report.html are in"), foreign(str(folder))], " "))
    if not_noted is not None:
        tell(app, join([own("The database does not know of it:"), foreign(not_noted)], " "), severity="warning")


def _write(database: Path, clock: Clock) -> tuple[Path, str | None]:
    # Loaded here: statistics and templates take their time, and only a report needs them.
    from console.engine.report.writing import note_by_opening, report_folder, write_report

    folder = report_folder(database)
    written = asyncio.run(write_report(database, folder, clock, note_by_opening(database, clock)))
    return folder, written.not_noted
