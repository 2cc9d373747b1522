"""One run's transcript and raw log as `Rows` for a view: stored rows, with live ones laid over them."""

from __future__ import annotations

from console.engine.events import EngineEvent, LogAppended, RowsChanged
from console.ui.text import clean_line
from console.ui.widgets.paged_rows import PagedRows, RowSource, log_rows, transcript_rows
from console.ui.widgets.row_layout import LaidOut, lay_out_chunk, lay_out_row
from console.ui.widgets.row_viewport import Rows
from store.errors import StoreError
from store.records import LogChunkRecord


class RunRows:
    """Give it the engine's events while the run lives; a finished run needs none."""

    def __init__(self, source: RowSource, run_id: str) -> None:
        self.run_id = run_id
        self._source = source
        self._transcript = transcript_rows(source, run_id)
        self._log: PagedRows[LogChunkRecord] | None = None

    def transcript(self) -> Rows:
        """The transcript's rows."""
        rows = self._transcript

        def lay_out(number: int, width: int, expanded: bool) -> LaidOut | None:
            try:
                row = rows.row(number)
            except StoreError as error:
                return _unreadable(error)
            return None if row is None else lay_out_row(row, width, expanded=expanded)

        return Rows(lambda: rows.count, lay_out)

    def log(self) -> Rows:
        """The raw log's chunks, as stored when asked and as they arrive from then on."""
        rows = self._log = log_rows(self._source, self.run_id)

        def lay_out(number: int, width: int, expanded: bool) -> LaidOut | None:
            try:
                chunk = rows.row(number)
            except StoreError as error:
                return _unreadable(error)
            return None if chunk is None else lay_out_chunk(chunk, width, expanded=expanded)

        return Rows(lambda: rows.count, lay_out)

    def take(self, event: EngineEvent) -> tuple[set[int], set[int]]:
        """Numbers of the transcript rows and of the log chunks that the event brought."""
        if isinstance(event, RowsChanged) and event.run_id == self.run_id:
            self._transcript.take(event.rows)
            return {row.row_no for row in event.rows}, set()
        if isinstance(event, LogAppended) and event.chunk.run_id == self.run_id and self._log is not None:
            self._log.take([event.chunk])
            return set(), {event.chunk.seq}
        return set(), set()


def _unreadable(error: StoreError) -> LaidOut:
    return LaidOut(((("error", f"       ✖ {clean_line(str(error))}"),),), shortened=False)
