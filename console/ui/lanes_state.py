"""What the lanes screen shows, as an immutable value: a fold over the engine's events and the operator's choices."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from console.engine.events import (
    EngineEvent,
    IssueChanged,
    LaunchFinished,
    LaunchStarted,
    NodePackagesProgressed,
    RunChanged,
)
from console.engine.lane_state import LaneSnapshot, fold
from console.engine.stored_lanes import StoredLanes
from console.ui.engine_port import MAX_LANES, LaneChoice, LaunchOrder, RootKind, SessionChoice
from store.records import BridgeMode, IssueRecord, LaunchKind, LaunchRecord, ModelMode

LETTERS = "ABCD"


@dataclass(frozen=True, slots=True)
class FirstChoices:
    """What the lanes begin with: the operator's choices, else what the last launch left, else the default pair."""

    scenario: str | None = None
    runtimes: tuple[str, ...] = ()
    stored: StoredLanes | None = None


@dataclass(frozen=True, slots=True)
class Lane:
    """One lane: the runtime selected for it, and its latest run."""

    runtime_key: str
    snapshot: LaneSnapshot = field(default_factory=LaneSnapshot)


@dataclass(frozen=True, slots=True)
class LanesState:
    """The whole screen. `active` is an index into `lanes`; `launch` is the latest of this console."""

    lanes: tuple[Lane, ...]
    scenario: str
    active: int = 0
    is_zoomed: bool = False
    shows_raw_log: bool = False
    bridge_mode: BridgeMode = "cold"
    model_mode: ModelMode = "scripted"
    root_kind: RootKind = "directory"
    launch: LaunchRecord | None = None
    open_launches: frozenset[str] = frozenset()
    """Launches that have not ended; one ends shortly after its last run, when its lanes are free again."""
    issues: tuple[IssueRecord, ...] = ()
    packages: NodePackagesProgressed | None = None
    phases_met: tuple[int, int] | None = None
    """How many phases are met, of how many."""

    @property
    def active_lane(self) -> Lane:
        """The lane that the keys apply to."""
        return self.lanes[self.active]

    @property
    def running(self) -> tuple[int, ...]:
        """The lanes with a beat queued or running."""
        return tuple(index for index, lane in enumerate(self.lanes) if lane.snapshot.is_running)

    @property
    def is_busy(self) -> bool:
        """Whether a launch is under way, the tidying after its last run included."""
        return bool(self.running or self.open_launches)

    @property
    def has_issues(self) -> bool:
        """Whether there is an issue to go on with."""
        return any(lane.snapshot.run is not None for lane in self.lanes)

    @property
    def is_race(self) -> bool:
        """Whether what the lanes show was run at once."""
        return self.launch is not None and self.launch.kind == "race"

    def issue_of(self, lane: Lane) -> IssueRecord | None:
        """The issue of the lane's latest run."""
        issue_id = lane.snapshot.run.issue_id if lane.snapshot.run is not None else None
        return next((issue for issue in self.issues if issue.id == issue_id), None)


def after_event(state: LanesState, event: EngineEvent) -> LanesState:
    """The state after one event."""
    if isinstance(event, LaunchStarted):
        opened = state.open_launches | {event.launch.id}
        return replace(state, launch=event.launch, scenario=event.launch.scenario, open_launches=opened)
    if isinstance(event, LaunchFinished):
        return replace(state, open_launches=state.open_launches - {event.launch_id})
    if isinstance(event, NodePackagesProgressed):
        return replace(state, packages=event)
    if isinstance(event, IssueChanged):
        others = tuple(issue for issue in state.issues if issue.id != event.issue.id)
        return replace(state, issues=(*others, event.issue))
    lanes = tuple(_lane_after(index, lane, event) for index, lane in enumerate(state.lanes))
    return replace(state, lanes=lanes)


def _lane_after(index: int, lane: Lane, event: EngineEvent) -> Lane:
    if isinstance(event, RunChanged) and event.run.lane_index != index:
        return lane
    snapshot = fold(lane.snapshot, event)
    if snapshot is lane.snapshot:
        return lane
    key = snapshot.run.runtime_key if snapshot.run is not None and isinstance(event, RunChanged) else lane.runtime_key
    return Lane(key, snapshot)


def with_active(state: LanesState, index: int) -> LanesState:
    """Another active lane; an index beyond the lanes changes nothing."""
    return replace(state, active=index) if 0 <= index < len(state.lanes) else state


def with_runtime(state: LanesState, runtime_key: str) -> LanesState:
    """Another runtime in the active lane, which forgets the run of the one before."""
    if state.active_lane.runtime_key == runtime_key:
        return state
    lanes = list(state.lanes)
    lanes[state.active] = Lane(runtime_key)
    return replace(state, lanes=tuple(lanes))


def with_lane_added(state: LanesState, runtime_key: str) -> LanesState:
    """One more lane, which becomes the active one."""
    if len(state.lanes) >= MAX_LANES:
        return state
    return replace(state, lanes=(*state.lanes, Lane(runtime_key)), active=len(state.lanes))


def with_lane_removed(state: LanesState) -> LanesState:
    """Without the last lane: the engine keeps a lane's place, so the others stay where they are."""
    if len(state.lanes) == 1:
        return state
    lanes = state.lanes[:-1]
    return replace(state, lanes=lanes, active=min(state.active, len(lanes) - 1))


def order(state: LanesState, kind: LaunchKind, session: SessionChoice, *, only_active: bool = False) -> LaunchOrder:
    """What a start key asks of the engine."""
    indexes = (state.active,) if only_active else tuple(range(len(state.lanes)))
    lanes = tuple(_choice(state.lanes[index], session) for index in indexes)
    return LaunchOrder(
        kind=kind,
        scenario=state.scenario,
        lanes=lanes,
        session=session,
        bridge_mode=state.bridge_mode,
        model_mode=state.model_mode,
        root_kind=state.root_kind,
        lane_indexes=indexes,
    )


def _choice(lane: Lane, session: SessionChoice) -> LaneChoice:
    run = lane.snapshot.run
    return LaneChoice(lane.runtime_key, run.issue_id if run is not None and session != "new issue" else None)
