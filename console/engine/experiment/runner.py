"""An experiment under way: one trial at a time, pair by pair, until it is settled, complete, or left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from adapters.catalogue import RuntimeDefinition
from adapters.scenario import Scenario
from console.engine.beat import Services
from console.engine.clock import iso_utc
from console.engine.events import ExperimentChanged, OperatorWarned
from console.engine.experiment.rows import experiment_rows, finished_pairs, unfinished_trials
from console.engine.experiment.schedule import Turn, planned_pair
from console.engine.experiment.stopping import may_stop
from console.engine.experiment.trial import TrialCutError, TrialPlayer
from console.engine.launches import Launches
from console.engine.measures.definitions import load_definitions
from store import StoreError
from store.records import ExperimentRecord, ExperimentState, TrialRecord

Wish = Literal["go on", "pause after the pair", "pause", "stop"]


@dataclass(slots=True)
class Runner:
    """Runs one experiment to its end or until it is left. `record` is as it stands."""

    services: Services
    launches: Launches
    record: ExperimentRecord
    runtimes: Sequence[RuntimeDefinition]
    """By arm."""
    scenarios: Mapping[str, Scenario]
    wish: Wish = "go on"
    _left_because: str = ""
    _trials: list[TrialRecord] = field(default_factory=list[TrialRecord])
    _warmed_before: int | None = None
    """The pair before which a warm-up was played last."""

    def leave(self, wish: Wish, because: str) -> None:
        """Pause or stop; unless the pair may end, what runs is cancelled and its pair discarded."""
        self.wish, self._left_because = wish, because
        if wish != "pause after the pair":
            self.launches.cancel_all()

    async def run(self) -> ExperimentRecord:
        """The record as it stands at the end; what goes wrong inside the console pauses it, with the sentence."""
        try:
            await self._run()
        except TrialCutError as cut:
            await self._discard_unfinished()
            wish_state: ExperimentState = "stopped" if self.wish == "stop" else "paused"
            await self._end(wish_state, self._left_because or f"a trial was cut: {cut}; resume it when that is mended")
        except Exception as error:  # noqa: BLE001 -- stored with the experiment and told to the operator
            await self._fail(error)
        finally:
            await self.launches.close_bridges()
        return self.record

    async def _run(self) -> None:
        self._trials = await self.services.queries.trials(self.record.id)
        await self._discard_unfinished()
        await self.launches.close_bridges()
        while self.wish == "go on":
            turn = self._next_turn()
            if turn is None:
                await self._end("finished", f"all {self.record.max_pairs} pairs have run")
                return
            await self._play(turn)
            if await self._is_settled():
                await self._end("finished", f"settled after {self._measured_count()} pairs")
                return
        await self._end("stopped" if self.wish == "stop" else "paused", self._left_because)

    def _next_turn(self) -> Turn | None:
        """The first pair that is not finished; before it the last warm-up again where nothing is warm (any more)."""
        finished = finished_pairs(self._trials, len(self.runtimes))
        last = self.record.warmup_pairs + self.record.max_pairs
        pair_no = next((number for number in range(1, last + 1) if number not in finished), None)
        if pair_no is None:
            return None
        if pair_no > self.record.warmup_pairs > 0 and self._warmed_before != pair_no and not self._is_warm():
            self._warmed_before = pair_no
            return self._planned(self.record.warmup_pairs)
        return self._planned(pair_no)

    def _is_warm(self) -> bool:
        """Whether the trials find what they should: after a start a warm-up, in a warm experiment each arm's bridge."""
        if self._warmed_before is None:
            return False
        if self.record.temperature == "cold":
            return True
        lanes = [self.launches.lane_runtime(arm) for arm in range(len(self.runtimes))]
        return all(lane is not None and lane.bridge_pid is not None for lane in lanes)

    def _planned(self, pair_no: int) -> Turn:
        return planned_pair(
            pair_no,
            seed=self.record.seed,
            warmup_pairs=self.record.warmup_pairs,
            arm_count=len(self.runtimes),
            scenarios=tuple(self.scenarios),
        )

    async def _play(self, turn: Turn) -> None:
        attempt = 1 + max((trial.attempt for trial in self._trials if trial.pair_no == turn.pair_no), default=0)
        player = TrialPlayer(
            self.services, self.launches, self.record, lambda: self.wish in ("pause", "stop"), self._tell
        )
        for position, arm in enumerate(turn.arm_indexes):
            planned = TrialRecord(
                experiment_id=self.record.id,
                pair_no=turn.pair_no,
                attempt=attempt,
                arm_index=arm,
                position=position,
                scenario=turn.scenario,
                runtime_key=self.runtimes[arm].key,
                is_warmup=turn.is_warmup,
                state="planned",
            )
            await player.play(planned, self.runtimes[arm], self.scenarios[turn.scenario])
        if turn.is_warmup and self._warmed_before is None:
            self._warmed_before = turn.pair_no
        await self.services.store.flush()

    async def _is_settled(self) -> bool:
        if not self.record.stops_when_settled:
            return False
        rows = await experiment_rows(self.services.queries, self.record.id)
        return rows is not None and may_stop(rows, load_definitions())

    def _measured_count(self) -> int:
        return len(finished_pairs(self._trials, len(self.runtimes))) - self.record.warmup_pairs

    async def _discard_unfinished(self) -> None:
        """A pair counts whole or not at all: one that was cut is run again under the next attempt."""
        for trial in unfinished_trials(self._trials, len(self.runtimes)):
            self._tell(replace(trial, state="discarded", finished_at=trial.finished_at or self._now()))
        await self.services.store.flush()

    async def _fail(self, error: Exception) -> None:
        sentence = f"experiment {self.record.number} paused inside the console: {type(error).__name__}: {error}"
        self.services.feed.publish(OperatorWarned(f"{sentence}; mend that and resume it"))
        try:
            await self.services.store.flush()
            await self._discard_unfinished()
            await self._end("paused", f"{type(error).__name__}: {error}")
        except StoreError as store_error:
            self.services.feed.publish(OperatorWarned(f"{sentence}, and that is not stored: {store_error}"))

    async def _end(self, state: ExperimentState, because: str) -> None:
        finished_at = self._now() if state in ("finished", "stopped") else None
        self.record = replace(self.record, state=state, state_reason=because or None, finished_at=finished_at)
        self.services.store.put(self.record)
        await self.services.store.flush()
        self.services.feed.publish(ExperimentChanged(self.record))

    def _tell(self, trial: TrialRecord) -> None:
        key = (trial.pair_no, trial.attempt, trial.arm_index)
        others = [item for item in self._trials if (item.pair_no, item.attempt, item.arm_index) != key]
        self._trials = [*others, trial]
        self.services.store.put(trial)
        self.services.feed.publish(ExperimentChanged(self.record, trial))

    def _now(self) -> str:
        return iso_utc(self.services.clock.epoch_s())
