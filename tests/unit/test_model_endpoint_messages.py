"""The endpoint's reports and the journal's records, as the Python side reads them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import ValidationError

from adapters.model_endpoint import (
    ModelEndpointError,
    ModelRequest,
    RealModel,
    ScriptedReply,
    ScriptedTurn,
    role_sequence_sha256,
    scripted_turns_sha256,
)
from adapters.model_endpoint.messages import Hello, RequestReport, UnknownReport, parse_report

REQUEST: dict[str, Any] = {
    "index": 0,
    "beat_key": "command-1",
    "is_answered": True,
    "auxiliary": False,
    "off_script": False,
    "turn_index": 0,
    "branch": "plain",
    "received_at_epoch": 1_700_000_000.25,
    "first_byte_ms": 2.5,
    "duration_ms": 750.0,
    "method": "POST",
    "path": "/v1/chat/completions",
    "model": "m1",
    "message_roles": ["system", "user", "assistant", "tool"],
    "tool_names": ["bash"],
    "body_bytes": 2,
    "body_sha256": "0" * 64,
    "body": "{}",
    "response_status": 200,
    "response_kind": "text",
    "interrupted": False,
    "input_tokens": 1,
    "output_tokens": 1,
    "token_basis": "characters / 4",
}


def line(message: dict[str, Any]) -> bytes:
    return json.dumps(message).encode()


def test_a_request_report_becomes_a_journal_record() -> None:
    report = parse_report(line({"type": "request", "request": REQUEST}))
    assert isinstance(report, RequestReport)
    assert report.request.message_count == 4
    assert report.request.finished_at_epoch == 1_700_000_001.0
    assert report.request.role_sequence_sha256 == role_sequence_sha256(["system", "user", "assistant", "tool"])


def test_the_role_hash_tells_order_and_number_apart() -> None:
    sequences = [["user"], ["user", "user"], ["user", "assistant"], ["assistant", "user"], []]
    assert len({role_sequence_sha256(roles) for roles in sequences}) == len(sequences)


def test_extra_fields_of_a_newer_endpoint_are_kept() -> None:
    report = parse_report(line({"type": "hello", "protocol": 1, "pid": 7, "node_version": "v24", "mood": "good"}))
    assert isinstance(report, Hello)
    assert report.model_extra == {"mood": "good"}


def test_a_report_of_unknown_type_is_kept() -> None:
    report = parse_report(line({"type": "weather", "sky": "blue"}))
    assert isinstance(report, UnknownReport)
    assert report.model_extra == {"sky": "blue"}


def test_a_known_report_must_be_whole() -> None:
    with pytest.raises(ValidationError, match="protocol"):
        parse_report(line({"type": "hello"}))


def test_the_journal_record_is_frozen() -> None:
    request = ModelRequest.model_validate(REQUEST)
    with pytest.raises(ValidationError, match="frozen"):
        request.index = 3  # pyright: ignore[reportAttributeAccessIssue]  # the refusal is what is tested


def test_equal_turns_have_equal_hashes_and_other_turns_others() -> None:
    turn = ScriptedTurn(text="Done.", if_seen=("x",), otherwise=ScriptedReply(text="No."))
    same = ScriptedTurn.model_validate_json(turn.model_dump_json())
    other = turn.model_copy(update={"text": "done."})
    assert scripted_turns_sha256([turn]) == scripted_turns_sha256([same])
    assert scripted_turns_sha256([turn]) != scripted_turns_sha256([other])


ENVIRONMENT = {
    "SIDEBEAT_MODEL_BASE_URL": "https://models.example/v1",
    "SIDEBEAT_MODEL_API_KEY": "sk-secret",
    "SIDEBEAT_MODEL_NAME": "big",
}


def test_a_real_model_never_shows_its_key() -> None:
    model = RealModel.from_environment(ENVIRONMENT)
    assert "sk-secret" not in repr(model) + model.model_dump_json()


def test_a_real_model_names_the_variables_it_misses() -> None:
    with pytest.raises(ModelEndpointError, match="needs SIDEBEAT_MODEL_API_KEY and SIDEBEAT_MODEL_NAME; set them"):
        RealModel.from_environment({"SIDEBEAT_MODEL_BASE_URL": "https://models.example/v1"})


def test_a_real_model_needs_a_web_address() -> None:
    with pytest.raises(ModelEndpointError, match="SIDEBEAT_MODEL_BASE_URL must start with http"):
        RealModel.from_environment({**ENVIRONMENT, "SIDEBEAT_MODEL_BASE_URL": "models.example"})
