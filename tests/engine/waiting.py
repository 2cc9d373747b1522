"""Waiting for something to become true, with a deadline instead of a guess."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

DEADLINE_S = 60.0
POLL_S = 0.02


async def until(is_true: Callable[[], bool], what: str) -> None:
    """Return as soon as the condition holds; AssertionError that names it at the deadline."""
    try:
        async with asyncio.timeout(DEADLINE_S):
            while not is_true():  # noqa: ASYNC110 -- what is waited for lies in other processes
                await asyncio.sleep(POLL_S)
    except TimeoutError as error:
        raise AssertionError(f"it never came that {what}") from error
