"""Findings and caveats: what rules make of small sets of rows, and what they must not claim."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from console.engine.report.blocks import Finding
from console.engine.report.document import report_document
from console.engine.report.gathering import gather
from console.engine.report.plain import plain
from console.engine.report.rules import findings
from store.records import ChainStepRecord, ModelRequestRecord, RunRecord, Write
from store.snapshot import open_snapshot
from tests.unit.report_samples import BASELINE, CANDIDATE, OPENCODE, chain, fill, run, verdict
from tests.unit.store_samples import sample


async def found(folder: Path, *records: Iterator[Write] | Write) -> tuple[Finding, ...]:
    """The findings in a database of these records."""
    path = folder / "a.sqlite"
    await fill(path, _flat(records))
    async with open_snapshot(path) as snapshot:
        return findings(await gather(snapshot))


def _flat(records: tuple[Iterator[Write] | Write, ...]) -> Iterator[Write]:
    for item in records:
        if isinstance(item, Iterator):
            yield from item
        else:
            yield item


def said(items: tuple[Finding, ...]) -> list[str]:
    return [f"{item.severity}: {plain(item.statement)}" for item in items]


def resumed(number: int, key: str, word: str, **given: Any) -> Iterator[Write]:
    """A second beat with this verdict."""
    run_id = f"{key}-{number}"
    yield from run(run_id, key, at_s=number, beat=2, **given)
    yield verdict(run_id, "before", word)


async def test_always_failing_to_restore_is_said_with_its_n_and_interval(tmp_path: Path) -> None:
    items = await found(tmp_path, *(resumed(number, OPENCODE, "failed", status="failed") for number in range(3)))
    assert said(items) == [
        (
            f"high: {OPENCODE} cannot restore its session: a later beat failed, "
            "in all 3 later beats (95% interval 44% to 100%)."
        )
    ]
    assert items[0].runs == (f"{OPENCODE}-2", f"{OPENCODE}-1", f"{OPENCODE}-0")


async def test_one_beat_is_an_example_and_no_rule(tmp_path: Path) -> None:
    items = await found(tmp_path, resumed(1, CANDIDATE, "recap"))
    assert said(items) == [
        (
            f"medium: {CANDIDATE} handed the earlier beats on as a retelling within a new message, "
            "in the only later beat seen."
        )
    ]


async def test_a_session_that_was_lost_at_times_is_not_said_to_be_lost_always(tmp_path: Path) -> None:
    beats = [resumed(1, BASELINE, "fresh"), *(resumed(number, BASELINE, "native") for number in (2, 3, 4))]
    items = await found(tmp_path, *beats)
    assert said(items) == [f"high: {BASELINE} lost its session, in 1 of 4 later beats (95% interval 5% to 70%)."]


async def test_a_fresh_session_that_was_ordered_is_only_a_note(tmp_path: Path) -> None:
    reason = "the operator asked for a fresh session"
    items = await found(tmp_path, resumed(1, BASELINE, "fresh", fresh_session_reason=reason))
    assert said(items) == [
        f"note: {BASELINE} started fresh because the console told it to, in the only later beat seen."
    ]


async def test_what_follows_a_manipulation_counts_as_that_alone(tmp_path: Path) -> None:
    items = await found(tmp_path, chain())
    assert said(items) == [f"note: After delete-store the next beat of {BASELINE} was fresh in the only beat seen."]


async def test_what_is_lost_later_because_of_a_manipulation_is_no_failure_of_the_runtime(tmp_path: Path) -> None:
    step = sample(
        ChainStepRecord, chain_id="c1", step_no=4, lane_index=0, action="beat", state="done", run_id="c1-beat-3"
    )
    lost = run(
        "c1-beat-3", BASELINE, at_s=7_200, beat=3, issue="chain-1", status="failed", error_code="expectation_failed"
    )
    items = await found(tmp_path, chain(), lost, verdict("c1-beat-3", "c1-beat-2", "fresh"), step)
    assert said(items) == [f"note: After delete-store the next beat of {BASELINE} was fresh in the only beat seen."]


async def test_native_resumes_are_no_finding(tmp_path: Path) -> None:
    assert await found(tmp_path, *(resumed(number, BASELINE, "native") for number in range(5))) == ()


async def test_a_success_that_was_none_is_grave(tmp_path: Path) -> None:
    fields: dict[str, Any] = {
        "status": "failed",
        "upstream_status": "succeeded",
        "observed_status": "failed",
        "outcome_reason": "empty",
    }
    items = await found(tmp_path, run("r1", CANDIDATE, at_s=1, **fields))
    told = f"high: {CANDIDATE}: Paperclip records succeeded for what failed, in the only failed beat seen."
    assert told in said(items)


async def test_failures_are_told_by_their_code_and_a_failed_resume_only_once(tmp_path: Path) -> None:
    beats = [
        run("r1", BASELINE, at_s=1, status="failed", error_code="timeout"),
        run("r2", BASELINE, at_s=2),
        resumed(3, BASELINE, "failed", status="failed", error_code="session_restore_failed"),
    ]
    told = said(await found(tmp_path, *beats))
    assert f"high: {BASELINE} failed with timeout, in 1 of 3 beats (95% interval 6% to 79%)." in told
    assert not any("session_restore_failed" in line for line in told)


async def test_cancelled_and_interrupted_beats_are_no_failures(tmp_path: Path) -> None:
    beats = [run("r1", BASELINE, at_s=1, status="cancelled"), run("r2", BASELINE, at_s=2, status="interrupted")]
    assert await found(tmp_path, *beats) == ()


@pytest.mark.parametrize(
    ("metrics", "severity", "words"),
    [
        ({"upstream_recall": 0.5}, "medium", "does not show everything that the model did"),
        ({"upstream_recall": 1.0, "upstream_duplicates": 4}, "medium", "shows texts again, at most 4"),
        ({"upstream_recall": 1.0, "upstream_order_errors": 1}, "medium", "shows items out of their order"),
        ({"upstream_recall": 1.0, "upstream_prompt_echoes": 1}, "low", "shows prompts as if"),
        ({"unparsed_lines": 2}, "low", "that Paperclip's parser does not understand, at most 2"),
        ({"lost_characters": 1}, "medium", "loses characters"),
        ({"tool_results_complete": 0.5}, "medium", "does not show every tool result whole"),
        ({"usage_input_error_tokens": -12}, "low", "off by up to 12 tokens"),
        ({"errors_visible": 0}, "high", "without its reason being visible"),
        ({"processes_left": 2}, "medium", "leaves processes behind (at most 2)"),
    ],
)
async def test_a_metric_that_is_off_is_found(
    tmp_path: Path, metrics: dict[str, float], severity: str, words: str
) -> None:
    (item,) = await found(tmp_path, run("r1", CANDIDATE, at_s=1, metrics=metrics))
    assert item.severity == severity
    assert words in plain(item.statement)
    assert "in the only" in plain(item.statement)
    assert item.runs == ("r1",)


async def test_metrics_that_are_as_they_should_be_are_not_found(tmp_path: Path) -> None:
    fine = {
        "upstream_recall": 1.0,
        "upstream_duplicates": 0.0,
        "unparsed_lines": 0.0,
        "tool_results_complete": 1.0,
        "usage_input_error_tokens": 0.0,
        "errors_visible": 1.0,
        "processes_left": 0.0,
    }
    assert await found(tmp_path, run("r1", CANDIDATE, at_s=1, metrics=fine)) == ()


async def test_a_turn_that_the_script_does_not_have_is_found(tmp_path: Path) -> None:
    request = sample(ModelRequestRecord, run_id="r1", ordinal=3, off_script=True, message_roles_json="[]", body="")
    (item,) = await found(tmp_path, run("r1", CANDIDATE, at_s=1), request)
    assert "sent 1 request that the script has no turn for" in plain(item.statement)


async def test_the_gravest_come_first_and_are_numbered(tmp_path: Path) -> None:
    beats = [
        run("r1", CANDIDATE, at_s=1, metrics={"unparsed_lines": 2}),
        resumed(2, CANDIDATE, "recap"),
        run("r3", BASELINE, at_s=3, status="failed", error_code="timeout"),
    ]
    items = await found(tmp_path, *beats)
    assert [(item.number, item.severity) for item in items] == [(1, "high"), (2, "medium"), (3, "low")]


async def test_few_runs_are_named_and_the_others_counted(tmp_path: Path) -> None:
    (item,) = await found(tmp_path, *(resumed(number, CANDIDATE, "recap") for number in range(7)))
    assert (len(item.runs), item.more) == (4, 3)


async def caveats(folder: Path, *records: Iterator[Write] | Write) -> str:
    path = folder / "a.sqlite"
    await fill(path, _flat(records))
    async with open_snapshot(path) as snapshot:
        document = report_document(await gather(snapshot), date_line="")
    return repr(next(part for part in document.sections if part.anchor == "caveats"))


async def test_agents_of_different_versions_are_a_caveat(tmp_path: Path) -> None:
    beats = [
        run("r1", BASELINE, at_s=1, provenance_json='{"agent": "pi 0.60.0", "agent_inside": "0.60.0"}'),
        run("r2", CANDIDATE, at_s=2, provenance_json='{"agent": "pi 0.60.0", "agent_inside": "0.59.1"}'),
    ]
    told = await caveats(tmp_path, *beats)
    assert "Versions of pi differ" in told
    assert "pi 0.59.1 in agentos_local/pi; pi 0.60.0 in pi_local" in told


async def test_a_busy_machine_a_race_and_a_real_model_are_caveats(tmp_path: Path) -> None:
    busy = '{"load_1m": 9.0, "cpu_count": 2, "system": "Linux"}'
    told = await caveats(
        tmp_path,
        run("r1", BASELINE, at_s=1, provenance_json=busy),
        run("r2", BASELINE, at_s=2, launch="race"),
        sample(RunRecord, id="r3", runtime_key=BASELINE, status="succeeded", model_mode="real", provenance_json="{}"),
    )
    assert "1 of 2 runs ran while the machine was busy" in told
    assert "1 run ran in a race" in told
    assert "1 run used a real model" in told
