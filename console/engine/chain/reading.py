"""A chain as it can be looked at: computed from stored rows alone."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from store import Queries
from store.records import ChainRecord, ChainStepRecord, ResumeVerdictRecord, ResumeWord, RunRecord, SessionRecord

BEAT = "beat"
"""The action of a step that is a beat; any other is a manipulation's key."""


@dataclass(frozen=True, slots=True)
class ChainBeat:
    """One beat of a lane, with what it resumed (None for the first, and until it is judged)."""

    step: ChainStepRecord
    run: RunRecord | None
    verdict: ResumeVerdictRecord | None

    @property
    def beat_index(self) -> int:
        """The beat's number on its session, from 1; 0 while its run is not stored."""
        return self.run.beat_index if self.run is not None else 0

    @property
    def status(self) -> str:
        """As the console saw it: the run's status."""
        return self.run.status if self.run is not None else "queued"

    @property
    def word(self) -> ResumeWord | None:
        """The verdict's word."""
        return self.verdict.verdict if self.verdict is not None else None


@dataclass(frozen=True, slots=True)
class ChainManipulation:
    """What the operator did in a lane between two beats, or was refused."""

    step: ChainStepRecord


ChainItem = ChainBeat | ChainManipulation


@dataclass(frozen=True, slots=True)
class ChainLane:
    """One lane: its beats and manipulations in the order of doing, and the session as it stands."""

    lane_index: int
    runtime_key: str
    items: tuple[ChainItem, ...]
    session: SessionRecord | None

    @property
    def beats(self) -> tuple[ChainBeat, ...]:
        """The beats alone."""
        return tuple(item for item in self.items if isinstance(item, ChainBeat))

    @property
    def issue_id(self) -> str | None:
        """The issue on which the lane works; None before its first beat."""
        return next((beat.step.issue_id for beat in self.beats if beat.step.issue_id), None)

    @property
    def fresh_in_a_row(self) -> int:
        """How many of the latest beats started fresh, one after the other: a fallback that is never left."""
        count = 0
        for beat in reversed(self.beats):
            if beat.word != "fresh":
                break
            count += 1
        return count

    @property
    def fallbacks(self) -> int:
        """How many of its beats started fresh in all."""
        return sum(beat.word == "fresh" for beat in self.beats)

    @property
    def after_fallback(self) -> ResumeWord | None:
        """What the latest beat after a fresh one resumed; None while a fresh one is the latest, or none was."""
        return self.beats[-1].word if self.fallbacks and not self.fresh_in_a_row else None


@dataclass(frozen=True, slots=True)
class ChainView:
    """A chain with its lanes, and everything that was done in it in order."""

    chain: ChainRecord
    lanes: tuple[ChainLane, ...]
    steps: tuple[ChainStepRecord, ...]

    def lane(self, lane_index: int) -> ChainLane | None:
        """The lane with this index."""
        return self.lanes[lane_index] if 0 <= lane_index < len(self.lanes) else None

    @property
    def runs(self) -> tuple[RunRecord, ...]:
        """The runs of all beats, lane by lane."""
        return tuple(beat.run for lane in self.lanes for beat in lane.beats if beat.run is not None)


async def chain_view(queries: Queries, chain_id: str) -> ChainView | None:
    """The chain as stored; None when there is none with this id. Raises StoreError."""
    chain = await queries.chain(chain_id)
    if chain is None:
        return None
    steps = await queries.chain_steps(chain_id)
    run_ids = [step.run_id for step in steps if step.run_id is not None]
    runs = {run.id: run for run_id in run_ids if (run := await queries.run(run_id)) is not None}
    verdicts = {run_id: verdict for run_id in runs if (verdict := await queries.resume_verdict(run_id)) is not None}
    sessions = {
        lane_index: await queries.session(run.agent_id, run.adapter_type, run.task_key)
        for lane_index, run in _last_runs(steps, runs).items()
    }
    return assembled(chain, steps, runs, verdicts, sessions)


def assembled(
    chain: ChainRecord,
    steps: Sequence[ChainStepRecord],
    runs: Mapping[str, RunRecord],
    verdicts: Mapping[str, ResumeVerdictRecord],
    sessions: Mapping[int, SessionRecord | None],
) -> ChainView:
    """The view of these rows: runs and verdicts by run id, sessions by lane."""
    lanes: list[ChainLane] = []
    for lane_index, runtime_key in enumerate(runtime_keys(chain)):
        own = [step for step in steps if step.lane_index == lane_index]
        items = tuple(_item(step, runs, verdicts) for step in own)
        lanes.append(ChainLane(lane_index, runtime_key, items, sessions.get(lane_index)))
    return ChainView(chain, tuple(lanes), tuple(steps))


def runtime_keys(chain: ChainRecord) -> tuple[str, ...]:
    """The runtime of each lane."""
    return tuple(cast("list[str]", json.loads(chain.runtime_keys_json)))


def _item(
    step: ChainStepRecord, runs: Mapping[str, RunRecord], verdicts: Mapping[str, ResumeVerdictRecord]
) -> ChainItem:
    if step.action != BEAT:
        return ChainManipulation(step)
    run_id = step.run_id or ""
    return ChainBeat(step, runs.get(run_id), verdicts.get(run_id))


def _last_runs(steps: Sequence[ChainStepRecord], runs: Mapping[str, RunRecord]) -> dict[int, RunRecord]:
    return {step.lane_index: runs[step.run_id] for step in steps if step.run_id is not None and step.run_id in runs}
