"""What a chain is asked to be."""

from __future__ import annotations

from dataclasses import dataclass

from store.records import BridgeMode


@dataclass(frozen=True, slots=True)
class ChainOrder:
    """A new chain: the scenario whose beats it plays, and a runtime for each of its 1 to 4 lanes.

    `plan` is the text of a chain that is given as a whole (`beat, delete-store, beat`); None for one made by hand.
    """

    scenario: str
    runtime_keys: tuple[str, ...]
    bridge_mode: BridgeMode = "cold"
    plan: str | None = None
