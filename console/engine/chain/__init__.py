"""Chains: beats on one session in each lane, with what the operator does to the session between them."""

from console.engine.chain.actions import MANIPULATIONS, manipulation
from console.engine.chain.chains import Chains
from console.engine.chain.manipulation import Manipulation
from console.engine.chain.order import ChainOrder
from console.engine.chain.reading import ChainBeat, ChainLane, ChainManipulation, ChainView, chain_view

__all__ = [
    "MANIPULATIONS",
    "ChainBeat",
    "ChainLane",
    "ChainManipulation",
    "ChainOrder",
    "ChainView",
    "Chains",
    "Manipulation",
    "chain_view",
    "manipulation",
]
