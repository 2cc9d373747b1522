"""Sessions: what an adapter hands from beat to beat, keyed (agent, adapter type, task key) as upstream."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

SessionAction = Literal["bind", "rebind", "keep", "clear", "reject", "reset"]
"""What happened to a session: first stored, replaced, kept, deleted, refused on resume, reset by hand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRecord:
    """The session as it stands, as in Paperclip's `agent_task_sessions`.

    Key: `agent_id`, `adapter_type`, `task_key`.
    """

    agent_id: str
    adapter_type: str
    task_key: str
    session_params_json: str | None = None
    session_display_id: str | None = None
    last_run_id: str | None = None
    last_error: str | None = None
    updated_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionDeleted:
    """A write that removes the session with this key; removing one that is not there is no error."""

    agent_id: str
    adapter_type: str
    task_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionEventRecord:
    """One step in a session's history, with the state it led to. Key: `id`.

    History is kept in order of arrival. `at` is ISO-8601 UTC text like the `_at` fields.
    """

    id: str
    agent_id: str
    adapter_type: str
    task_key: str
    run_id: str | None = None
    at: str
    action: SessionAction
    reason: str
    session_params_json: str | None = None
    session_display_id: str | None = None
