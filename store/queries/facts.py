"""What each ended run says about the flow it went through, without its large columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from store.queries.reader import Reader
from store.records import WITHHELD_BY_OPERATOR, RunStatus
from store.tables import text_from_sql


@dataclass(frozen=True, slots=True)
class RunFact:
    """One ended run. `was_checked_out`: its execution root was made, which follows the checkout."""

    id: str
    runtime_key: str
    experimental: bool
    scenario: str
    beat_index: int
    status: RunStatus
    error_code: str
    ended_at: str
    was_checked_out: bool
    still_holds_issue: bool
    reached_model: bool
    """At least one request that is not auxiliary reached the model endpoint."""
    is_commented: bool
    has_error_row: bool
    """Its transcript shows the failure; only asked of runs that did not succeed."""
    is_manipulated: bool
    """In a chain, something was done to its session or its surroundings before it; or the operator withheld its session
    or that of an earlier beat on its issue."""
    chain_id: str
    """The chain in which it was made; empty for none."""
    chain_number: int


_RUN_FACTS = """
SELECT r.id, r.runtime_key, r.experimental, r.scenario, r.beat_index, r.status, coalesce(r.error_code, ''),
  coalesce(r.finished_at, r.created_at), r.execution_root IS NOT NULL,
  EXISTS (SELECT 1 FROM issues i WHERE i.id = r.issue_id AND r.id IN (i.checkout_run_id, i.execution_run_id)),
  EXISTS (SELECT 1 FROM model_requests q WHERE q.run_id = r.id AND q.auxiliary = 0),
  EXISTS (SELECT 1 FROM comments c WHERE c.issue_id = r.issue_id AND c.run_id = r.id),
  r.status <> 'succeeded' AND EXISTS (SELECT 1 FROM transcript_rows t WHERE t.run_id = r.id AND t.kind = 'error'),
  EXISTS (
    SELECT 1 FROM chain_steps b
    JOIN chain_steps m ON m.chain_id = b.chain_id AND m.lane_index = b.lane_index AND m.step_no < b.step_no
    WHERE b.run_id = r.id AND m.state = 'done' AND m.action NOT IN ('beat', 'wait')
  ) OR EXISTS (
    SELECT 1 FROM runs f WHERE f.issue_id = r.issue_id AND f.beat_index <= r.beat_index AND f.fresh_session_reason = ?
  ),
  (SELECT b.chain_id FROM chain_steps b WHERE b.run_id = r.id LIMIT 1),
  (SELECT c.number FROM chain_steps b JOIN chains c ON c.id = b.chain_id WHERE b.run_id = r.id LIMIT 1)
FROM runs r WHERE r.status NOT IN ('queued', 'running') ORDER BY r.created_at DESC, r.rowid DESC
"""


class FactQueries(Reader):
    """Reads across tables that criteria are evaluated from."""

    async def run_facts(self) -> list[RunFact]:
        """Every run that has ended, newest first."""
        return [_fact(row) for row in await self._rows(_RUN_FACTS, WITHHELD_BY_OPERATOR)]

    async def runs_ended_after(self, moment: str) -> int:
        """How many runs ended after this time stamp."""
        return await self._value("SELECT count(*) FROM runs WHERE finished_at > ?", moment)


def _fact(row: Sequence[Any]) -> RunFact:
    (
        run_id,
        runtime_key,
        experimental,
        scenario,
        beat_index,
        status,
        error_code,
        ended_at,
        *flags,
        chain_id,
        chain_number,
    ) = row
    checked_out, held, reached, commented, error_row, manipulated = map(bool, flags)
    return RunFact(
        id=_text(run_id),
        runtime_key=_text(runtime_key),
        experimental=bool(experimental),
        scenario=_text(scenario),
        beat_index=beat_index,
        status=status,
        error_code=_text(error_code),
        ended_at=_text(ended_at),
        was_checked_out=checked_out,
        still_holds_issue=held,
        reached_model=reached,
        is_commented=commented,
        has_error_row=error_row,
        is_manipulated=manipulated,
        chain_id=_text(chain_id),
        chain_number=chain_number or 0,
    )


def _text(value: Any) -> str:
    return text_from_sql(value) or ""
