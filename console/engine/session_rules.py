"""What becomes of a session after a beat, and when a beat must not resume: Paperclip's rules, as pure functions.

Sources: `server/services/heartbeat.js`, resolveNextSessionState and the fresh-session rules before it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from adapters.contract import AdapterExecutionResult
from store.records import WITHHELD_BY_OPERATOR

FINGERPRINT_KEY = "__paperclipConfigFingerprint"
"""Upstream keeps the configuration's fingerprint inside the stored session, under this name."""

FRESH_WAKE_REASONS = frozenset({"issue_assigned", "execution_review_requested", "execution_approval_requested"})
MAX_DISPLAY_ID_CHARS = 128
NULL_FIELDS_REASON = "the adapter returned null session fields"

SessionAction = Literal["bind", "rebind", "keep", "clear"]


@dataclass(frozen=True, slots=True)
class StoredSession:
    """A session as the store holds it between beats."""

    params: dict[str, Any] | None
    display_id: str | None
    fingerprint: str | None


@dataclass(frozen=True, slots=True)
class NextSession:
    """What to do with the stored session, and why."""

    action: SessionAction
    params: dict[str, Any] | None
    display_id: str | None
    reason: str
    is_previous: bool = False
    """Nothing new was returned: it stays the session of the configuration that made it."""


def fresh_session_reason(
    stored: StoredSession | None, *, wake_reason: str, force_fresh: bool, fingerprint: str
) -> str | None:
    """Why this beat starts without the stored session; None when it resumes, or when there is nothing to resume."""
    if stored is None or (stored.params is None and stored.display_id is None):
        return None
    if force_fresh:
        return WITHHELD_BY_OPERATOR
    if wake_reason in FRESH_WAKE_REASONS:
        return f"wake reason {wake_reason} starts a fresh session"
    if stored.fingerprint is None:
        return "the stored session has no configuration fingerprint"
    if stored.fingerprint != fingerprint:
        return "the runtime's configuration has changed since"
    return None


def codec_refusal(stored: StoredSession | None, resumed: StoredSession | None) -> str | None:
    """Why a session that every rule lets through is not handed over: its adapter's codec makes nothing of it."""
    refused = stored is not None and stored.params is not None and resumed is None
    return "the adapter's own codec makes nothing of the stored session" if refused else None


def next_session(
    previous: StoredSession | None, result: AdapterExecutionResult, serialized: dict[str, Any] | None
) -> NextSession:
    """The session after a beat that returned a result; `serialized` is `returned_params` through the adapter's codec.

    Absent fields keep the previous session, null clears it, `clearSession` deletes it. What the codec makes nothing of
    is null.
    """
    if result.clear_session:
        return NextSession("clear", None, None, "the adapter asked to clear the session")
    if not any(result.has(name) for name in ("session_params", "session_id", "session_display_id")):
        return kept_session(previous, "the adapter returned no session fields")
    params = serialized or None
    display_id = _display_id(result, params)
    if params is None and display_id is None:
        refused = returned_params(previous, result) is not None
        why = "its own codec makes nothing of what the adapter returned" if refused else NULL_FIELDS_REASON
        return NextSession("clear", None, None, why)
    same = previous is not None and previous.params == params
    if same:
        return NextSession("keep", params, display_id, "the adapter returned the same session")
    if previous is None or previous.params is None:
        return NextSession("bind", params, display_id, "the adapter returned a first session")
    return NextSession("rebind", params, display_id, "the adapter returned another session")


def kept_session(previous: StoredSession | None, reason: str) -> NextSession:
    """The session as it was before the beat."""
    if previous is None:
        return NextSession("keep", None, None, f"no session before, and {reason}", is_previous=True)
    return NextSession("keep", previous.params, previous.display_id, reason, is_previous=True)


def returned_params(previous: StoredSession | None, result: AdapterExecutionResult) -> dict[str, Any] | None:
    """The params that a result asks to store; `sessionId` alone is the legacy form of `sessionParams`."""
    if result.has("session_params"):
        # Upstream's normalizeSessionParams: an empty object is no session.
        return result.session_params or None
    if result.has("session_id"):
        return {"sessionId": result.session_id} if result.session_id else None
    return previous.params if previous is not None else None


def _display_id(result: AdapterExecutionResult, params: dict[str, Any] | None) -> str | None:
    own = params.get("sessionId") if params else None
    candidates = (result.session_display_id, own, result.session_id)
    chosen = next((item.strip() for item in candidates if isinstance(item, str) and item.strip()), None)
    return chosen[:MAX_DISPLAY_ID_CHARS] if chosen else None
