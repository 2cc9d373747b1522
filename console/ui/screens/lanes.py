"""The main screen: the same beat in up to four lanes, side by side."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar, Final, LiteralString, cast

from textual import events, on, work
from textual.app import ComposeResult
from textual.containers import Horizontal

from console.engine.clock import Clock
from console.engine.events import EngineEvent, ExperimentChanged, LaunchFinished, LaunchStarted
from console.engine.plan import phases_complete
from console.ui import lanes_state
from console.ui.engine_port import EnginePort, RefusedOrder, RootKind, SessionChoice
from console.ui.figures import run_state
from console.ui.keys import Action, bindings
from console.ui.lanes_state import LETTERS, FirstChoices, Lane, LanesState
from console.ui.messages import RunChosen
from console.ui.modals.picker import PickerModal
from console.ui.notices import tell
from console.ui.screens import lanes_choices, lanes_frame
from console.ui.screens.base import ConsoleScreen
from console.ui.text import EMPTY, SafeText, foreign, join, own, spread, styled
from console.ui.widgets.install_bar import InstallBar
from console.ui.widgets.lane import LaneChosen, LaneColumn
from console.ui.widgets.words import Words
from store.pager import TranscriptPager
from store.records import LaunchKind, ModelMode

DEFAULT_RUNTIMES: Final = ("pi_local", "agentos_local/pi")
DEFAULT_SCENARIO: Final = "hello-tool"

MIN_LANE_CELLS: Final = 38
"""Lanes that would be narrower than this are a key press away instead."""

TICK_S: Final = 0.25


class LanesScreen(ConsoleScreen):
    """Starts beats and shows them."""

    SCOPE = "lanes"
    BINDINGS: ClassVar = [*bindings("lanes")]
    DEFAULT_CSS = """
    LanesScreen #lanes { height: 1fr; }
    LanesScreen #tabs { height: 1; padding: 0 1; background: $surface; display: none; }
    """

    def __init__(self, engine: EnginePort, clock: Clock, first: FirstChoices | None = None) -> None:
        super().__init__(engine)
        self._clock = clock
        self._pager = TranscriptPager(engine.paths.database)
        self.state = _first_state(engine, first or FirstChoices())
        self._is_experimenting = False

    @property
    def is_anything_running(self) -> bool:
        """Whether a beat is queued or running."""
        return bool(self.state.running)

    def compose_body(self) -> ComposeResult:
        """The install bar, the lanes that do not fit, the lanes."""
        yield InstallBar()
        yield Words(id="tabs")
        with Horizontal(id="lanes"):
            for index in range(len(self.state.lanes)):
                yield LaneColumn(index, self._pager)

    def on_mount(self) -> None:
        """Draw, and begin to count the time."""
        self.set_interval(TICK_S, self._tick)
        self.call_after_refresh(self._draw)
        self._read_plan()
        if not self.engine.node_packages_ready:
            self.engine.begin_install()

    def on_unmount(self) -> None:
        """Close the file."""
        self._pager.close()

    def on_resize(self, event: events.Resize) -> None:
        """Which lanes fit depends on the width."""
        self._place_lanes(event.size.width)
        self.call_after_refresh(self._draw)

    # What happens

    def take_events(self, events: tuple[EngineEvent, ...]) -> None:
        """Fold the events, draw once."""
        state = self.state
        for event in events:
            state = lanes_state.after_event(state, event)
            if isinstance(event, ExperimentChanged):
                self._is_experimenting = event.experiment.state == "running"
        self._show(state)
        for column in self.query(LaneColumn):
            column.take(events)
        changes_the_plan = any(
            isinstance(event, (LaunchFinished, LaunchStarted, ExperimentChanged)) for event in events
        )
        if changes_the_plan and not self._is_experimenting:  # nothing may disturb a timed arm
            self._read_plan()

    @on(LaneChosen)
    def _choose_lane(self, message: LaneChosen) -> None:
        self._show(lanes_state.with_active(self.state, message.index))

    def _tick(self) -> None:
        if not self.is_anything_running:
            return
        for column in self.query(LaneColumn):
            column.show_time(self.state, self._clock.epoch_s())

    @work(exclusive=True, group="plan")
    async def _read_plan(self) -> None:
        counted = await phases_complete(self.engine.plan, self.engine.queries)
        self._show(replace(self.state, phases_met=counted))

    # Drawing

    def title_ends(self) -> tuple[SafeText, SafeText]:
        """Scenario and beat; database and phases."""
        scenario = self.engine.scenarios.scenarios.get(self.state.scenario)
        right = lanes_frame.right_end(self.state, self.engine.paths.shown_database, self.size.width)
        return lanes_frame.title(self.state, scenario), right

    def available_actions(self) -> tuple[Action, ...]:
        """As by the state, and only the lanes that there are."""
        count = len(self.state.lanes)
        return tuple(
            action
            for action in super().available_actions()
            if action.id != "focus_lane" or action.parameters[0] < count
        )

    def is_available(self, action_id: str) -> bool:
        """By the state of the lanes."""
        return lanes_frame.is_available(self.state, action_id, experimental_enabled=self.engine.experimental_enabled)

    def _show(self, state: LanesState) -> None:
        if state is self.state:
            return
        before = self.state
        moved = (state.active, state.is_zoomed, len(state.lanes)) != (
            before.active,
            before.is_zoomed,
            len(before.lanes),
        )
        self.state = state
        if moved:
            self._place_lanes(self.size.width)
            self.call_after_refresh(self._draw)
        self._draw()

    def _draw(self) -> None:
        now = self._clock.epoch_s()
        for column in self.query(LaneColumn):
            if column.index < len(self.state.lanes):
                key = self.state.lanes[column.index].runtime_key
                column.show(self.state, self.engine.catalogue.runtimes.get(key), now)
        self.query_one(InstallBar).show_progress(self.state.packages, plays_recording=self.state.has_issues)
        self.query_one("#tabs", Words).show(_tabs(self.state, self.size.width - 2))
        self.refresh_frame()

    def _place_lanes(self, width: int) -> None:
        count = len(self.state.lanes)
        fitting = 1 if self.state.is_zoomed else max(1, min(count, width // MIN_LANE_CELLS))
        first = min(max(0, self.state.active - fitting + 1), count - fitting)
        shown = range(first, first + fitting)
        for column in self.query(LaneColumn):
            column.display = column.index in shown
            column.set_class(column.index > first, "-second")
        self.query_one("#tabs").display = fitting < count

    @property
    def _active_column(self) -> LaneColumn:
        return self.query_one(f"#lane-{self.state.active}", LaneColumn)

    # Starting and stopping

    def action_start_sequence(self) -> None:
        """Start every lane, one after the other."""
        self._launch("sequence", "new issue")

    def action_start_race(self) -> None:
        """Start every lane at once."""
        self._launch("race", "new issue")

    def action_start_lane(self) -> None:
        """Start the active lane."""
        self._launch("sequence", "new issue", only_active=True)

    def action_next_beat(self) -> None:
        """Go on with the same issues and sessions."""
        self._launch("sequence", "next beat")

    def action_next_beat_of_lane(self) -> None:
        """Go on in the active lane."""
        self._launch("sequence", "next beat", only_active=True)

    def action_fresh_beat(self) -> None:
        """Go on with the same issues, with fresh sessions."""
        self._launch("sequence", "fresh session")

    @work(exclusive=True, group="launch")
    async def _launch(self, kind: LaunchKind, session: SessionChoice, *, only_active: bool = False) -> None:
        order = lanes_state.order(self.state, kind, session, only_active=only_active)
        runtimes = self.engine.catalogue.runtimes
        chosen = [runtimes[lane.runtime_key] for lane in order.lanes if lane.runtime_key in runtimes]
        if any(runtime.experimental for runtime in chosen) and not await self._experimental_allowed():
            return
        try:
            await self.engine.launch(order)
        except RefusedOrder as refusal:
            tell(self.app, foreign(str(refusal)), title=own("Not started"), severity="warning")

    async def _experimental_allowed(self) -> bool:
        if self.engine.experimental_enabled:
            return True
        if not await self.app.push_screen_wait(lanes_choices.enable_experimental()):
            return False
        await self.engine.enable_experimental()
        self.refresh_frame()
        return True

    @work
    async def action_enable_experimental(self) -> None:
        """Allow the experimental runtimes."""
        if await self._experimental_allowed():
            tell(self.app, own("The experimental runtimes may start."))

    @work(exclusive=True, group="cancel")
    async def action_cancel(self) -> None:
        """Stop what runs."""
        letters = foreign(" and ".join(LETTERS[index] for index in self.state.running))
        if await self.app.push_screen_wait(lanes_choices.cancel(letters)):
            await self.engine.cancel_all()

    # Choosing

    @work
    async def action_pick_scenario(self) -> None:
        """Choose the task."""
        chosen = await self._pick(lanes_choices.scenario_picker(self.engine, self.state.scenario))
        self._show(replace(self.state, scenario=chosen or self.state.scenario))

    @work
    async def action_pick_runtime(self) -> None:
        """Choose the active lane's runtime."""
        letter, current = LETTERS[self.state.active], self.state.active_lane.runtime_key
        chosen = await self._pick(lanes_choices.runtime_picker(self.engine, letter, current))
        self._show(lanes_state.with_runtime(self.state, chosen or current))

    @work
    async def action_pick_model(self) -> None:
        """Choose who answers the agents."""
        picker = PickerModal(own("Who answers the agents"), lanes_choices.MODELS, current=self.state.model_mode)
        chosen = cast("ModelMode | None", await self._pick(picker))
        self._show(replace(self.state, model_mode=chosen or self.state.model_mode))

    @work
    async def action_pick_root(self) -> None:
        """Choose the execution root."""
        picker = PickerModal(own("Where a beat works"), lanes_choices.ROOTS, current=self.state.root_kind)
        chosen = cast("RootKind | None", await self._pick(picker))
        self._show(replace(self.state, root_kind=chosen or self.state.root_kind))

    async def _pick(self, picker: PickerModal) -> str | None:
        return await self.app.push_screen_wait(picker)

    def action_toggle_bridge(self) -> None:
        """Cold: a bridge for each beat. Warm: it is kept."""
        self._show(replace(self.state, bridge_mode="warm" if self.state.bridge_mode == "cold" else "cold"))

    async def action_add_lane(self) -> None:
        """One more lane."""
        state = lanes_state.with_lane_added(self.state, next(iter(self.engine.catalogue.runtimes), ""))
        if len(state.lanes) > len(self.state.lanes):
            await self.query_one("#lanes").mount(LaneColumn(len(state.lanes) - 1, self._pager))
        self._show(state)

    async def action_remove_lane(self) -> None:
        """One lane less."""
        state = lanes_state.with_lane_removed(self.state)
        if len(state.lanes) < len(self.state.lanes):
            await self.query_one(f"#lane-{len(state.lanes)}").remove()
        self._show(state)

    # Looking

    def action_focus_lane(self, index: int) -> None:
        """Make a lane the active one."""
        self._show(lanes_state.with_active(self.state, index))

    def action_next_lane(self) -> None:
        """The lane after the active one."""
        self.action_focus_lane((self.state.active + 1) % len(self.state.lanes))

    def action_previous_lane(self) -> None:
        """The lane before the active one."""
        self.action_focus_lane((self.state.active - 1) % len(self.state.lanes))

    def action_zoom_lane(self) -> None:
        """The whole width for the active lane, or for all."""
        self._show(replace(self.state, is_zoomed=not self.state.is_zoomed))

    def action_toggle_raw(self) -> None:
        """Transcript or raw log."""
        self._show(replace(self.state, shows_raw_log=not self.state.shows_raw_log))

    def action_open_run(self) -> None:
        """All that is stored of the active lane's run."""
        run = self.state.active_lane.snapshot.run
        if run is not None:
            self.post_message(RunChosen(run.id))

    def action_expand_rows(self) -> None:
        """Shortened rows in full, or shortened again."""
        self._active_column.transcript.toggle_expanded()

    def action_follow(self) -> None:
        """The end, and what comes."""
        self._active_column.transcript.go_to_end()

    def action_go_to_start(self) -> None:
        """The first row."""
        self._active_column.transcript.go_to_start()

    def action_line_down(self) -> None:
        """A line down."""
        self._active_column.transcript.move_lines(1)

    def action_line_up(self) -> None:
        """A line up."""
        self._active_column.transcript.move_lines(-1)

    def action_page_down(self) -> None:
        """A page down."""
        self._active_column.transcript.move_pages(1)

    def action_page_up(self) -> None:
        """A page up."""
        self._active_column.transcript.move_pages(-1)


def _first_state(engine: EnginePort, first: FirstChoices) -> LanesState:
    stored = first.stored
    if stored is not None and first.scenario is None and not first.runtimes:
        lanes = tuple(Lane(snapshot.run.runtime_key, snapshot) for snapshot in stored.snapshots if snapshot.run)
        return LanesState(lanes, stored.launch.scenario, launch=stored.launch, issues=stored.issues)
    runtimes, scenarios = list(engine.catalogue.runtimes), list(engine.scenarios.scenarios)
    keys = [key for key in first.runtimes or DEFAULT_RUNTIMES if key in runtimes] or runtimes[:2]
    wanted = first.scenario or DEFAULT_SCENARIO
    scenario = wanted if wanted in scenarios else next(iter(scenarios), "")
    return LanesState(tuple(Lane(key) for key in keys), scenario)


def _tabs(state: LanesState, width_cells: int) -> SafeText:
    hint = own("Tab next lane", "$text-muted")
    full = join([_tab(state, index, has_name=True) for index in range(len(state.lanes))], "   ")
    short = join([_tab(state, index, has_name=False) for index in range(len(state.lanes))], "   ")
    fits = full.cell_length + hint.cell_length + 2 <= width_cells
    return spread(full if fits else short, hint, width_cells)


def _tab(state: LanesState, index: int, *, has_name: bool) -> SafeText:
    lane = state.lanes[index]
    status = lane.snapshot.run.status if lane.snapshot.run is not None else ""
    letter, name = foreign(LETTERS[index]), foreign(lane.runtime_key) if has_name else EMPTY
    style: LiteralString = "bold $primary" if index == state.active else "$text-muted"
    return join([styled(join([letter, name], " "), style), run_state(status)], " ")
