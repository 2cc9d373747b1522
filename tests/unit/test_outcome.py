"""Two judgements of one beat: upstream's rule, and what the console saw."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from adapters.contract import AdapterExecutionResult
from console.engine.outcome import Observation, TwoOutcomes, judge

HEALTHY = Observation(request_count=2, off_script_count=0, broken_expectations=(), agent_errors=(), said_anything=True)


def judged(seen: Observation = HEALTHY, *, thrown: str | None = None, **fields: Any) -> TwoOutcomes:
    told = {"exitCode": 0, "signal": None, "timedOut": False, **fields}
    return judge(None if thrown else AdapterExecutionResult.model_validate(told), thrown, seen)


def test_a_healthy_beat_succeeded_in_both_eyes() -> None:
    outcomes = judged()
    assert (outcomes.upstream.status, outcomes.observed.status, outcomes.difference) == ("succeeded", "succeeded", None)


@pytest.mark.parametrize(
    ("told", "status", "code", "reason"),
    [
        pytest.param(
            {"exitCode": None, "signal": "SIGKILL"}, "failed", "adapter_failed", "signal SIGKILL", id="E1, killed"
        ),
        pytest.param(
            {"exitCode": 1, "errorMessage": "no provider"}, "failed", "adapter_failed", "no provider", id="E3, error"
        ),
        pytest.param(
            {"exitCode": 143, "summary": "Done."}, "failed", "adapter_failed", "exit code 143", id="4307, ended"
        ),
        pytest.param({"errorMessage": "late"}, "failed", "adapter_failed", "late", id="exit 0 with an error"),
        pytest.param(
            {"exitCode": 1, "errorCode": "session_restore_failed", "errorMessage": "gone"},
            "failed", "session_restore_failed", "gone", id="the adapter's own code",
        ),
        pytest.param({"exitCode": None, "timedOut": True}, "timed_out", "timeout", "timed out", id="timed out"),
        pytest.param(
            {"timedOut": True, "errorMessage": "Timed out after 5s"}, "timed_out", "timeout", "Timed out after 5s",
            id="timed out, in the adapter's words",
        ),
    ],
)  # fmt: skip
def test_what_upstream_calls_a_failure_is_one(told: dict[str, Any], status: str, code: str, reason: str) -> None:
    outcomes = judged(**told)
    assert (outcomes.upstream.status, outcomes.upstream.code, outcomes.upstream.reason) == (status, code, reason)
    assert outcomes.observed == outcomes.upstream
    assert outcomes.difference is None


def test_an_exit_code_that_is_null_without_a_signal_counts_as_none() -> None:
    assert judged(exitCode=None).upstream.status == "succeeded"


def test_an_adapter_that_threw_failed_in_its_own_words() -> None:
    outcomes = judged(thrown="spawn E2BIG")
    assert (outcomes.upstream.code, outcomes.upstream.reason) == ("adapter_failed", "spawn E2BIG")


@pytest.mark.parametrize(
    ("seen", "code", "reason"),
    [
        pytest.param(
            replace(HEALTHY, agent_errors=["first", "401 no key"]), "agent_error",
            "the agent's last turn failed: 401 no key", id="E2, a provider failure with exit 0",
        ),
        pytest.param(
            replace(HEALTHY, request_count=0, said_anything=False), "no_model_request",
            "the run ended without one request to the model endpoint", id="E4, nothing happened",
        ),
        pytest.param(
            replace(HEALTHY, said_anything=False), "empty_transcript",
            "the run ended without a word or a tool call of the agent", id="1721, an empty success",
        ),
        pytest.param(
            replace(HEALTHY, broken_expectations=["a.txt is missing", "b.txt is missing"]), "expectation_failed",
            "a.txt is missing; b.txt is missing", id="the work was not done",
        ),
        pytest.param(
            replace(HEALTHY, off_script_count=1), "off_script", "1 request went beyond the script's last turn",
            id="one request too many",
        ),
        pytest.param(
            replace(HEALTHY, off_script_count=3), "off_script", "3 requests went beyond the script's last turn",
            id="three requests too many",
        ),
    ],
)  # fmt: skip
def test_what_upstreams_rule_cannot_see_is_told_beside_its_success(seen: Observation, code: str, reason: str) -> None:
    outcomes = judged(seen)
    assert outcomes.upstream.status == "succeeded"
    assert (outcomes.observed.status, outcomes.observed.code, outcomes.observed.reason) == ("failed", code, reason)
    assert outcomes.difference == f"upstream's rule says succeeded, but {reason}"


def test_the_gravest_reason_is_named_first() -> None:
    all_of_them = Observation(0, 1, ["a.txt is missing"], ["no key"], said_anything=False)
    assert judged(all_of_them).observed.code == "no_model_request"


@pytest.mark.parametrize(("stopped_by", "status"), [("operator", "cancelled"), ("watchdog", "timed_out")])
def test_who_stopped_a_beat_is_what_counts(stopped_by: Any, status: str) -> None:
    seen = replace(HEALTHY, stopped_by=stopped_by)
    assert judged(seen).observed.status == status
    assert judged(seen, exitCode=None, signal="SIGTERM").observed.status == status
    assert judged(seen, thrown="the bridge was closed").observed.status == status


def test_a_cancel_is_recorded_by_upstream_too_whatever_the_adapter_then_returned() -> None:
    seen = replace(HEALTHY, stopped_by="operator")
    for outcomes in (
        judged(seen),
        judged(seen, exitCode=None, signal="SIGTERM"),
        judged(seen, timedOut=True),
        judged(seen, thrown="the bridge was closed"),
    ):
        assert outcomes.upstream == outcomes.observed
        assert (outcomes.upstream.status, outcomes.upstream.code) == ("cancelled", "cancelled")
        assert outcomes.difference is None


def test_upstream_knows_nothing_of_the_consoles_own_time_limit() -> None:
    outcomes = judged(replace(HEALTHY, stopped_by="watchdog"), exitCode=143)
    assert (outcomes.upstream.status, outcomes.observed.status) == ("failed", "timed_out")
    assert outcomes.difference is not None
