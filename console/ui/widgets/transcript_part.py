"""A run's transcript in two views, and its raw log, one at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Final, cast

from textual import getters, on, work
from textual.app import App, ComposeResult
from textual.containers import Vertical
from textual.message import Message

from console.engine.events import EngineEvent
from console.engine.quality import ViewName, both_views
from console.ui.notices import tell
from console.ui.text import foreign, own
from console.ui.widgets.row_viewport import Rows
from console.ui.widgets.run_rows import RunRows
from console.ui.widgets.transcript_view import TranscriptView
from console.ui.widgets.upstream_rows import UpstreamRows
from console.ui.widgets.words import Words
from store import Queries, StoreError, TranscriptPager
from store.records import TranscriptRowRecord

_AGAIN_AFTER_S: Final = 0.5
"""So often upstream's view of a run that goes on is read anew."""

_NOTE: Final = own("upstream's entries, as Paperclip's UI would show them · v for ours", "$warning")


class UpstreamRead(Message):
    """What Paperclip's UI would show of the run by now."""

    def __init__(self, records: tuple[TranscriptRowRecord, ...]) -> None:
        super().__init__()
        self.records = records


class TranscriptPart(Vertical):
    """Our rows, each item once; upstream's entries as Paperclip's UI would show them; or the log as it came."""

    app = getters.app(cast("type[App[None]]", App))
    DEFAULT_CSS = """
    TranscriptPart { height: 1fr; }
    TranscriptPart > Words { height: 1; padding: 0 1; background: $surface; }
    """

    def __init__(self, queries: Queries, pager: TranscriptPager, run_id: str) -> None:
        super().__init__()
        self._queries, self._run_id = queries, run_id
        self._rows, self._upstream = RunRows(pager, run_id), UpstreamRows()
        self._view_name: ViewName = "sidebeat"
        self._is_log = False
        self._goes_on = False
        self._row_to_show: int | None = None

    def compose(self) -> ComposeResult:
        """A line that says whose view it is, where it is not ours; and the rows."""
        yield Words(_NOTE)
        yield TranscriptView()

    @property
    def view(self) -> TranscriptView:
        """What scrolls."""
        return self.query_one(TranscriptView)

    @property
    def _is_upstream(self) -> bool:
        return self._view_name == "upstream" and not self._is_log

    def open(self, *, log: bool, goes_on: bool) -> None:
        """Show the transcript or the log, from its start, or from the end of a run that goes on."""
        self._is_log, self._goes_on = log, goes_on
        self.query_one(Words).display = self._is_upstream
        self.view.show_rows(self._chosen_rows(), follow=goes_on)
        if self._is_upstream and self.is_mounted:
            self._read_upstream(0.0)

    def _chosen_rows(self) -> Rows:
        if self._is_log:
            return self._rows.log()
        return self._upstream.rows() if self._is_upstream else self._rows.transcript()

    def switch_view(self) -> None:
        """Between our view of the transcript and upstream's."""
        other: ViewName = "sidebeat" if self._is_upstream else "upstream"
        self._view_name = other
        self.open(log=False, goes_on=self._goes_on)

    def show_row(self, view_name: ViewName, row: int) -> None:
        """A row of the transcript, in one of its views."""
        self._view_name, self._row_to_show = view_name, row
        self.open(log=False, goes_on=False)
        if view_name == "sidebeat":
            self._go_to_row()

    def take(self, events: Iterable[EngineEvent]) -> None:
        """What the run says while it goes on."""
        changed: set[int] = set()
        for event in events:
            rows, chunks = self._rows.take(event)
            changed |= chunks if self._is_log else rows
        if changed and self._is_upstream:
            self._read_upstream(_AGAIN_AFTER_S)
        elif changed:
            self.view.rows_changed(changed)

    @work(group="upstream", exclusive=True)
    async def _read_upstream(self, after_s: float) -> None:
        await asyncio.sleep(after_s)
        try:
            views = await both_views(self._queries, self._run_id)
        except StoreError as error:
            tell(self.app, foreign(str(error)), severity="error")
            return
        self.post_message(UpstreamRead(tuple(row.record for row in views.upstream)))

    @on(UpstreamRead)
    def _show_upstream(self, message: UpstreamRead) -> None:
        message.stop()
        was_empty = self._upstream.is_empty
        changed = self._upstream.replace(message.records)
        if not self._is_upstream:
            return
        if was_empty:
            self.view.show_rows(self._upstream.rows(), follow=self._goes_on)
        else:
            self.view.rows_changed(changed)
        self._go_to_row()

    def _go_to_row(self) -> None:
        if self._row_to_show is not None:
            self.view.go_to_row(self._row_to_show)
            self._row_to_show = None
