"""Sessions and their history."""

from __future__ import annotations

from store.queries.reader import Reader
from store.records import SessionEventRecord, SessionRecord
from store.tables import SESSION_EVENTS, SESSIONS

_OF_SESSION = "WHERE agent_id = ? AND adapter_type = ? AND task_key = ?"


class SessionQueries(Reader):
    """Reads of `sessions` and `session_events`."""

    async def session(self, agent_id: str, adapter_type: str, task_key: str) -> SessionRecord | None:
        """The session as it stands."""
        return await self._record(SESSIONS, _OF_SESSION, agent_id, adapter_type, task_key)

    async def sessions(self) -> list[SessionRecord]:
        """Every session, the one changed last first."""
        return await self._records(SESSIONS, "ORDER BY updated_at DESC, rowid DESC")

    async def session_events(self, agent_id: str, adapter_type: str, task_key: str) -> list[SessionEventRecord]:
        """The session's history, in order of arrival; it outlives the session itself."""
        return await self._records(SESSION_EVENTS, f"{_OF_SESSION} ORDER BY event_no", agent_id, adapter_type, task_key)
