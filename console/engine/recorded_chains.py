"""Chains of an engine that plays a recording: they can be looked at, and nothing is done in them."""

from __future__ import annotations

from collections.abc import Sequence

from console.engine.chain import ChainOrder
from console.engine.chain.manipulation import LETTERS
from console.engine.launches import RefusedOrder
from store.records import ChainRecord, ChainStepRecord

_REMEDY = "open the console on its own database"


class RecordedChains:
    """Refuses everything with a sentence; what is stored of chains is read through the queries."""

    async def begin(self, order: ChainOrder) -> ChainRecord:
        """Raises RefusedOrder."""
        raise RefusedOrder(f"this is a recording, so no chain of {order.scenario} can begin here; {_REMEDY}")

    async def beat(self, chain_id: str, lanes: Sequence[int] | None = None) -> tuple[ChainStepRecord, ...]:
        """Raises RefusedOrder."""
        which = "every lane" if lanes is None else f"{len(lanes)} of its lanes"
        raise RefusedOrder(f"this is a recording, so chain {chain_id[:8]} cannot beat in {which} here; {_REMEDY}")

    async def manipulate(
        self, chain_id: str, lane_index: int, action: str, argument: str | None = None
    ) -> ChainStepRecord:
        """Raises RefusedOrder."""
        asked = action if argument is None else f"{action}:{argument}"
        place = f"lane {LETTERS[lane_index]} of chain {chain_id[:8]}"
        raise RefusedOrder(f"this is a recording, so `{asked}` cannot be done to {place}; {_REMEDY}")
