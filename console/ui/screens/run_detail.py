"""One run with all that is stored of it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial
from typing import ClassVar, Final, LiteralString

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import OptionList

from console.engine.events import EngineEvent, RequestSeen, ResumeJudged, RunChanged
from console.engine.lane_state import FINAL_STATUSES
from console.ui.engine_port import EnginePort
from console.ui.figures import run_state
from console.ui.keys import Scope, bindings
from console.ui.modals.document import DocumentModal
from console.ui.navigation import issue_screen
from console.ui.notices import tell
from console.ui.request_diff_modal import diff_with_beat_before
from console.ui.screens.base import ConsoleScreen
from console.ui.screens.request_line import request_heading, request_line
from console.ui.screens.run_metrics import metrics_page
from console.ui.screens.run_pages import invocation_page, outcome_page, provenance_page, result_page
from console.ui.screens.run_reading import StoredRun, read_run
from console.ui.screens.run_summary import run_summary, run_title
from console.ui.screens.session_page import session_page
from console.ui.text import EMPTY, SafeText, foreign, join, own, words
from console.ui.widgets.document_view import DocumentView
from console.ui.widgets.documents import NO_DOCUMENT, Document, ForeignJson
from console.ui.widgets.item_list import Item, ItemList
from console.ui.widgets.part_tabs import PartTabs
from console.ui.widgets.quality_part import FindingChosen, QualityPart, QualityRead
from console.ui.widgets.transcript_part import TranscriptPart
from console.ui.widgets.transcript_view import TranscriptView
from console.ui.widgets.words import Words
from store import StoreError, TranscriptPager
from store.records import RunRecord

TRANSCRIPT, LOG, RESULT, SESSION, INVOCATION, OUTCOME, REQUESTS, METRICS, PROVENANCE, QUALITY = range(10)
PARTS: Final[tuple[LiteralString, ...]] = (
    "transcript",
    "log",
    "result",
    "session",
    "invocation",
    "outcome",
    "requests",
    "metrics",
    "provenance",
    "quality",
)
SHORT_NAMES: Final[dict[str, LiteralString]] = {"invocation": "invoked", "provenance": "origin"}
"""Where all parts have little room."""
SIDE_BY_SIDE_FROM_CELLS: Final = 110
_METRICS_COME_WITHIN_S: Final = 0.3


class RunRead(Message):
    """The run was read from the store; None: there is no such run."""

    def __init__(self, stored: StoredRun | None) -> None:
        super().__init__()
        self.stored = stored


class BodyRead(Message):
    """The body of a model request was read."""

    def __init__(self, ordinal: int, document: Document) -> None:
        super().__init__()
        self.ordinal, self.document = ordinal, document


class RunDetailScreen(ConsoleScreen):
    """Ten parts, one at a time. A run that goes on is shown as it goes on."""

    SCOPE: ClassVar[Scope] = "run"
    BINDINGS: ClassVar = [*bindings("run")]
    DEFAULT_CSS = """
    RunDetailScreen .summary { height: 2; padding: 0 1; background: $surface; }
    RunDetailScreen .requests { height: 1fr; }
    RunDetailScreen .columns { height: 1; padding: 0 1; background: $surface; }
    """

    def __init__(self, engine: EnginePort, run_id: str) -> None:
        super().__init__(engine)
        self._run_id = run_id
        self._pager = TranscriptPager(engine.paths.database)
        self._stored: StoredRun | None = None
        self._part = TRANSCRIPT
        self._side_by_side: bool | None = None

    def compose_body(self) -> ComposeResult:
        """The summary, the names of the parts, and the views that show them."""
        yield Words(classes="summary")
        yield PartTabs(PARTS, SHORT_NAMES)
        yield TranscriptPart(self.engine.queries, self._pager, self._run_id)
        yield DocumentView()
        with Vertical(classes="requests"):
            yield Words(classes="columns")
            yield ItemList()
        yield QualityPart()

    def on_mount(self) -> None:
        """Begin with the transcript, and read the rest."""
        self._open_part(TRANSCRIPT)
        self._read()

    def on_unmount(self) -> None:
        """Close the file."""
        self._pager.close()

    def on_resize(self) -> None:
        """Columns and the layout of the session follow the width."""
        self.call_after_refresh(self._draw)

    def title_ends(self) -> tuple[SafeText, SafeText]:
        """Which run, and how it stands."""
        if self._stored is None:
            return join([own("Sidebeat", "bold $primary"), own("run")], "  "), EMPTY
        title = run_title(self._stored.run, self._stored.issue)
        return join([own("Sidebeat", "bold $primary"), title], "  "), run_state(self._stored.run.status)

    def is_available(self, action_id: str) -> bool:
        """What depends on the part that is open."""
        if action_id == "open_chosen":
            has_requests = self._part == REQUESTS and self._stored is not None and bool(self._stored.requests)
            return has_requests or (self._part == QUALITY and self._quality.has_findings)
        if action_id == "compare_request":
            stored = self._stored
            return self._part == REQUESTS and stored is not None and bool(stored.requests) and stored.run.beat_index > 1
        if action_id == "change_layout":
            return self._part == SESSION
        if action_id == "switch_view":
            return self._part == TRANSCRIPT
        if action_id in ("expand_rows", "toggle_raw"):
            return self._part in (TRANSCRIPT, LOG)
        return action_id != "open_issue" or self._stored is not None

    def take_events(self, events: tuple[EngineEvent, ...]) -> None:
        """What the run says while it goes on."""
        self._rows.take(events)
        for event in events:
            self._take_event(event)

    def _take_event(self, event: EngineEvent) -> None:
        if self._stored is None:
            return
        if isinstance(event, RunChanged) and event.run.id == self._run_id:
            self._stored = replace(self._stored, run=event.run)
            if event.run.status in FINAL_STATUSES:
                self.set_timer(_METRICS_COME_WITHIN_S, self._read)
            self._draw()
        elif isinstance(event, RequestSeen) and event.request.run_id == self._run_id:
            others = [known for known in self._stored.requests if known.ordinal != event.request.ordinal]
            ordered = sorted([*others, replace(event.request, body="")], key=lambda known: known.ordinal)
            self._stored = replace(self._stored, requests=tuple(ordered))
            self._draw()
        elif isinstance(event, ResumeJudged) and event.verdict.run_id == self._run_id:
            self._stored = replace(self._stored, session=replace(self._stored.session, verdict=event.verdict))
            self._draw()

    @property
    def _rows(self) -> TranscriptPart:
        return self.query_one(TranscriptPart)

    @property
    def _transcript(self) -> TranscriptView:
        return self._rows.view

    @property
    def _document(self) -> DocumentView:
        return self.query_one(DocumentView)

    @property
    def _requests(self) -> ItemList:
        return self.query_one(".requests ItemList", ItemList)

    @property
    def _quality(self) -> QualityPart:
        return self.query_one(QualityPart)

    @work(exclusive=True, group="run")
    async def _read(self) -> None:
        try:
            self.post_message(RunRead(await read_run(self.engine, self._run_id)))
        except StoreError as error:
            tell(self.app, foreign(str(error)), severity="error")

    @on(RunRead)
    def _show(self, message: RunRead) -> None:
        is_first, self._stored = self._stored is None, message.stored
        if message.stored is None:
            self.query_one(".summary", Words).show(words("There is no run {id}.", id=foreign(self._run_id)))
            return
        if is_first and message.stored.run.status not in FINAL_STATUSES:
            self._transcript.go_to_end()
        if self._part == QUALITY:
            self._quality.read(self.engine.queries, message.stored.run)
        self._draw()

    def _draw(self) -> None:
        """Everything but the transcript, which draws itself."""
        self.refresh_frame()
        if self._stored is None:
            return
        self.query_one(".summary", Words).show(run_summary(self._stored.run, max(20, self.size.width - 2)))
        if self._part == REQUESTS:
            self.query_one(".requests .columns", Words).show(request_heading(max(20, self.size.width - 3)))
            requests = self._stored.requests
            self._requests.show_items([Item(str(item.ordinal), partial(request_line, item)) for item in requests])
        elif self._part not in (TRANSCRIPT, LOG, QUALITY):
            self._document.show(self._page(self._stored), keep_place=True)

    def _page(self, stored: StoredRun) -> Document:
        if self._part == SESSION:
            return session_page(
                stored.run,
                stored.session,
                width_cells=max(20, self.size.width - 2),
                side_by_side=self._is_side_by_side,
            )
        if self._part == METRICS:
            return metrics_page(stored.metrics, stored.samples)
        pages = {
            RESULT: result_page,
            INVOCATION: invocation_page,
            OUTCOME: outcome_page,
            PROVENANCE: provenance_page,
        }
        return pages[self._part](stored.run)

    @property
    def _is_side_by_side(self) -> bool:
        return self.size.width >= SIDE_BY_SIDE_FROM_CELLS if self._side_by_side is None else self._side_by_side

    def _open_part(self, part: int) -> None:
        self._part = part
        is_rows = part in (TRANSCRIPT, LOG)
        self._rows.display = is_rows
        self._document.display = not is_rows and part not in (REQUESTS, QUALITY)
        self._quality.display = part == QUALITY
        self.query_one(".requests").display = part == REQUESTS
        self.query_one(PartTabs).mark(part)
        self._document.show(NO_DOCUMENT)
        if is_rows:
            self.set_focus(None)
            goes_on = self._stored is not None and self._stored.run.status not in FINAL_STATUSES
            self._rows.open(log=part == LOG, goes_on=goes_on)
        else:
            {REQUESTS: self._requests, QUALITY: self._quality.list}.get(part, self._document).focus()
        if part == QUALITY and self._stored is not None:
            self._quality.read(self.engine.queries, self._stored.run)
        self._draw()

    @on(QualityRead)
    def _offer_findings(self) -> None:
        self.refresh_frame()

    @on(FindingChosen)
    def _show_finding(self, message: FindingChosen) -> None:
        self._open_part(TRANSCRIPT)
        self._rows.show_row(message.view, message.row)

    def action_switch_view(self) -> None:
        """Between our transcript and upstream's."""
        self._rows.switch_view()

    def action_toggle_raw(self) -> None:
        """The raw log, and back."""
        self._open_part(TRANSCRIPT if self._part == LOG else LOG)

    def action_show_tab(self, part: int) -> None:
        """Show a part by its number."""
        self._open_part(part)

    def action_next_tab(self) -> None:
        """Show the next part."""
        self._open_part((self._part + 1) % len(PARTS))

    def action_previous_tab(self) -> None:
        """Show the part before."""
        self._open_part((self._part - 1) % len(PARTS))

    def action_change_layout(self) -> None:
        """Sessions side by side, or as one."""
        self._side_by_side = not self._is_side_by_side
        self._draw()

    def action_expand_rows(self) -> None:
        """Shortened rows in full."""
        self._transcript.toggle_expanded()

    def action_move_lines(self, lines: int) -> None:
        """Scroll by lines."""
        self._transcript.move_lines(lines)

    def action_move_pages(self, pages: int) -> None:
        """Scroll by pages."""
        self._transcript.move_pages(pages)

    def action_go_to_start(self) -> None:
        """The first line."""
        self._transcript.go_to_start()

    def action_go_to_end(self) -> None:
        """The last line."""
        self._transcript.go_to_end()

    def action_open_issue(self) -> None:
        """Open the run's issue."""
        if self._stored is not None:
            self.app.push_screen(issue_screen(self._stored.run.issue_id, self.engine))

    def action_open_chosen(self) -> None:
        """As Enter in the list."""
        (self._quality.list if self._part == QUALITY else self._requests).action_select()

    @on(OptionList.OptionSelected)
    def _open_body(self, message: OptionList.OptionSelected) -> None:
        self._read_body(int(message.option_id or 0))

    @work(exclusive=True, group="body")
    async def _read_body(self, ordinal: int) -> None:
        try:
            request = await self.engine.queries.model_request(self._run_id, ordinal)
        except StoreError as error:
            tell(self.app, foreign(str(error)), severity="error")
            return
        body = request.body if request is not None else ""
        self.post_message(BodyRead(ordinal, await asyncio.to_thread(ForeignJson.of, body)))

    def action_compare_request(self) -> None:
        """The chosen request against the last of the beat before."""
        if self._stored is not None and self._requests.highlighted_key is not None:
            self._compare(self._stored.run, int(self._requests.highlighted_key))

    @work(exclusive=True, group="body")
    async def _compare(self, run: RunRecord, ordinal: int) -> None:
        try:
            modal = await diff_with_beat_before(self.engine.queries, run, ordinal)
        except StoreError as error:
            tell(self.app, foreign(str(error)), severity="error")
            return
        if modal is None:
            tell(self.app, own("No beat before this one has reached the model: there is nothing to compare with."))
        else:
            self.app.push_screen(modal)

    @on(BodyRead)
    def _show_body(self, message: BodyRead) -> None:
        title = words("Body of model request {n}", n=message.ordinal + 1)
        self.app.push_screen(DocumentModal(title, message.document))
