"""One lane: its heading, its details, and its transcript or what to press when there is none."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message

from adapters.catalogue import RuntimeDefinition
from console.engine.events import EngineEvent
from console.ui.lanes_state import LanesState
from console.ui.text import EMPTY, SafeText, foreign, join, own, styled
from console.ui.widgets.lane_header import details, heading, outcome
from console.ui.widgets.paged_rows import RowSource
from console.ui.widgets.run_rows import RunRows
from console.ui.widgets.transcript_view import TranscriptView
from console.ui.widgets.words import Words


class LaneChosen(Message):
    """The operator clicked into a lane."""

    def __init__(self, index: int) -> None:
        super().__init__()
        self.index = index


class LaneColumn(Vertical):
    """Shows one lane of a `LanesState`; `index` is its place, and stays."""

    DEFAULT_CSS = """
    LaneColumn { width: 1fr; height: 1fr; }
    LaneColumn.-second { border-left: vkey $panel-lighten-2; }
    LaneColumn > .heading { height: 1; background: $panel; }
    LaneColumn.-active > .heading { background: $primary 25%; }
    LaneColumn.-active > .heading:ansi { background: ansi_default; }
    LaneColumn > .details { height: 4; padding: 0 1; background: $surface; }
    LaneColumn > .outcome { height: auto; max-height: 6; padding: 0 1; background: $surface; display: none; }
    LaneColumn > .welcome { height: 1fr; padding: 1 2; display: none; }
    LaneColumn.-empty > .welcome { display: block; }
    LaneColumn.-empty > TranscriptView { display: none; }
    """

    def __init__(self, index: int, source: RowSource) -> None:
        super().__init__(id=f"lane-{index}", classes="-second" if index else "")
        self.index = index
        self._source = source
        self._run_rows: RunRows | None = None
        self._shows_raw_log = False

    def compose(self) -> ComposeResult:
        """Heading, details, transcript, outcome."""
        yield Words(classes="heading")
        yield Words(classes="details")
        yield Words(classes="welcome")
        yield TranscriptView()
        yield Words(classes="outcome")

    @property
    def transcript(self) -> TranscriptView:
        """The lane's transcript, or raw log."""
        return self.query_one(TranscriptView)

    def show(self, state: LanesState, runtime: RuntimeDefinition | None, now_epoch_s: float) -> None:
        """Draw the lane as it is in `state`."""
        run = state.lanes[self.index].snapshot.run
        self.set_class(self.index == state.active, "-active")
        self.set_class(run is None, "-empty")
        self._part("details").show(details(state, self.index, runtime, self._text_width - 2))
        what_came_of_it = outcome(state.lanes[self.index])
        self._part("outcome").show(what_came_of_it)
        self._part("outcome").display = bool(what_came_of_it)
        if run is None:
            self._part("welcome").show(_welcome(runtime, is_active=self.index == state.active))
        self.show_time(state, now_epoch_s)
        self._show_run(run.id if run is not None else None, shows_raw_log=state.shows_raw_log)

    def show_time(self, state: LanesState, now_epoch_s: float) -> None:
        """Draw only what changes with the time."""
        self._part("heading").show(heading(state, self.index, self._text_width, now_epoch_s))

    def take(self, engine_events: tuple[EngineEvent, ...]) -> None:
        """Hand live rows to the transcript."""
        if self._run_rows is None:
            return
        changed: set[int] = set()
        for event in engine_events:
            rows, chunks = self._run_rows.take(event)
            changed |= chunks if self._shows_raw_log else rows
        if changed:
            self.transcript.rows_changed(changed)

    def on_click(self) -> None:
        """A click makes the lane the active one."""
        self.post_message(LaneChosen(self.index))

    @property
    def _text_width(self) -> int:
        return self.size.width

    def _part(self, name: str) -> Words:
        return self.query_one(f".{name}", Words)

    def _show_run(self, run_id: str | None, *, shows_raw_log: bool) -> None:
        known = self._run_rows.run_id if self._run_rows is not None else None
        if (run_id, shows_raw_log) == (known, self._shows_raw_log):
            return
        if run_id != known:
            self._run_rows = None if run_id is None else RunRows(self._source, run_id)
        self._shows_raw_log = shows_raw_log
        if self._run_rows is None:
            self.transcript.show_rows(None)
        else:
            self.transcript.show_rows(self._run_rows.log() if shows_raw_log else self._run_rows.transcript())


def _welcome(runtime: RuntimeDefinition | None, *, is_active: bool) -> SafeText:
    parts: list[SafeText] = []
    if runtime is not None:
        parts += [styled(foreign(runtime.title), "bold"), styled(foreign(runtime.summary), "$text-muted")]
    if is_active:
        parts.append(_FIRST_KEYS)
    return join(parts, "\n\n") if parts else EMPTY


def _key_line(key: SafeText, text: SafeText) -> SafeText:
    return join([styled(key, "bold $primary"), text], "  ")


_FIRST_KEYS = join(
    [
        own("No beat yet. Press"),
        _key_line(own("s"), own("to start the lanes one by one")),
        _key_line(own("L"), own("to race them live, not timed")),
        _key_line(own("S"), own("to choose the scenario")),
        _key_line(own("r"), own("to choose this lane's runtime")),
        _key_line(own("?"), own("for every key")),
    ],
    "\n",
)
