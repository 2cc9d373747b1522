"""The engine as the screens know it. `console.engine.engine.Engine` fits it; so does a fake over a filled store."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from adapters.catalogue import RuntimeCatalogue
from adapters.roots import RootKind
from adapters.scenario import ScenarioCatalogue
from console.engine.chain import ChainOrder
from console.engine.events import EventFeed
from console.engine.experiment.plan import ExperimentOrder
from console.engine.launches import MAX_LANES, LaneChoice, LaunchOrder, RefusedOrder, SessionChoice
from console.engine.paths import ConsolePaths
from console.engine.plan import Plan
from store.queries import Queries
from store.records import ChainRecord, ChainStepRecord, CommentRecord, ExperimentRecord


class ExperimentsPort(Protocol):
    """Plans and drives paired experiments; what they say is read from the store. Everything raises RefusedOrder."""

    async def plan(self, order: ExperimentOrder) -> ExperimentRecord:
        """Store an experiment with its margins; nothing starts."""
        ...

    async def start(self, experiment_id: str) -> object:
        """Begin in the background."""
        ...

    async def pause(self, experiment_id: str) -> object:
        """Pause it after the pair that runs."""
        ...

    async def resume(self, experiment_id: str) -> object:
        """Go on with a paused experiment; its finished pairs count."""
        ...

    async def stop(self, experiment_id: str) -> object:
        """End it for good; its finished pairs stay."""
        ...

    async def set_margin(self, experiment_id: str, metric: str, ratio: float, reason: str) -> object:
        """Set a margin anew; once a trial has begun it is marked for ever."""
        ...


class ChainsPort(Protocol):
    """Chains of beats, as `console.engine.chain.Chains` makes them."""

    async def begin(self, order: ChainOrder) -> ChainRecord:
        """A new chain. Raises RefusedOrder."""
        ...

    async def beat(self, chain_id: str, lanes: Sequence[int] | None = None) -> tuple[ChainStepRecord, ...]:
        """The next beat of these lanes, until it has ended. Raises RefusedOrder."""
        ...

    async def manipulate(
        self, chain_id: str, lane_index: int, action: str, argument: str | None = None
    ) -> ChainStepRecord:
        """One thing between two beats. Raises RefusedOrder."""
        ...


class EnginePort(Protocol):
    """What the screens ask of the engine. Reads go through `queries`; what happens comes through `feed`."""

    @property
    def paths(self) -> ConsolePaths: ...

    @property
    def catalogue(self) -> RuntimeCatalogue: ...

    @property
    def scenarios(self) -> ScenarioCatalogue: ...

    @property
    def plan(self) -> Plan: ...

    @property
    def feed(self) -> EventFeed: ...

    @property
    def queries(self) -> Queries: ...

    @property
    def experiments(self) -> ExperimentsPort: ...

    @property
    def experimental_enabled(self) -> bool: ...

    @property
    def node_packages_ready(self) -> bool: ...

    @property
    def chains(self) -> ChainsPort: ...

    def begin_install(self) -> None:
        """Fetch missing Node packages in the background."""
        ...

    async def enable_experimental(self) -> None:
        """Allow the experimental runtimes from now on."""
        ...

    async def remember_theme(self, theme: str) -> None:
        """Begin with these colours next time."""
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

    async def comment(self, issue_id: str, body: str) -> CommentRecord:
        """The operator's own comment."""
        ...

    async def answer(self, subject_id: str, body: str, author: str) -> None:
        """An answer to a question of the plan."""
        ...

    async def sign_off(self, subject_id: str, decision: str, statement: str, signed_by: str) -> None:
        """A decision that the operator signs."""
        ...


__all__ = [
    "MAX_LANES",
    "ChainsPort",
    "EnginePort",
    "ExperimentsPort",
    "LaneChoice",
    "LaunchOrder",
    "RefusedOrder",
    "RootKind",
    "SessionChoice",
]
