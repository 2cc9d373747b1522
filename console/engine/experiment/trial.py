"""One trial: an issue of its own, and all beats of the scenario on it, one after the other."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from adapters.catalogue import RuntimeDefinition
from adapters.scenario import Scenario, seed_files
from console.engine.beat import Services
from console.engine.clock import iso_utc
from console.engine.launches import LaneChoice, Launches, LaunchOrder
from store.records import ExperimentRecord, RunRecord, TrialRecord

CUT_STATUSES = frozenset({"cancelled", "interrupted"})
"""A beat that ended so says nothing of its runtime."""


class TrialCutError(Exception):
    """The trial did not come to its end, through no fault of its runtime; the message is one sentence."""


@dataclass(frozen=True, slots=True)
class TrialPlayer:
    """Plays trials of one experiment; `tell` stores and announces each change of a trial's record."""

    services: Services
    launches: Launches
    experiment: ExperimentRecord
    is_leaving: Callable[[], bool]
    tell: Callable[[TrialRecord], None]

    async def play(self, planned: TrialRecord, runtime: RuntimeDefinition, scenario: Scenario) -> TrialRecord:
        """The finished trial, whether its beats succeeded or not. Raises TrialCutError."""
        trial = replace(planned, state="running", started_at=self._now())
        self.tell(trial)
        root = await self._warm_root(trial, scenario)
        for _ in scenario.beats:
            trial, run = await self._beat(trial, runtime, scenario, root)
            if run.status in CUT_STATUSES or run.error_code == "internal_error":
                raise TrialCutError(f"run {run.id[:8]} on {run.runtime_key}: {run.error_message or run.status}")
        trial = replace(trial, state="finished", finished_at=self._now())
        self.tell(trial)
        return trial

    async def _beat(
        self, trial: TrialRecord, runtime: RuntimeDefinition, scenario: Scenario, root: Path | None
    ) -> tuple[TrialRecord, RunRecord]:
        if self.is_leaving():
            raise TrialCutError("it was left between two beats")
        arm, issue_id = trial.arm_index, trial.issue_id
        order = LaunchOrder(
            kind="trial",
            scenario=scenario.name,
            lanes=(LaneChoice(runtime.key, issue_id),),
            session="new issue" if issue_id is None else "next beat",
            bridge_mode=self.experiment.temperature,
            lane_indexes=(arm,),
            time_limit_s=self.experiment.time_limit_s,
            moved_roots=((arm, root),) if root is not None else (),
        )
        launch_id = await self.launches.start(order, [(arm, runtime, issue_id)], scenario)
        found = await self.services.queries.launch(launch_id)
        assert found is not None  # `start` has stored it
        (queued,) = found.runs
        run_ids = [*json.loads(trial.run_ids_json), queued.id]
        trial = replace(trial, issue_id=queued.issue_id, run_ids_json=json.dumps(run_ids))
        self.tell(trial)
        if self.is_leaving():
            self.launches.cancel_run(queued.id)
        (run,) = await self.launches.wait(launch_id)
        return trial, run

    async def _warm_root(self, trial: TrialRecord, scenario: Scenario) -> Path | None:
        """The one root in which all warm trials of an arm work, emptied and seeded; None where each has its own.

        A bridge serves the root in which it was started and no other, so the next issue works there too.
        """
        if self.experiment.temperature == "cold":
            return None
        root = self.services.paths.root(f"experiment-{self.experiment.number}-{'ABCD'[trial.arm_index]}")
        await asyncio.to_thread(start_over, root, scenario)
        return root

    def _now(self) -> str:
        return iso_utc(self.services.clock.epoch_s())


def start_over(root: Path, scenario: Scenario) -> None:
    """Empty the folder and put the scenario's files into it; it stays itself, for a process works in it."""
    root.mkdir(parents=True, exist_ok=True)
    for entry in root.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()
    seed_files(root, scenario)
