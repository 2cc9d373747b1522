"""An engine that plays a recording: the same screens, the same events, and nothing that could start."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable
from pathlib import Path

from adapters.catalogue import RuntimeCatalogue
from adapters.scenario import ScenarioCatalogue
from console.engine.engine import Engine, EngineOptions
from console.engine.events import EngineEvent, EventFeed, NodePackagesProgressed, OperatorWarned
from console.engine.launches import LaunchOrder, RefusedOrder
from console.engine.paths import ConsolePaths
from console.engine.plan import Plan
from console.engine.recorded_chains import RecordedChains
from console.engine.recorded_experiments import RecordedExperiments
from console.engine.recording import Player, RecordedClock, read_recording
from store import Queries
from store.records import CommentRecord

SHIPPED_RECORDING = Path(__file__).with_name("recordings") / "remember.recording.gz"


class RecordedEngine:
    """Plays into a database of its own, which goes with it. `waiting_for` is the engine whose packages are awaited."""

    def __init__(self, inner: Engine, folder: tempfile.TemporaryDirectory[str], player: Player) -> None:
        self._inner = inner
        self._folder = folder
        self._player = player
        self._playing: asyncio.Task[None] | None = None
        self._waiting_for: Engine | None = None
        self._stop_forwarding: Callable[[], None] | None = None

    @classmethod
    async def open(
        cls, recording: Path, *, speed: float, config: Path, cache: Path, waiting_for: Engine | None = None
    ) -> RecordedEngine:
        """Read the recording and prepare its database; `play` begins. Raises RecordingError."""
        read = read_recording(recording)
        folder = tempfile.TemporaryDirectory(prefix="sidebeat-replay-")
        data = Path(folder.name)
        paths = ConsolePaths(data / "replay.sqlite", data, config, cache, label=f"recording {recording.name}")
        inner = await Engine.open(paths, options=EngineOptions(experimental=True))
        engine = cls(inner, folder, Player(read, inner.store, inner.feed, speed))
        engine._wait_for(waiting_for)
        return engine

    def play(self) -> None:
        """Begin; what is played is told on the feed."""
        self._playing = asyncio.create_task(self._player.play(), name="replay")
        self._playing.add_done_callback(self._tell_failure)

    async def played(self) -> None:
        """Wait until all of it has been played."""
        if self._playing is not None:
            await self._playing

    @property
    def clock(self) -> RecordedClock:
        """The time in the recording."""
        return RecordedClock(self._player)

    async def close(self) -> None:
        """Stop playing, and remove the database."""
        if self._stop_forwarding is not None:
            self._stop_forwarding()
        if self._playing is not None:
            self._playing.cancel()
            await asyncio.gather(self._playing, return_exceptions=True)
        await self._inner.close()
        self._folder.cleanup()

    @property
    def paths(self) -> ConsolePaths:
        """Those of the replay's own database."""
        return self._inner.paths

    @property
    def catalogue(self) -> RuntimeCatalogue:
        """As of the real engine."""
        return self._inner.catalogue

    @property
    def scenarios(self) -> ScenarioCatalogue:
        """As of the real engine."""
        return self._inner.scenarios

    @property
    def plan(self) -> Plan:
        """As of the real engine."""
        return self._inner.plan

    @property
    def feed(self) -> EventFeed:
        """Where the recording is told."""
        return self._inner.feed

    @property
    def queries(self) -> Queries:
        """Reads of what has been played."""
        return self._inner.queries

    @property
    def chains(self) -> RecordedChains:
        """Those of the recording; nothing is done in them."""
        return RecordedChains()

    @property
    def experiments(self) -> RecordedExperiments:
        """They can be read, and none can be run."""
        return RecordedExperiments()

    @property
    def experimental_enabled(self) -> bool:
        """A recording may hold experimental runs; nothing starts."""
        return True

    @property
    def node_packages_ready(self) -> bool:
        """Of the engine that is waited for."""
        return self._waiting_for is None or self._waiting_for.node_packages_ready

    def begin_install(self) -> None:
        """Let the engine that is waited for fetch its packages."""
        if self._waiting_for is not None:
            self._waiting_for.begin_install()

    async def enable_experimental(self) -> None:
        """Nothing starts here."""
        raise RefusedOrder(_REFUSAL)

    async def remember_theme(self, theme: str) -> None:
        """The choice is the operator's own, also while a recording plays."""
        await self._inner.remember_theme(theme)

    async def launch(self, order: LaunchOrder) -> str:
        """Nothing starts here. Raises RefusedOrder."""
        raise RefusedOrder(f"{_REFUSAL}; `{order.scenario}` can start when the console is on its own database")

    async def cancel_run(self, run_id: str) -> None:
        """A recorded run cannot be stopped. Raises RefusedOrder."""
        raise RefusedOrder(f"{_REFUSAL}, run {run_id[:8]} has long ended")

    async def cancel_all(self) -> None:
        """Nothing runs."""

    async def comment(self, issue_id: str, body: str) -> CommentRecord:
        """Kept in the replay's own database, and gone with it."""
        return await self._inner.comment(issue_id, body)

    async def answer(self, subject_id: str, body: str, author: str) -> None:
        """Kept in the replay's own database, and gone with it."""
        await self._inner.answer(subject_id, body, author)

    async def sign_off(self, subject_id: str, decision: str, statement: str, signed_by: str) -> None:
        """Kept in the replay's own database, and gone with it."""
        await self._inner.sign_off(subject_id, decision, statement, signed_by)

    def _tell_failure(self, playing: asyncio.Task[None]) -> None:
        if not playing.cancelled() and (error := playing.exception()) is not None:
            sentence = f"the recording cannot be played on: {error}; export it again"
            self.feed.publish(OperatorWarned(sentence))

    def _wait_for(self, engine: Engine | None) -> None:
        if engine is None:
            return
        self._waiting_for = engine

        def forward(event: EngineEvent) -> None:
            if isinstance(event, NodePackagesProgressed):
                self.feed.publish(event)

        self._stop_forwarding = engine.feed.subscribe(forward)


_REFUSAL = "this is a recording"
