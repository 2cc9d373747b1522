"""The engine as the screens know it. `console.engine.engine.Engine` fits it; so does a fake over a filled store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from adapters.catalogue import RuntimeCatalogue
from console.engine.events import EventFeed
from console.engine.paths import ConsolePaths
from store.queries import Queries
from store.records import BridgeMode, LaunchKind, ModelMode

SessionChoice = Literal["new issue", "next beat", "fresh session"]
RootKind = Literal["directory", "git_worktree"]


@dataclass(frozen=True, slots=True)
class LaneChoice:
    """What the operator selected for one lane; without an issue, a new one is made."""

    runtime_key: str
    issue_id: str | None = None


@dataclass(frozen=True, slots=True)
class LaunchOrder:
    """One press of a start key."""

    kind: LaunchKind
    scenario: str
    lanes: tuple[LaneChoice, ...]
    session: SessionChoice = "new issue"
    bridge_mode: BridgeMode = "cold"
    model_mode: ModelMode = "scripted"
    root_kind: RootKind = "directory"
    lane_indexes: tuple[int, ...] | None = None
    """Only these lanes start; None: all."""


class RefusedOrder(Exception):  # noqa: N818  (an answer to the operator, not a fault)
    """The engine will not start this; the message is one sentence."""


class ScenarioInfo(Protocol):
    """A scenario as a picker shows it."""

    @property
    def name(self) -> str: ...

    @property
    def title(self) -> str: ...

    @property
    def description(self) -> str: ...

    @property
    def beats(self) -> Sequence[object]: ...


class EnginePort(Protocol):
    """What the screens ask of the engine. Reads go through `queries`; what happens comes through `feed`."""

    @property
    def paths(self) -> ConsolePaths: ...

    @property
    def catalogue(self) -> RuntimeCatalogue: ...

    @property
    def scenario_list(self) -> Sequence[ScenarioInfo]: ...

    @property
    def feed(self) -> EventFeed: ...

    @property
    def queries(self) -> Queries: ...

    @property
    def experimental_enabled(self) -> bool: ...

    async def enable_experimental(self) -> None:
        """Allow the experimental runtimes from now on."""
        ...

    async def launch(self, order: LaunchOrder) -> str:
        """Start the beats and return the launch's id at once. Raises RefusedOrder."""
        ...

    async def cancel_run(self, run_id: str) -> None:
        """Cancel one run."""
        ...

    async def cancel_all(self) -> None:
        """Cancel everything that runs."""
        ...
