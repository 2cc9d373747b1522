"""The looking half of the resume bench: reading a chain, drawing its lanes, and what the model saw at a beat."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Final, cast

from textual import on, work
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.message import Message
from textual.worker import Worker

from console.engine.chain import ChainBeat, ChainLane, ChainView, chain_view
from console.engine.events import ChainChanged, EngineEvent, RequestSeen, ResumeJudged, RunChanged, Step, StepReached
from console.engine.lane_state import FINAL_STATUSES
from console.ui.engine_port import MAX_LANES, EnginePort
from console.ui.keys import Scope, bindings
from console.ui.messages import RunChosen
from console.ui.modals.document import DocumentModal
from console.ui.notices import tell
from console.ui.request_diff_modal import diff_with_beat_before
from console.ui.screens.base import ConsoleScreen
from console.ui.screens.resume_lines import LaneLook, lane_block
from console.ui.screens.resume_seen import SeenAtBeat, read_seen, seen_document, seen_title
from console.ui.screens.resume_steps import steps_document
from console.ui.text import EMPTY, SafeText, foreign, join, own, words
from console.ui.widgets.document_view import DocumentView
from console.ui.widgets.documents import Lines
from console.ui.widgets.words import Words
from store import StoreError
from store.records import ChainRecord, ResumeVerdictRecord

STORED_WITHIN_S: Final = 0.15
"""What an event tells of is in the file after this time."""


class ChainRead(Message):
    """The stored chains, and the one that is shown."""

    def __init__(self, chains: tuple[ChainRecord, ...], view: ChainView | None) -> None:
        super().__init__()
        self.chains, self.view = chains, view


class SeenRead(Message):
    """The requests of the chosen beat; None where there is no beat."""

    def __init__(self, seen: SeenAtBeat | None) -> None:
        super().__init__()
        self.seen = seen


class ChainScreen(ConsoleScreen):
    """Shows one chain: its lanes above, below what the model saw at the chosen beat of the active lane."""

    SCOPE: ClassVar[Scope] = "resume"
    BINDINGS: ClassVar = [*bindings("resume")]
    DEFAULT_CSS = """
    ChainScreen #chain { height: auto; max-height: 55%; scrollbar-size-vertical: 1; }
    ChainScreen .chain-lane { height: auto; padding: 0 1; }
    ChainScreen .seen-title { height: 1; padding: 0 1; background: $surface; }
    ChainScreen DocumentView { background: $surface; }
    ChainScreen .none { display: none; height: 1fr; padding: 1 2; }
    ChainScreen.-none .none { display: block; }
    ChainScreen.-none #chain, ChainScreen.-none .seen-title, ChainScreen.-none DocumentView { display: none; }
    """

    def __init__(self, engine: EnginePort, *, chain_id: str | None = None) -> None:
        """`chain_id` is the chain to show; the newest without it."""
        super().__init__(engine)
        self.chain_id = chain_id
        self.view: ChainView | None = None
        self.chains: tuple[ChainRecord, ...] = ()
        self.active = 0
        self.doing: SafeText = EMPTY
        """A manipulation or a start under way; nothing else is done meanwhile."""
        self._chosen: dict[int, int] = {}
        """The chosen beat of a lane, by its index; the last one otherwise."""
        self._steps: dict[str, Step] = {}
        self._verdicts: dict[str, ResumeVerdictRecord] = {}
        self._seen: SeenAtBeat | None = None
        self._reads_soon = False

    def compose_body(self) -> ComposeResult:
        """The lanes, and the two requests."""
        with VerticalScroll(id="chain", can_focus=False):
            for index in range(MAX_LANES):
                yield Words(id=f"chain-lane-{index}", classes="chain-lane")
        yield Words(classes="seen-title")
        details = DocumentView()
        details.can_focus = False
        yield details
        yield Words(_NONE_YET, classes="none")

    def on_mount(self) -> None:
        """Read what is stored."""
        self.read()

    def on_screen_resume(self) -> None:
        """Something may have been done meanwhile."""
        super().on_screen_resume()
        self.read()

    def on_resize(self) -> None:
        """Lines follow the width."""
        self.call_after_refresh(self._show)

    def title_ends(self) -> tuple[SafeText, SafeText]:
        """The room and the chain; how many steps it has."""
        left = [own("Sidebeat", "bold $primary"), own("resume bench")]
        if self.view is None:
            return join(left, "  "), EMPTY
        chain = self.view.chain
        told = [words("chain {n}", "bold", n=chain.number), foreign(chain.scenario), own(chain.bridge_mode)]
        return join([*left, join(told, " · ")], "  "), words("{n} steps", n=len(self.view.steps))

    @property
    def active_lane(self) -> ChainLane | None:
        """The lane that the keys apply to."""
        return self.view.lane(self.active) if self.view is not None else None

    @property
    def chosen_beat(self) -> ChainBeat | None:
        """The beat of the active lane that is looked at."""
        lane = self.active_lane
        return lane.beats[self._chosen_index(lane)] if lane is not None and lane.beats else None

    @property
    def running_lanes(self) -> tuple[int, ...]:
        """The lanes whose latest beat has not ended."""
        lanes = self.view.lanes if self.view is not None else ()
        return tuple(lane.lane_index for lane in lanes if lane.beats and lane.beats[-1].status not in FINAL_STATUSES)

    def take_events(self, events: tuple[EngineEvent, ...]) -> None:
        """What concerns the chain that is shown."""
        run_ids = {run.id for run in self.view.runs} if self.view is not None else set[str]()
        for event in events:
            is_own_run = isinstance(event, RunChanged) and event.run.id in run_ids
            if is_own_run or isinstance(event, ChainChanged):
                self._read_soon()
            elif isinstance(event, StepReached):
                self._steps[event.run_id] = event.step
                self._show_lanes()
            elif isinstance(event, ResumeJudged):
                self._verdicts[event.verdict.run_id] = event.verdict
                self._show_lanes()
            elif isinstance(event, RequestSeen) and self._waits_for(event.request.run_id):
                self._read_soon()

    def _waits_for(self, run_id: str) -> bool:
        """Whether the first request of the chosen beat has not been shown yet."""
        beat = self.chosen_beat
        is_chosen = beat is not None and beat.run is not None and beat.run.id == run_id
        return is_chosen and (self._seen is None or self._seen.first is None)

    def _read_soon(self) -> None:
        if not self._reads_soon:
            self._reads_soon = True
            self.set_timer(STORED_WITHIN_S, self.read)

    @work(exclusive=True, group="read")
    async def read(self) -> None:
        """Read the chain anew."""
        self._reads_soon = False
        queries = self.engine.queries
        try:
            chains = tuple(await queries.chains())
            chosen = self.chain_id or (chains[0].id if chains else None)
            view = await chain_view(queries, chosen) if chosen is not None else None
        except StoreError as error:
            tell(self.app, foreign(str(error)), severity="error")
            return
        self.post_message(ChainRead(chains, view))

    def stop_reading(self) -> None:
        """Before the database is closed under it."""
        for worker in cast("Iterable[Worker[object]]", self.workers):
            if worker.node is self and worker.group in ("read", "seen"):
                worker.cancel()

    @on(ChainRead)
    def _take_chain(self, message: ChainRead) -> None:
        self.chains, self.view = message.chains, message.view
        if self.view is not None:
            self.active = min(self.active, len(self.view.lanes) - 1)
        self.set_class(self.view is None, "-none")
        self._show()
        self._read_seen()

    @work(exclusive=True, group="seen")
    async def _read_seen(self) -> None:
        lane, beat = self.active_lane, self.chosen_beat
        if lane is None or beat is None:
            self.post_message(SeenRead(None))
            return
        index = self._chosen_index(lane)
        earlier = lane.beats[index - 1] if index else None
        try:
            seen = await read_seen(self.engine.queries, lane.lane_index, beat, earlier)
        except StoreError as error:
            tell(self.app, foreign(str(error)), severity="error")
            return
        self.post_message(SeenRead(seen))

    @on(SeenRead)
    def _take_seen(self, message: SeenRead) -> None:
        is_same = self._seen is not None and message.seen is not None and _key(self._seen) == _key(message.seen)
        self._seen = message.seen
        self._show_seen(keep_place=is_same)

    def show_if_there(self) -> None:
        """Draw everything anew, unless the screen has been left."""
        if self.is_attached:
            self._show()

    def _show(self) -> None:
        self._show_lanes()
        self._show_seen(keep_place=True)
        self.refresh_frame()

    def _show_lanes(self) -> None:
        width = max(40, self.size.width - 2)
        for index in range(MAX_LANES):
            line = self.query_one(f"#chain-lane-{index}", Words)
            lane = self.view.lane(index) if self.view is not None else None
            line.display = lane is not None
            if lane is not None:
                runtime = self.engine.catalogue.runtimes.get(lane.runtime_key)
                experimental = runtime is not None and runtime.experimental
                line.show(lane_block(lane, self._look(lane), width, experimental=experimental))
        self.query_one(f"#chain-lane-{self.active}").scroll_visible(animate=False)

    def _look(self, lane: ChainLane) -> LaneLook:
        is_active = lane.lane_index == self.active
        doing = self.doing if is_active and not self.running_lanes else EMPTY
        return LaneLook(is_active, self._chosen_index(lane), self._steps, self._verdicts, doing)

    def _show_seen(self, *, keep_place: bool) -> None:
        seen = self._seen
        title, document = self.query_one(".seen-title", Words), self.query_one(DocumentView)
        title.show(seen_title(seen) if seen is not None else own("What the model saw", "bold"))
        if seen is None:
            document.show(_NOTHING_SEEN)
        else:
            document.show(seen_document(seen, max(40, self.size.width - 4)), keep_place=keep_place)

    def _chosen_index(self, lane: ChainLane) -> int:
        last = len(lane.beats) - 1
        return max(0, min(self._chosen.get(lane.lane_index, last), last))

    def follow_beats(self) -> None:
        """Look at the latest beat of every lane again."""
        self._chosen.clear()

    def action_focus_lane(self, index: int) -> None:
        """Make a lane the active one; one that there is not changes nothing."""
        if self.view is not None and self.view.lane(index) is not None:
            self.active = index
            self._show()
            self._read_seen()

    def action_next_lane(self) -> None:
        """The lane after the active one."""
        if self.view is not None:
            self.action_focus_lane((self.active + 1) % len(self.view.lanes))

    def action_previous_lane(self) -> None:
        """The lane before the active one."""
        if self.view is not None:
            self.action_focus_lane((self.active - 1) % len(self.view.lanes))

    def action_move_beat(self, by: int) -> None:
        """Choose the beat before or after."""
        lane = self.active_lane
        if lane is not None and lane.beats:
            self._chosen[lane.lane_index] = max(0, min(self._chosen_index(lane) + by, len(lane.beats) - 1))
            self._show()
            self._read_seen()

    def action_move_pages(self, by: int) -> None:
        """Scroll what the model saw."""
        self.query_one(DocumentView).action_move_page(by)

    def action_open_run(self) -> None:
        """Everything that is stored of the chosen beat."""
        beat = self.chosen_beat
        if beat is not None and beat.run is not None:
            self.post_message(RunChosen(beat.run.id))

    @work
    async def action_open_diff(self) -> None:
        """The chosen beat's first request against the last of the beat before, with all texts."""
        seen = self._seen
        if seen is None or seen.beat.run is None or seen.first is None:
            return
        modal = await diff_with_beat_before(self.engine.queries, seen.beat.run, seen.first.ordinal)
        if modal is None:
            tell(self.app, own("There is no request of a beat before to compare with."))
        else:
            self.app.push_screen(modal)

    def action_open_steps(self) -> None:
        """Everything that was done."""
        if self.view is not None:
            title = words("Everything that was done in chain {n}", n=self.view.chain.number)
            self.app.push_screen(DocumentModal(title, steps_document(self.view)))


def _key(seen: SeenAtBeat) -> tuple[int, int]:
    return seen.lane_index, seen.beat.step.step_no


_NONE_YET: Final = join(
    [
        own("No chain yet.", "bold"),
        own("n begins one: a scenario, a runtime for each lane, and whether the bridge is kept."),
        own(
            "Then b beats; between two beats the session can be looked at, edited, taken away or made old.",
            "$text-muted",
        ),
    ],
    "\n\n",
)
_NOTHING_SEEN: Final = Lines([own("Nothing yet: this lane has had no beat.", "$text-muted")])
