"""The mirror of Paperclip's contract keeps what the other side said, and what it left unsaid."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from adapters.contract import AdapterExecutionResult, AdapterInvocationMeta, ProcessSpawn, TranscriptEntry

LEAST = {"exitCode": 0, "signal": None, "timedOut": False}


@pytest.mark.parametrize("field", ["session_params", "session_id", "session_display_id", "error_message", "summary"])
def test_absent_is_told_from_null(field: str) -> None:
    alias = "".join(part.title() if number else part for number, part in enumerate(field.split("_")))
    absent = AdapterExecutionResult.model_validate(LEAST)
    null = AdapterExecutionResult.model_validate({**LEAST, alias: None})
    assert (absent.has(field), null.has(field)) == (False, True)
    assert getattr(absent, field) is None
    assert getattr(null, field) is None
    assert absent.to_wire() == LEAST
    assert null.to_wire() == {**LEAST, alias: None}


def test_fields_that_are_not_known_are_kept() -> None:
    told = {**LEAST, "executionRecovery": {"kind": "bootstrap"}, "usage": {"inputTokens": 1, "outputTokens": 2, "x": 3}}
    assert AdapterExecutionResult.model_validate(told).to_wire() == told


def test_transcript_kinds_that_are_not_known_are_kept_with_their_fields() -> None:
    told = {"kind": "run_terminal", "ts": "now", "turnState": "completed", "runState": "succeeded"}
    assert TranscriptEntry.model_validate(told).to_wire() == told


def test_names_are_python_here_and_camel_case_on_the_wire() -> None:
    meta = AdapterInvocationMeta(adapter_type="pi_local", command="pi", prompt_metrics={"promptChars": 5})
    assert meta.to_wire() == {"adapterType": "pi_local", "command": "pi", "promptMetrics": {"promptChars": 5.0}}
    spawn = ProcessSpawn.model_validate({"pid": 1, "processGroupId": None, "startedAt": "now"})
    assert spawn.has("process_group_id")


def test_what_is_required_must_be_there() -> None:
    with pytest.raises(ValidationError, match="timedOut"):
        AdapterExecutionResult.model_validate({"exitCode": 0, "signal": None})


def test_a_result_cannot_be_changed_afterwards() -> None:
    result = AdapterExecutionResult.model_validate(LEAST)
    with pytest.raises(ValidationError, match="frozen"):
        result.summary = "better"
