"""The local control plane: agents, issues, comments and the atomic checkout, by Paperclip's rules.

Source: `server/services/issues.js` (checkout, 409 for a second holder) and `server/services/heartbeat.js` (release).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import aiosqlite

from adapters.catalogue import RuntimeDefinition
from adapters.scenario import Scenario
from console.engine.clock import Clock, iso_utc
from console.engine.events import CommentPosted, EventFeed, IssueChanged
from store import Queries, Store, write_records
from store.records import AgentRecord, AuthorKind, CommentRecord, IssueRecord, RunRecord

ISSUE_PREFIX = "SB"
CHECKOUT_STATUSES = frozenset({"todo", "backlog", "blocked", "in_progress"})


class CheckoutConflictError(Exception):
    """Another run holds the issue: what upstream answers with 409."""

    def __init__(self, issue: IssueRecord, holder_run_id: str) -> None:
        super().__init__(
            f"issue {issue.identifier} is checked out to run {holder_run_id[:8]}; wait for it to end, or cancel it"
        )
        self.issue = issue
        self.holder_run_id = holder_run_id


@dataclass(frozen=True, slots=True)
class ControlPlane:
    """Who works on what. Every change is stored and announced."""

    store: Store
    feed: EventFeed
    clock: Clock

    def agent_for(self, runtime: RuntimeDefinition) -> AgentRecord:
        """The one agent of a runtime; sessions are keyed by it."""
        return AgentRecord(
            id=f"agent-{runtime.key}",
            name=runtime.key,
            runtime_key=runtime.key,
            adapter_type=runtime.adapter.type,
            created_at=self._now(),
        )

    async def open_issue(self, scenario: Scenario, runtime: RuntimeDefinition) -> IssueRecord:
        """A new issue from a scenario, assigned to the runtime's agent."""
        agent = self.agent_for(runtime)

        async def insert(connection: aiosqlite.Connection) -> IssueRecord:
            queries = Queries(connection)
            number = await queries.next_issue_number(ISSUE_PREFIX)
            issue = IssueRecord(
                id=self.clock.new_id(),
                identifier=f"{ISSUE_PREFIX}-{number}",
                title=scenario.title,
                description=scenario.description,
                status="todo",
                assignee_agent_id=agent.id,
                scenario=scenario.name,
                created_at=self._now(),
                updated_at=self._now(),
            )
            await write_records(connection, [agent, issue])
            return issue

        issue = await self.store.transaction(insert)
        self.feed.publish(IssueChanged(issue))
        return issue

    async def check_out(self, issue_id: str, run: RunRecord) -> IssueRecord:
        """Give the issue to this run, atomically. Raises CheckoutConflictError when another run holds it.

        A lock whose holder has ended is healed, as upstream does.
        """

        async def take(connection: aiosqlite.Connection) -> IssueRecord:
            queries = Queries(connection)
            issue = await queries.issue(issue_id)
            if issue is None:
                raise LookupError(f"there is no issue {issue_id}")
            holder_id = issue.execution_run_id
            holder = await queries.run(holder_id) if holder_id and holder_id != run.id else None
            if holder is not None and holder.finished_at is None:
                raise CheckoutConflictError(issue, holder.id)
            status = "in_progress" if issue.status in CHECKOUT_STATUSES | {"done"} else issue.status
            taken = replace(
                issue, status=status, checkout_run_id=run.id, execution_run_id=run.id, updated_at=self._now()
            )
            await write_records(connection, [taken])
            return taken

        issue = await self.store.transaction(take)
        self.feed.publish(IssueChanged(issue))
        return issue

    async def release(self, issue_id: str, run: RunRecord) -> None:
        """Give the issue back if this run still holds it; it is done when the run succeeded."""

        async def give_back(connection: aiosqlite.Connection) -> IssueRecord | None:
            issue = await Queries(connection).issue(issue_id)
            if issue is None or issue.execution_run_id != run.id:
                return None
            status = "done" if run.status == "succeeded" else issue.status
            free = replace(issue, status=status, checkout_run_id=None, execution_run_id=None, updated_at=self._now())
            await write_records(connection, [free])
            return free

        issue = await self.store.transaction(give_back)
        if issue is not None:
            self.feed.publish(IssueChanged(issue))

    def comment(self, issue_id: str, body: str, *, kind: AuthorKind, author: str, run_id: str | None) -> CommentRecord:
        """Post a comment."""
        record = CommentRecord(
            id=self.clock.new_id(),
            issue_id=issue_id,
            run_id=run_id,
            author_kind=kind,
            author=author,
            body=body,
            created_at=self._now(),
        )
        self.store.put(record)
        self.feed.publish(CommentPosted(record))
        return record

    def _now(self) -> str:
        return iso_utc(self.clock.epoch_s())
