"""Chains that are done by nobody: what the bench asks for is kept, and answered as a test wants it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from console.engine.chain import ChainOrder
from console.engine.launches import RefusedOrder
from store.records import ChainRecord, ChainStepRecord, ChainStepState
from tests.ui.chain_samples import AT, chain


@dataclass
class FakeChains:
    """Fits `ChainsPort`. `calls` is the engine's; `answer` is the state and statement of the next manipulation."""

    calls: list[str]
    orders: list[ChainOrder] = field(default_factory=list[ChainOrder])
    refusal: str | None = None
    error: Exception | None = None
    """Raised by a manipulation, when set."""
    answer: tuple[ChainStepState, str] = ("done", "done as asked")

    async def begin(self, order: ChainOrder) -> ChainRecord:
        """Kept; the chain of the samples."""
        self._refuse()
        self.orders.append(order)
        return chain()

    async def beat(self, chain_id: str, lanes: Sequence[int] | None = None) -> tuple[ChainStepRecord, ...]:
        """Kept."""
        self._refuse()
        self.calls.append(f"beat {chain_id} {'all' if lanes is None else list(lanes)}")
        return ()

    async def manipulate(
        self, chain_id: str, lane_index: int, action: str, argument: str | None = None
    ) -> ChainStepRecord:
        """Kept, and answered."""
        self._refuse()
        if self.error is not None:
            raise self.error
        self.calls.append(f"{action} {chain_id} {lane_index} {argument}")
        state, statement = self.answer
        params = '{"sessionId": "ses_1"}' if action == "view" else None
        return ChainStepRecord(
            chain_id=chain_id,
            step_no=99,
            lane_index=lane_index,
            action=action,
            state=state,
            statement=statement,
            before_json=params,
            after_json=params,
            at=AT,
        )

    def _refuse(self) -> None:
        if self.refusal is not None:
            raise RefusedOrder(self.refusal)
