"""Doing a whole plan, step after step."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

from console.engine.chain.actions import manipulation
from console.engine.chain.chains import Chains
from console.engine.chain.grammar import PlannedStep
from console.engine.chain.reading import BEAT
from store.records import ChainStepRecord


async def run_plan(
    chains: Chains, chain_id: str, lane_count: int, plan: Sequence[PlannedStep]
) -> AsyncIterator[tuple[PlannedStep, tuple[ChainStepRecord, ...]]]:
    """Each step of the plan when it has been done, with what was stored of it in each lane. Raises RefusedOrder."""
    for step in plan:
        if step.action == BEAT:
            yield step, await chains.beat(chain_id, step.lanes)
            continue
        lanes = range(lane_count) if step.lanes is None else step.lanes
        if manipulation(step.action).reach == "chain":
            lanes = [0]
        done = [await chains.manipulate(chain_id, lane, step.action, step.argument) for lane in lanes]
        yield step, tuple(done)
