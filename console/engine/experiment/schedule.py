"""Which arm runs when: a pure function of the seed and the number of the pair.

Two arms alternate as AB BA BA AB, so that neither a drift nor a drift of the order effect favours one of them; the
seed decides which arm begins. More than two arms run in palindromic blocks of two: some order, then its reverse; the
seed and the block decide the order. Several scenarios take turns block by block, so that each gets both orders
equally often. Source of ABBA: G. E. P. Box, W. Hunter and J. Hunter, Statistics for Experimenters; a simulation in
`tests/bench` shows what blocks of one arm after the other do instead.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

PAIRS_PER_BLOCK = 2
"""An order and its reverse."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One pair as it is planned: its scenario, and the arms in the order in which they run."""

    pair_no: int
    scenario: str
    is_warmup: bool
    arm_indexes: tuple[int, ...]


def planned_pair(pair_no: int, *, seed: int, warmup_pairs: int, arm_count: int, scenarios: Sequence[str]) -> Turn:
    """The pair of this number, from 1 on; the first `warmup_pairs` are discarded."""
    is_warmup = pair_no <= warmup_pairs
    index = pair_no - 1 if is_warmup else pair_no - 1 - warmup_pairs
    scenario = scenarios[(index if is_warmup else index // PAIRS_PER_BLOCK) % len(scenarios)]
    return Turn(pair_no, scenario, is_warmup, arm_order(seed, index, arm_count))


def arm_order(seed: int, index: int, arm_count: int) -> tuple[int, ...]:
    """The arms of the pair at this index, counted from 0 without the warm-up."""
    block, is_reverse = index // PAIRS_PER_BLOCK, index % PAIRS_PER_BLOCK == 1
    if arm_count == 2:
        order = (0, 1) if (_number(seed) + block) % 2 == 0 else (1, 0)
    else:
        order = tuple(sorted(range(arm_count), key=lambda arm: _number(seed, block, arm)))
    return order[::-1] if is_reverse else order


def _number(*parts: int) -> int:
    """The same on every machine and in every version of Python, which `random` does not promise."""
    return int.from_bytes(hashlib.sha256(repr(parts).encode()).digest()[:8])
