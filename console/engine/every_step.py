"""Ending several things of which each must be ended, whatever the others do."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable


async def every_step(steps: Iterable[Callable[[], Awaitable[object]]]) -> None:
    """Call and await each, in order; the first error is raised when all had their turn, and names the others."""
    errors: list[BaseException] = []
    for step in steps:
        try:
            await step()
        except BaseException as error:  # noqa: BLE001 -- raised below
            errors.append(error)
    raise_first(errors)


def raise_first(errors: Iterable[BaseException]) -> None:
    """Raise the first error with the others as its notes; do nothing without one."""
    found = list(errors)
    if not found:
        return
    for other in found[1:]:
        found[0].add_note(f"and then {type(other).__name__}: {other}")
    raise found[0]
