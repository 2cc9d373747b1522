"""Resume verdicts and chains."""

from __future__ import annotations

from store.queries.reader import Reader
from store.records import ChainRecord, ChainStepRecord, ResumeVerdictRecord
from store.tables import CHAIN_STEPS, CHAINS, RESUME_VERDICTS


class ResumeQueries(Reader):
    """Reads of `resume_verdicts`, `chains` and `chain_steps`."""

    async def resume_verdict(self, run_id: str) -> ResumeVerdictRecord | None:
        """What this run resumed; None for a first beat."""
        return await self._record(RESUME_VERDICTS, "WHERE run_id = ?", run_id)

    async def resume_verdicts(self) -> dict[str, ResumeVerdictRecord]:
        """Every verdict by run id."""
        return {verdict.run_id: verdict for verdict in await self._records(RESUME_VERDICTS, "ORDER BY rowid")}

    async def chain(self, chain_id: str) -> ChainRecord | None:
        """The chain with this id."""
        return await self._record(CHAINS, "WHERE id = ?", chain_id)

    async def chains(self) -> list[ChainRecord]:
        """All chains, newest first."""
        return await self._records(CHAINS, "ORDER BY number DESC")

    async def next_chain_number(self) -> int:
        """The number of the next chain."""
        return await self._value("SELECT COALESCE(MAX(number), 0) + 1 FROM chains")

    async def chain_steps(self, chain_id: str) -> list[ChainStepRecord]:
        """Everything that was done in a chain, in order."""
        return await self._records(CHAIN_STEPS, "WHERE chain_id = ? ORDER BY step_no", chain_id)

    async def chain_steps_on(self, issue_id: str) -> list[ChainStepRecord]:
        """Everything that was done to an issue's session in chains, in order."""
        condition = "WHERE issue_id = ?1 OR run_id IN (SELECT id FROM runs WHERE issue_id = ?1) ORDER BY at, step_no"
        return await self._records(CHAIN_STEPS, condition, issue_id)
