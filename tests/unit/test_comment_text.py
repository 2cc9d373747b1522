"""What a run says on its issue: its summary by Paperclip's rule, or what went wrong and what to do."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.contract import AdapterExecutionResult
from console.engine.comment_text import MAX_SUMMARY_CHARS, WITHHELD, RunComment, run_comment
from console.engine.outcome import Outcome, TwoOutcomes

SUCCESS = TwoOutcomes(Outcome("succeeded"), Outcome("succeeded"), None)


def comment(outcomes: TwoOutcomes = SUCCESS, **fields: Any) -> RunComment | None:
    told = {"exitCode": 0, "signal": None, "timedOut": False, **fields}
    return run_comment(AdapterExecutionResult.model_validate(told), outcomes, runtime_key="pi_local")


@pytest.mark.parametrize(
    ("fields", "body"),
    [
        ({"summary": " Done. "}, "Done."),
        ({"summary": " ", "resultJson": {"result": "Fixed."}}, "Fixed."),
        ({"resultJson": {"message": "Fixed."}}, "Fixed."),
        ({"resultJson": {"result": 5, "message": "Fixed."}}, "Fixed."),
        ({"summary": "x" * MAX_SUMMARY_CHARS}, "x" * MAX_SUMMARY_CHARS),
        ({"summary": "x" * (MAX_SUMMARY_CHARS + 1)}, WITHHELD),
    ],
)
def test_the_summary_is_the_agents_comment(fields: dict[str, Any], body: str) -> None:
    assert comment(**fields) == RunComment("agent", body)


@pytest.mark.parametrize(
    "summary",
    ["Let me look.", "I'll begin.", "I\u2019ll begin.", "I'm reading.", "I can see it.", "Now I'll test.",
     "Looking at it", "Fetching it", "CHECKING the file", "First, I read it."],
)  # fmt: skip
def test_narration_is_withheld(summary: str) -> None:
    assert comment(summary=summary) == RunComment("agent", WITHHELD)


@pytest.mark.parametrize("summary", ["Letter sent.", "First draft done.", "Illness noted.", "Done: I'll be back."])
def test_what_only_begins_like_narration_is_said(summary: str) -> None:
    assert comment(summary=summary) == RunComment("agent", summary)


def test_a_success_without_words_says_nothing() -> None:
    assert comment() is None
    assert run_comment(None, SUCCESS, runtime_key="pi_local") is None


def test_a_failure_says_what_happened_and_what_upstream_would_have_recorded() -> None:
    observed = Outcome("failed", "no_model_request", "nothing reached the model")
    outcomes = TwoOutcomes(Outcome("succeeded"), observed, "upstream's rule says succeeded, but nothing did")
    said = comment(outcomes)
    assert said == RunComment(
        "system",
        "Run failed on pi_local: nothing reached the model.\n"
        "Error code: no_model_request.\n"
        "Upstream's rule would record it as succeeded.\n"
        "The run log holds everything it said; the next beat keeps the session unless told otherwise.",
    )


def test_a_run_that_finished_its_work_and_then_failed_shows_both_facts() -> None:
    failed = Outcome("failed", "adapter_failed", "exit code 143")
    said = comment(TwoOutcomes(failed, failed, None), exitCode=143, summary="All tests pass.")
    assert said is not None
    assert said.author_kind == "system"
    assert "Run failed on pi_local: exit code 143." in said.body
    assert "The agent's own summary was: All tests pass." in said.body


def test_a_status_of_two_words_reads_as_two() -> None:
    outcome = Outcome("timed_out", "timeout", "Timed out after 5s")
    said = comment(TwoOutcomes(outcome, outcome, None))
    assert said is not None
    assert said.body.startswith("Run timed out on pi_local: Timed out after 5s.")
