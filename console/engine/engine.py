"""The engine as the screens and the command line use it."""

from __future__ import annotations

import asyncio
import json
import os
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING

from adapters.catalogue import CatalogueError, RuntimeCatalogue, RuntimeDefinition
from adapters.catalogue.load import SHIPPED as SHIPPED_RUNTIMES
from adapters.model_endpoint import ModelEndpointError, RealModel
from adapters.node_runtime import NodeInstallError, NodeRuntimeLayout, default_layout
from adapters.scenario import SHIPPED_FOLDER as SHIPPED_SCENARIOS
from adapters.scenario import Scenario, ScenarioCatalogue, UnknownScenarioError
from console.engine.beat import Services
from console.engine.chain import Chains
from console.engine.clock import Clock, SystemClock, iso_utc, utc_time
from console.engine.control_plane import ControlPlane
from console.engine.events import EventFeed, OperatorWarned
from console.engine.every_step import every_step
from console.engine.launches import MAX_LANES, LaneOrder, Launches, LaunchOrder, RefusedOrder
from console.engine.measures.taking import Measurements
from console.engine.node_packages import provide_node_packages
from console.engine.paths import ConsolePaths
from console.engine.plan import SHIPPED as SHIPPED_PLAN
from console.engine.plan import Plan, load_plan, plan_records
from console.engine.process_register import console_identity
from console.engine.recovery import Recovery, recover
from console.engine.redaction import redacted
from console.engine.settings import Settings, SettingsError, load_settings, save_setting
from store import Queries, Store
from store.records import AnswerRecord, CommentRecord, RunRecord, RuntimeRecord, SignoffRecord

if TYPE_CHECKING:
    from console.engine.experiment.experiments import Experiments


@dataclass(frozen=True, slots=True)
class EngineOptions:
    """How to open an engine. `experimental` enables experimental runtimes for this process only."""

    experimental: bool = False
    clock: Clock = field(default_factory=SystemClock)
    node: NodeRuntimeLayout | None = None


@dataclass(slots=True)
class Engine:
    """Everything behind the screens. Open it with `Engine.open`, and close it."""

    paths: ConsolePaths
    options: EngineOptions
    services: Services
    launches: Launches
    catalogue: RuntimeCatalogue
    scenarios: ScenarioCatalogue
    plan: Plan
    settings: Settings
    recovery: Recovery
    _install: asyncio.Task[None] | None = None
    _experiments: Experiments | None = None

    @classmethod
    async def open(
        cls, paths: ConsolePaths, *, options: EngineOptions | None = None, feed: EventFeed | None = None
    ) -> Engine:
        """Open the database, read the catalogues, and mend what a crash left.

        Raises StoreError, NodeInstallError, SettingsError and PlanFileError, each with one sentence.
        """
        chosen = options or EngineOptions()
        settings = load_settings(paths.config)
        plan = load_plan([SHIPPED_PLAN, *paths.plan_files])
        node = chosen.node or default_layout(paths.cache)
        async with AsyncExitStack() as until_opened:
            store = await Store.open(paths.database, lambda: utc_time(chosen.clock.epoch_s()))
            until_opened.push_async_callback(store.close)
            queries = await Queries.open(paths.database)
            until_opened.push_async_callback(queries.close)
            feed = feed or EventFeed()
            control_plane = ControlPlane(store, feed, chosen.clock)
            services = Services(
                store, queries, feed, chosen.clock, control_plane, paths, node, console_identity(), _real_model()
            )
            recovery = await recover(store, queries, control_plane, paths, chosen.clock)
            for record in plan_records(plan):
                store.put(record)
            catalogue = RuntimeCatalogue.load([SHIPPED_RUNTIMES, paths.runtimes])
            scenarios = ScenarioCatalogue.load([SHIPPED_SCENARIOS, paths.scenarios])
            engine = cls(paths, chosen, services, Launches(services), catalogue, scenarios, plan, settings, recovery)
            engine._store_runtimes()
            await store.flush()
            # From here on `close` does it.
            until_opened.pop_all()
        return engine

    @property
    def feed(self) -> EventFeed:
        """Where everything that happens is told."""
        return self.services.feed

    @property
    def chains(self) -> Chains:
        """Beats with manipulations of the session between them."""
        return Chains(self)

    @property
    def experiments(self) -> Experiments:
        """Paired experiments. The first use imports the statistics, which a beat has no need of."""
        if self._experiments is None:
            from console.engine.experiment.experiments import Experiments

            self._experiments = Experiments(self.services, self.launches, self)
        return self._experiments

    @property
    def measurements(self) -> Measurements:
        """Numbers beside the runs: claims, populations, complexity, operations, overheads."""
        return Measurements(self)

    @property
    def recovery_sentence(self) -> str | None:
        """What was mended at the start; None when nothing was."""
        return self.recovery.sentence

    @property
    def store(self) -> Store:
        """The one writer."""
        return self.services.store

    @property
    def queries(self) -> Queries:
        """Reads of what is committed."""
        return self.services.queries

    @property
    def experimental_enabled(self) -> bool:
        """Whether experimental runtimes may start."""
        return self.options.experimental or self.settings.experimental

    @property
    def node_packages_ready(self) -> bool:
        """Whether real beats can start now."""
        return self.services.node.is_complete and self.services.node.app_dir.is_dir()

    def begin_install(self) -> None:
        """Fetch the Node packages in the background, if they are missing; progress comes as events."""
        if self._install is None or self._install.done():
            self._install = asyncio.create_task(self._install_quietly())

    async def install(self) -> None:
        """Fetch the Node packages and wait for them. Raises NodeInstallError."""
        installed = await provide_node_packages(self.services.node, self.feed)
        if installed is not None:
            self.measurements.store_installation(installed)

    async def enable_experimental(self) -> None:
        """The operator knows what it means: experimental runtimes may start from now on, in later sessions too."""
        self._set("experimental", True)

    async def remember_theme(self, theme: str) -> None:
        """The operator chose these colours: later sessions begin with them."""
        self._set("theme", theme)

    def runtime(self, key: str) -> RuntimeDefinition:
        """One runtime of the catalogue. Raises RefusedOrder that names the nearest."""
        try:
            return self.catalogue.runtime(key)
        except CatalogueError as error:
            raise RefusedOrder(str(error)) from error

    def startable(self, key: str) -> RuntimeDefinition:
        """A runtime of the catalogue that may start now. Raises RefusedOrder."""
        runtime = self.runtime(key)
        if runtime.experimental and not self.experimental_enabled:
            raise RefusedOrder(
                f"{key} is experimental and off; enable it with `X` on the screen, with --experimental, "
                "or with `experimental = true` in config.toml"
            )
        return runtime

    def scenario(self, name: str) -> Scenario:
        """One scenario of the catalogue. Raises RefusedOrder that names the nearest."""
        try:
            return self.scenarios.scenario(name)
        except UnknownScenarioError as error:
            raise RefusedOrder(str(error)) from error

    async def launch(self, order: LaunchOrder) -> str:
        """Start a launch in the background; returns its id. Raises RefusedOrder."""
        lanes, scenario = self.check(order)
        if not self.node_packages_ready:
            raise RefusedOrder("the Node packages are still being installed; wait for the bar to fill")
        return await self.launches.start(order, lanes, scenario)

    def check(self, order: LaunchOrder) -> tuple[list[LaneOrder], Scenario]:
        """What an order asks for, whether or not the Node packages are there. Raises RefusedOrder."""
        lanes, scenario = self._lanes(order), self.scenario(order.scenario)
        if order.model_mode != "scripted" and self.services.real_model is None:
            raise RefusedOrder(_real_model_remedy())
        return lanes, scenario

    async def wait(self, launch_id: str) -> list[RunRecord]:
        """The final records of a launch."""
        return await self.launches.wait(launch_id)

    async def cancel_run(self, run_id: str) -> None:
        """Stop one run and everything that it started."""
        self.launches.cancel_run(run_id)

    async def cancel_all(self) -> None:
        """Stop every run."""
        self.launches.cancel_all()

    async def comment(self, issue_id: str, body: str) -> CommentRecord:
        """The operator's own comment on an issue."""
        author = self.settings.operator
        return self.services.control_plane.comment(issue_id, body, kind="operator", author=author, run_id=None)

    async def answer(self, subject_id: str, body: str, author: str) -> None:
        """An answer to a question of the plan; earlier ones stay in the history."""
        clock = self.services.clock
        now = iso_utc(clock.epoch_s())
        self.store.put(AnswerRecord(id=clock.new_id(), subject_id=subject_id, body=body, author=author, written_at=now))
        await self.store.flush()

    async def sign_off(self, subject_id: str, decision: str, statement: str, signed_by: str) -> None:
        """A decision that the operator signs."""
        clock = self.services.clock
        record = SignoffRecord(
            id=clock.new_id(),
            subject_id=subject_id,
            decision=decision,
            statement=statement,
            signed_by=signed_by,
            signed_at=iso_utc(clock.epoch_s()),
        )
        self.store.put(record)
        await self.store.flush()

    async def close(self) -> None:
        """Stop what runs, stop what was started, and commit everything; the first error is raised after all that."""
        await every_step(
            (
                self._stop_installing,
                self._pause_experiment,
                self.launches.close,
                self._end_own_processes,
                self.queries.close,
                self.store.close,
            )
        )

    async def restart(self) -> None:
        """Close everything and open it again on the same database, as a new console would; who listens stays.

        Raises what `open` raises; the engine then is closed.
        """
        await self.close()
        again = await Engine.open(self.paths, options=self.options, feed=self.feed)
        for each in fields(self):
            setattr(self, each.name, getattr(again, each.name))

    async def _pause_experiment(self) -> None:
        if self._experiments is not None:
            await self._experiments.close()

    async def _stop_installing(self) -> None:
        if self._install is None:
            return
        self._install.cancel()
        (outcome,) = await asyncio.gather(self._install, return_exceptions=True)
        if isinstance(outcome, Exception):
            raise outcome

    def _lanes(self, order: LaunchOrder) -> list[LaneOrder]:
        if not 1 <= len(order.lanes) <= MAX_LANES:
            raise RefusedOrder(f"a launch takes 1 to {MAX_LANES} lanes, not {len(order.lanes)}")
        indexes = order.lane_indexes or tuple(range(len(order.lanes)))
        return [
            (index, self.startable(lane.runtime_key), lane.issue_id)
            for index, lane in zip(indexes, order.lanes, strict=True)
        ]

    def _set(self, name: str, value: bool | str) -> None:
        self.settings = self.settings.model_copy(update={name: value})
        try:
            save_setting(self.paths.config, name, value)
        except SettingsError as error:
            self.feed.publish(OperatorWarned(f"{error}; the choice holds for this session only"))

    def _store_runtimes(self) -> None:
        now = iso_utc(self.services.clock.epoch_s())
        for runtime in self.catalogue.runtimes.values():
            self.store.put(
                RuntimeRecord(
                    key=runtime.key,
                    adapter_type=runtime.adapter.type,
                    title=runtime.title,
                    experimental=runtime.experimental,
                    definition_json=json.dumps(redacted(runtime.model_dump(mode="json", by_alias=True))),
                    seen_at=now,
                )
            )

    async def _install_quietly(self) -> None:
        try:
            await self.install()
        except NodeInstallError:
            # Told as an event, and every launch says why it cannot start.
            return

    async def _end_own_processes(self) -> None:
        now = iso_utc(self.services.clock.epoch_s())
        await self.store.flush()
        for process in await self.queries.live_processes():
            if process.console_pid == self.services.console.pid:
                self.store.put(replace(process, ended_at=now))


def _real_model() -> RealModel | None:
    try:
        return RealModel.from_environment(os.environ)
    except ModelEndpointError:
        # None of it is required; who asks for a real model gets the sentence then.
        return None


def _real_model_remedy() -> str:
    try:
        RealModel.from_environment(os.environ)
    except ModelEndpointError as error:
        return str(error)
    return "restart the console: the real model's variables came after its start"
