"""What is worked on, and by whom: runtimes, agents, issues and their comments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

AuthorKind = Literal["agent", "system", "operator"]
"""Who wrote a comment: the agent itself, the console on its behalf, or the person at the console."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuntimeRecord:
    """A runtime as the catalogue defined it when a run last used it. Key: `key`."""

    key: str
    adapter_type: str
    title: str
    experimental: bool
    definition_json: str
    seen_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentRecord:
    """An agent: a name bound to one runtime. Key: `id`."""

    id: str
    name: str
    runtime_key: str
    adapter_type: str
    created_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueRecord:
    """An issue and its two locks, as in Paperclip's `issues` table. Key: `id`; `identifier` is unique.

    `checkout_run_id` is the run that checked the issue out, `execution_run_id` the run that owns execution.
    """

    id: str
    identifier: str
    title: str
    description: str
    status: str
    assignee_agent_id: str | None = None
    checkout_run_id: str | None = None
    execution_run_id: str | None = None
    scenario: str | None = None
    created_at: str
    updated_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentRecord:
    """A comment on an issue; `run_id` is the run that left it. Key: `id`."""

    id: str
    issue_id: str
    run_id: str | None = None
    author_kind: AuthorKind
    author: str
    body: str
    created_at: str
