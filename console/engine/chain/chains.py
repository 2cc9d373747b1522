"""Chains as they are made: begun, beaten, manipulated. All that is known of them is in the store."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import aiosqlite

from console.engine.chain.actions import manipulation
from console.engine.chain.manipulation import LETTERS, ChainHost, Done, LaneAtRest, Manipulation, Refused
from console.engine.chain.order import ChainOrder
from console.engine.chain.reading import BEAT, ChainLane, ChainView, chain_view
from console.engine.clock import iso_utc
from console.engine.events import ChainChanged
from console.engine.lane_state import FINAL_STATUSES
from console.engine.launches import LaneChoice, LaunchOrder, RefusedOrder
from store import Queries, write_records
from store.records import ChainRecord, ChainStepRecord, ChainStepState, RunRecord


@dataclass(frozen=True, slots=True)
class Chains:
    """Keeps nothing itself, so that a chain goes on after a crash, a restart, or in another console."""

    host: ChainHost

    async def begin(self, order: ChainOrder) -> ChainRecord:
        """A new chain, without a beat yet. Raises RefusedOrder."""
        lanes = tuple(LaneChoice(key) for key in order.runtime_keys)
        self.host.check(LaunchOrder("sequence", order.scenario, lanes, bridge_mode=order.bridge_mode))
        now = self._now()

        async def insert(connection: aiosqlite.Connection) -> ChainRecord:
            chain = ChainRecord(
                id=self.host.services.clock.new_id(),
                number=await Queries(connection).next_chain_number(),
                scenario=order.scenario,
                runtime_keys_json=json.dumps(order.runtime_keys),
                bridge_mode=order.bridge_mode,
                plan=order.plan,
                created_at=now,
                updated_at=now,
            )
            await write_records(connection, [chain])
            return chain

        chain = await self.host.services.store.transaction(insert)
        self.host.services.feed.publish(ChainChanged(chain))
        return chain

    async def beat(self, chain_id: str, lanes: Sequence[int] | None = None) -> tuple[ChainStepRecord, ...]:
        """The next beat of these lanes (default all), one after the other; returns their steps when all have ended.

        Raises RefusedOrder, having done nothing.
        """
        view = await self._view(chain_id)
        chosen = self._chosen(view, lanes)
        order = LaunchOrder(
            kind="sequence",
            scenario=view.chain.scenario,
            lanes=tuple(LaneChoice(lane.runtime_key, lane.issue_id) for lane in chosen),
            session="next beat",
            bridge_mode=view.chain.bridge_mode,
            lane_indexes=tuple(lane.lane_index for lane in chosen),
            moved_roots=tuple((lane.lane_index, root) for lane in chosen if (root := moved_root(lane)) is not None),
        )
        launch_id = await self.host.launch(order)
        begun = [await self._begun(chain_id, run) for run in await self._runs(launch_id)]
        ended = {run.id: run for run in await self.host.wait(launch_id)}
        steps = [await self._ended(step, ended[step.run_id or ""]) for step in begun]
        await self.host.services.store.flush()
        return tuple(steps)

    async def manipulate(
        self, chain_id: str, lane_index: int, action: str, argument: str | None = None
    ) -> ChainStepRecord:
        """Do one thing between two beats; the step says what was done, or why it was refused.

        What concerns the whole console is told of every lane. Raises RefusedOrder for an unknown action or lane, or
        while a beat runs.
        """
        chosen = manipulation(action)
        view = await self._view(chain_id)
        (lane,) = self._chosen(view, [lane_index])
        self._refuse_while_busy(chosen, lane_index)
        done = await self._perform(chosen, view, lane, argument)
        told = view.lanes if chosen.reach == "chain" else (lane,)
        steps = [await self._told(view.chain.id, own, chosen, done) for own in told]
        await self.host.services.store.flush()
        return next(step for step in steps if step.lane_index == lane_index)

    async def _perform(
        self, chosen: Manipulation, view: ChainView, lane: ChainLane, argument: str | None
    ) -> tuple[ChainStepState, Done]:
        last_run = next((beat.run for beat in reversed(lane.beats) if beat.run is not None), None)
        if last_run is None:
            return "refused", Done(f"lane {LETTERS[lane.lane_index]} has had no beat yet; beat first")
        root = moved_root(lane) or Path(last_run.execution_root or "")
        runtime = self.host.runtime(lane.runtime_key)
        at_rest = LaneAtRest(self.host, view, lane, runtime, last_run, root)
        try:
            return "done", await chosen.perform(at_rest, argument)
        except Refused as refusal:
            return "refused", Done(str(refusal))
        except OSError as error:
            return "failed", Done(f"{chosen.title}: {error.filename or lane.runtime_key}: {error.strerror or error}")

    async def _told(
        self, chain_id: str, lane: ChainLane, chosen: Manipulation, outcome: tuple[ChainStepState, Done]
    ) -> ChainStepRecord:
        state, done = outcome
        step = ChainStepRecord(
            chain_id=chain_id,
            step_no=0,
            lane_index=lane.lane_index,
            action=chosen.key,
            state=state,
            statement=done.statement,
            issue_id=lane.issue_id,
            before_json=_json(done.before),
            after_json=_json(done.after),
            at=self._now(),
        )
        return await self._append(step)

    async def _begun(self, chain_id: str, run: RunRecord) -> ChainStepRecord:
        step = ChainStepRecord(
            chain_id=chain_id,
            step_no=0,
            lane_index=run.lane_index,
            action=BEAT,
            state="begun",
            statement=f"beat {run.beat_index} began",
            run_id=run.id,
            issue_id=run.issue_id,
            at=self._now(),
        )
        return await self._append(step)

    async def _ended(self, step: ChainStepRecord, run: RunRecord) -> ChainStepRecord:
        """The beat's step, now that its run has ended."""
        verdict = await self.host.services.queries.resume_verdict(run.id)
        told = f": {verdict.verdict}" if verdict is not None else ""
        why = f" ({run.error_message})" if run.error_message else ""
        ended = replace(
            step,
            state="done" if run.status == "succeeded" else "failed",
            statement=f"beat {run.beat_index} {run.status.replace('_', ' ')}{told}{why}",
            before_json=run.session_before_json,
            after_json=run.session_after_json,
        )
        chain = await self.host.services.queries.chain(step.chain_id)
        self.host.services.store.put(ended)
        if chain is not None:
            self.host.services.feed.publish(ChainChanged(chain, ended))
        return ended

    async def _append(self, step: ChainStepRecord) -> ChainStepRecord:
        """Store the step with the next number, and tell of it."""

        async def insert(connection: aiosqlite.Connection) -> tuple[ChainRecord | None, ChainStepRecord]:
            queries = Queries(connection)
            known = await queries.chain_steps(step.chain_id)
            numbered = replace(step, step_no=max((other.step_no for other in known), default=0) + 1)
            chain = await queries.chain(step.chain_id)
            changed = replace(chain, updated_at=step.at) if chain is not None else None
            await write_records(connection, [numbered, *([changed] if changed is not None else [])])
            return changed, numbered

        chain, numbered = await self.host.services.store.transaction(insert)
        if chain is not None:
            self.host.services.feed.publish(ChainChanged(chain, numbered))
        return numbered

    async def _runs(self, launch_id: str) -> list[RunRecord]:
        launched = await self.host.services.queries.launch(launch_id)
        return list(launched.runs) if launched is not None else []

    async def _view(self, chain_id: str) -> ChainView:
        """The chain, after closing the steps of beats that ended while nobody waited for them."""
        await self.host.services.store.flush()
        view = await chain_view(self.host.services.queries, chain_id)
        if view is None:
            raise RefusedOrder(f"there is no chain {chain_id}; begin a new one")
        left = [
            (beat.step, beat.run)
            for lane in view.lanes
            for beat in lane.beats
            if beat.step.state == "begun" and beat.run is not None and beat.run.status in FINAL_STATUSES
        ]
        for step, run in left:
            await self._ended(step, run)
        return view

    def _chosen(self, view: ChainView, lanes: Sequence[int] | None) -> list[ChainLane]:
        if lanes is None:
            return list(view.lanes)
        unknown = [index for index in lanes if view.lane(index) is None]
        if unknown:
            raise RefusedOrder(
                f"chain {view.chain.number} has {len(view.lanes)} lanes; there is no lane {unknown[0] + 1}"
            )
        return [lane for lane in view.lanes if lane.lane_index in lanes]

    def _refuse_while_busy(self, chosen: Manipulation, lane_index: int) -> None:
        if self.host.launches.refusal is not None:
            raise RefusedOrder(self.host.launches.refusal)
        busy = self.host.launches.busy_lanes
        if chosen.reach == "lane":
            busy = busy & {lane_index}
        if busy:
            names = ", ".join(LETTERS[index] for index in sorted(busy))
            raise RefusedOrder(f"lane {names} has a beat running; wait for it, or cancel it, and then {chosen.title}")

    def _now(self) -> str:
        return iso_utc(self.host.services.clock.epoch_s())


def moved_root(lane: ChainLane) -> Path | None:
    """Where the lane's execution root was moved to last; None while it is in its own place."""
    for item in reversed(lane.items):
        step = item.step
        if step.action == "move-root" and step.state == "done" and step.after_json is not None:
            return Path(json.loads(step.after_json)["root"])
    return None


def _json(value: object) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False)
