"""Runtimes, agents, issues and their comments."""

from __future__ import annotations

from store.queries.reader import Reader
from store.records import AgentRecord, CommentRecord, IssueRecord, RuntimeRecord
from store.tables import AGENTS, COMMENTS, ISSUES, RUNTIMES


class WorkQueries(Reader):
    """Reads of `runtimes`, `agents`, `issues` and `comments`."""

    async def runtimes(self) -> list[RuntimeRecord]:
        """Every runtime that was ever used, by key."""
        return await self._records(RUNTIMES, "ORDER BY key")

    async def agent(self, agent_id: str) -> AgentRecord | None:
        """The agent with this id."""
        return await self._record(AGENTS, "WHERE id = ?", agent_id)

    async def agents(self) -> list[AgentRecord]:
        """Every agent, in order of creation."""
        return await self._records(AGENTS, "ORDER BY created_at, rowid")

    async def issue(self, issue_id: str) -> IssueRecord | None:
        """The issue with this id."""
        return await self._record(ISSUES, "WHERE id = ?", issue_id)

    async def issues(self) -> list[IssueRecord]:
        """Every issue, in order of creation."""
        return await self._records(ISSUES, "ORDER BY created_at, rowid")

    async def next_issue_number(self, prefix: str) -> int:
        """One more than the highest number n of an identifier `<prefix>-<n>`; 1 when there is none.

        Take and use it within one `Store.transaction`, so that two consoles do not take the same.
        """
        start = f"{prefix}-"
        return await self._value(
            "SELECT coalesce(max(CAST(substr(identifier, ?) AS INTEGER)), 0) + 1 FROM issues"
            " WHERE substr(identifier, 1, ?) = ?",
            len(start) + 1,
            len(start),
            start,
        )

    async def comments(self, issue_id: str) -> list[CommentRecord]:
        """The issue's comments, oldest first."""
        return await self._records(COMMENTS, "WHERE issue_id = ? ORDER BY created_at, rowid", issue_id)
