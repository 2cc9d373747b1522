"""What becomes of a session: every rule of Paperclip, one row each."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.contract import AdapterExecutionResult
from console.engine.session_rules import (
    MAX_DISPLAY_ID_CHARS,
    NextSession,
    StoredSession,
    fresh_session_reason,
    kept_session,
    next_session,
    returned_params,
)

OLD = StoredSession({"sessionId": "old"}, "old-display", "print")
NEW = {"sessionId": "new", "cwd": "/work"}


def result(**fields: Any) -> AdapterExecutionResult:
    return AdapterExecutionResult.model_validate({"exitCode": 0, "signal": None, "timedOut": False, **fields})


def decide(previous: StoredSession | None, **fields: Any) -> NextSession:
    """With a codec that stores params as they are."""
    returned = result(**fields)
    return next_session(previous, returned, returned_params(previous, returned))


@pytest.mark.parametrize(
    ("previous", "returned", "action", "params", "display_id"),
    [
        pytest.param(None, {}, "keep", None, None, id="nothing before, nothing returned"),
        pytest.param(OLD, {}, "keep", OLD.params, "old-display", id="absent fields keep the previous session"),
        pytest.param(OLD, {"sessionParams": None}, "clear", None, None, id="null params clear"),
        pytest.param(OLD, {"sessionParams": {}}, "clear", None, None, id="empty params are no session"),
        pytest.param(OLD, {"sessionId": None}, "clear", None, None, id="a null id clears"),
        pytest.param(OLD, {"sessionId": ""}, "clear", None, None, id="an empty id clears"),
        pytest.param(OLD, {"clearSession": True}, "clear", None, None, id="clearSession clears"),
        pytest.param(
            OLD, {"clearSession": True, "sessionParams": NEW}, "clear", None, None, id="clearSession beats params (E7)"
        ),
        pytest.param(OLD, {"clearSession": False}, "keep", OLD.params, "old-display", id="clearSession false"),
        pytest.param(None, {"sessionParams": NEW}, "bind", NEW, "new", id="a first session is bound"),
        pytest.param(OLD, {"sessionParams": NEW}, "rebind", NEW, "new", id="another session replaces it"),
        pytest.param(OLD, {"sessionParams": OLD.params}, "keep", OLD.params, "old", id="the same session is kept"),
        pytest.param(None, {"sessionId": "new"}, "bind", {"sessionId": "new"}, "new", id="a legacy id alone is params"),
        pytest.param(
            None, {"sessionParams": NEW, "sessionId": "legacy"}, "bind", NEW, "new", id="params beat the legacy id"
        ),
        pytest.param(
            OLD, {"sessionParams": None, "sessionId": "legacy"}, "rebind", None, "legacy", id="an id beside null params"
        ),
        pytest.param(
            None, {"sessionParams": NEW, "sessionDisplayId": " shown "}, "bind", NEW, "shown", id="its own display id"
        ),
        pytest.param(
            OLD, {"sessionDisplayId": "shown"}, "keep", OLD.params, "shown", id="a display id alone keeps the params"
        ),
        pytest.param(
            OLD, {"sessionDisplayId": None}, "keep", OLD.params, "old", id="a null display id alone keeps the params"
        ),
        pytest.param(
            None, {"sessionParams": {"file": "x"}, "sessionDisplayId": " "}, "bind", {"file": "x"}, None, id="no id"
        ),
    ],
)  # fmt: skip
def test_the_next_session(
    previous: StoredSession | None,
    returned: dict[str, Any],
    action: str,
    params: dict[str, Any] | None,
    display_id: str | None,
) -> None:
    decided = decide(previous, **returned)
    assert (decided.action, decided.params, decided.display_id) == (action, params, display_id)
    assert decided.reason


def test_a_display_id_is_cut_to_its_column() -> None:
    decided = decide(None, sessionParams=NEW, sessionDisplayId="x" * 500)
    assert decided.display_id == "x" * MAX_DISPLAY_ID_CHARS


def test_an_adapter_that_threw_keeps_the_previous_session() -> None:
    assert kept_session(OLD, "the adapter threw") == NextSession(
        "keep", OLD.params, "old-display", "the adapter threw", is_previous=True
    )


def test_only_a_session_that_nobody_returned_stays_with_its_configuration() -> None:
    assert decide(OLD).is_previous
    assert not decide(OLD, sessionParams=OLD.params).is_previous


def test_params_of_which_the_codec_makes_nothing_delete_the_stored_session() -> None:
    decided = next_session(OLD, result(sessionParams={"foreign": True}), None)
    assert (decided.action, decided.params, decided.display_id) == ("clear", None, None)
    assert decided.reason == "its own codec makes nothing of what the adapter returned"


def test_a_display_id_outlives_params_of_which_the_codec_makes_nothing() -> None:
    decided = next_session(OLD, result(sessionParams={"foreign": True}, sessionDisplayId="shown"), None)
    assert (decided.action, decided.params, decided.display_id) == ("rebind", None, "shown")


def test_a_session_is_the_same_when_it_is_stored_the_same() -> None:
    spoken = {"sessionId": "old", "scratch": 1}
    decided = next_session(OLD, result(sessionParams=spoken), OLD.params)
    assert (decided.action, decided.params) == ("keep", OLD.params)


@pytest.mark.parametrize(
    ("stored", "asked", "reason"),
    [
        pytest.param(None, {"force_fresh": True}, None, id="nothing to resume needs no reason"),
        pytest.param(StoredSession(None, None, "print"), {"force_fresh": True}, None, id="an empty row is nothing"),
        pytest.param(OLD, {}, None, id="resumed"),
        pytest.param(OLD, {"force_fresh": True}, "the operator asked for a fresh session", id="forced"),
        pytest.param(
            OLD, {"wake_reason": "issue_assigned"}, "wake reason issue_assigned starts a fresh session", id="assigned"
        ),
        pytest.param(
            OLD, {"wake_reason": "execution_review_requested"},
            "wake reason execution_review_requested starts a fresh session", id="review",
        ),
        pytest.param(
            OLD, {"wake_reason": "execution_approval_requested"},
            "wake reason execution_approval_requested starts a fresh session", id="approval",
        ),
        pytest.param(
            StoredSession({"sessionId": "old"}, None, None), {},
            "the stored session has no configuration fingerprint", id="no fingerprint (9832)",
        ),
        pytest.param(
            OLD, {"fingerprint": "other"}, "the runtime's configuration has changed since", id="configuration changed"
        ),
        pytest.param(StoredSession(None, "shown", "print"), {}, None, id="a display id alone is a session"),
    ],
)  # fmt: skip
def test_when_a_beat_starts_without_the_stored_session(
    stored: StoredSession | None, asked: dict[str, Any], reason: str | None
) -> None:
    order: dict[str, Any] = {"wake_reason": "issue_commented", "force_fresh": False, "fingerprint": "print", **asked}
    assert fresh_session_reason(stored, **order) == reason
