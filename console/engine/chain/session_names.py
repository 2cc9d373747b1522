"""A session in a few characters, to be told apart from another of the same lane."""

from __future__ import annotations

import json
from typing import Any, cast

_CHARACTERS = 12


def short_session(session_json: str | None, agent_id: str = "") -> str | None:
    """The session's id, cut: a file's name at its end, without the agent's, any other id after its beginning."""
    if not session_json:
        return None
    try:
        params: Any = json.loads(session_json)
    except (ValueError, RecursionError):
        return "?"
    name = str(cast("dict[str, Any]", params).get("sessionId", "?")) if isinstance(params, dict) else "?"
    is_file = "/" in name
    if is_file:
        name = name.rsplit("/", 1)[-1].partition(".")[0].removesuffix(f"-{agent_id}")
    if len(name) <= _CHARACTERS:
        return name
    return f"…{name[-_CHARACTERS:]}" if is_file else f"{name[:_CHARACTERS]}…"
