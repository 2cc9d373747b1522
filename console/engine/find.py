"""Finding a stored thing by what the operator typed."""

from __future__ import annotations

from store import Queries
from store.records import RunRecord

RUN_PREFIX = "run:"
"""How a report writes a run's id."""


class UnknownIdError(Exception):
    """Nothing stored has this id; the message is one sentence with the remedy."""


async def find_run(queries: Queries, run_id: str) -> RunRecord:
    """A run by its id or the start of it, with or without `run:` before it. Raises UnknownIdError."""
    exact = await queries.run(run_id)
    if exact is not None:
        return exact
    matches = await queries.runs_with_prefix(run_id.removeprefix(RUN_PREFIX))
    if not matches:
        raise UnknownIdError(f"there is no run {run_id}; see `sidebeat runs`")
    if len(matches) > 1:
        raise UnknownIdError(f"{len(matches)} runs begin with {run_id}; give more characters of the id")
    return matches[0]
