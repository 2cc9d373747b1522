"""What the adapter says of its usage, whether a failure can be seen, and what of all that is stored."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from console.engine.quality import transcript_quality, why_no_quality
from console.engine.quality.metrics import quality_metrics
from console.engine.quality.paperclip_view import paperclip_rows
from console.engine.quality.report import quality_report
from console.engine.quality.shown import ShownRow, sidebeat_rows
from console.engine.quality.usage import compare_usage
from console.engine.quality.visibility import error_visibility
from store import Queries, Store
from store.records import LaunchRecord, RunRecord, Write
from tests.unit.quality_samples import HELLO, entries, faithful, replies, request, requests, row
from tests.unit.store_samples import HOSTILE_TEXT, fixed_clock, sample


def run(**given: Any) -> RunRecord:
    told = {"id": "r1", "launch_id": "l1", "status": "succeeded", "model_mode": "scripted", **given}
    return sample(RunRecord, **told)


REQUESTS = [
    request(0, auxiliary=True, input_tokens=500, output_tokens=5),
    request(1, input_tokens=1_000, output_tokens=20),
    request(2, input_tokens=1_100, output_tokens=None),
]


# ---------------------------------------------------------------- usage


def test_usage_is_compared_with_the_conversations_requests() -> None:
    told = {"inputTokens": 1_100, "outputTokens": 25, "cachedInputTokens": 7, "usageBasis": None}
    usage = compare_usage(run(usage_json=json.dumps(told)), REQUESTS)
    assert (usage.input.counted, usage.input.error) == (2_100, -1_000)
    assert (usage.output.counted, usage.output.error) == (20, 5)
    assert (usage.cached.error, usage.unavailable) == (7, None)


def test_usage_of_a_whole_session_is_not_compared_with_one_run() -> None:
    told = {"inputTokens": 9_000, "outputTokens": 90, "usageBasis": "session_cumulative"}
    usage = compare_usage(run(usage_json=json.dumps(told)), REQUESTS)
    assert (usage.basis, usage.input.error) == ("session_cumulative", None)
    assert usage.unavailable == "the adapter reports the whole session's usage, of which one run is only a part"


def test_why_no_usage_is_reported_is_told_in_the_adapters_words() -> None:
    result = {"exitCode": 0, "resultJson": {"usageUnavailable": "no counts came"}}
    assert compare_usage(run(result_json=json.dumps(result)), REQUESTS).unavailable == "no counts came"
    assert compare_usage(run(), REQUESTS).unavailable == "the adapter's result has no usage"


# ---------------------------------------------------------------- errors


def upstream(*told: dict[str, Any]) -> list[ShownRow]:
    return paperclip_rows("r1", entries(*told))


def ours(*rows: Any) -> list[ShownRow]:
    return sidebeat_rows(rows)


FAILED = {"status": "failed", "error_message": "the model's turn ended with error: 503 overloaded"}
OUR_ERROR = row("error", FAILED["error_message"], title="failed: agent_error", is_error=True)


def test_a_run_that_succeeded_or_was_cancelled_has_no_error_to_show() -> None:
    assert error_visibility(run(), [], []) is None
    assert error_visibility(run(status="cancelled"), [], []) is None


def test_what_only_the_scenario_can_tell_is_no_error_that_upstream_could_show() -> None:
    assert error_visibility(run(**FAILED, error_code="expectation_failed"), [], []) is None


def test_a_failure_that_upstream_takes_for_a_success_is_seen_only_here() -> None:
    """pi's provider errors: exit code 0, and the parser drops the error."""
    shown = upstream({"kind": "system", "text": "✅ Pi agent finished"})
    errors = error_visibility(run(**FAILED, upstream_status="succeeded"), shown, ours(OUR_ERROR))
    assert errors is not None
    assert (errors.is_visible_upstream, errors.sidebeat_place is not None) == (False, True)


@pytest.mark.parametrize(
    "told",
    [
        {"kind": "result", "text": "", "isError": True, "errors": ["503 overloaded"]},
        {"kind": "stderr", "text": "the model's turn ended with error: 503 overloaded"},
    ],
    ids=["as an error", "by its reason"],
)
def test_an_error_in_upstreams_transcript_is_seen(told: dict[str, Any]) -> None:
    errors = error_visibility(run(**FAILED, upstream_status="succeeded"), upstream(told), ours(OUR_ERROR))
    assert errors is not None
    assert errors.is_visible_upstream


def test_upstreams_own_verdict_is_seen_above_the_transcript() -> None:
    errors = error_visibility(run(**FAILED, upstream_status="failed"), [], [])
    assert errors is not None
    assert (errors.is_visible_upstream, errors.upstream_place, errors.sidebeat_place) == (True, None, None)


def test_a_tools_failure_and_the_agents_own_words_are_no_error_of_the_run() -> None:
    shown = upstream(
        {"kind": "tool_result", "toolUseId": "t1", "content": "no such file", "isError": True},
        {"kind": "assistant", "text": FAILED["error_message"]},
    )
    errors = error_visibility(run(**FAILED, upstream_status="succeeded"), shown, [])
    assert errors is not None
    assert errors.upstream_place is None


# ---------------------------------------------------------------- from a file alone


@pytest.fixture
async def store(tmp_path: Path) -> AsyncGenerator[Store]:
    async with await Store.open(tmp_path / "sidebeat.sqlite", fixed_clock) as store:
        yield store


async def stored(store: Store, ended: RunRecord, writes: Sequence[Write]) -> Queries:
    for record in (sample(LaunchRecord, id="l1"), ended, *writes):
        store.put(record)
    await store.flush()
    return await Queries.open(store.path)


def whole_run() -> list[Write]:
    rows = [replace(record, row_no=number) for number, record in enumerate(faithful())]
    said = [entry for turn in HELLO for entry in ({"kind": "assistant", "text": turn.text},) * 2]
    return [*replies(HELLO), *requests(HELLO), *rows, *entries(*said)]


async def test_every_number_comes_from_the_stored_rows(store: Store) -> None:
    ended = run(usage_json='{"inputTokens": 2, "outputTokens": 1}')
    async with await stored(store, ended, whole_run()) as queries:
        metrics = {metric.name: (metric.value, metric.unit) for metric in await quality_metrics(queries, ended)}
        report = await quality_report(queries, ended)
    assert metrics == {
        "upstream_recall": (0.4, "share"),
        "upstream_duplicates": (2.0, "count"),
        "upstream_order_errors": (0.0, "count"),
        "upstream_prompt_echoes": (0.0, "count"),
        "sidebeat_recall": (1.0, "share"),
        "sidebeat_duplicates": (0.0, "count"),
        "sidebeat_order_errors": (0.0, "count"),
        "sidebeat_prompt_echoes": (0.0, "count"),
        "unparsed_lines": (0.0, "lines"),
        "lost_characters": (0.0, "characters"),
        "tool_results_complete": (0.0, "share"),
        "usage_input_error_tokens": (2.0, "tokens"),
        "usage_output_error_tokens": (1.0, "tokens"),
    }
    assert report["upstream"]["recall"] == 0.4
    assert len(report["upstream"]["findings"]) == 5
    json.dumps(report)


async def test_a_real_models_run_has_no_quality_and_says_why(store: Store) -> None:
    ended = run(model_mode="real")
    async with await stored(store, ended, requests(HELLO)) as queries:
        assert await transcript_quality(queries, ended) is None
        assert await quality_metrics(queries, ended) == []
        report = await quality_report(queries, ended)
    assert report == {"unavailable": why_no_quality(ended), "errors": None}
    assert why_no_quality(ended).startswith("a real model answered")


async def test_a_run_that_failed_before_the_first_answer_still_tells_whether_that_can_be_seen(store: Store) -> None:
    ended = run(**FAILED, upstream_status="succeeded")
    async with await stored(store, ended, [OUR_ERROR]) as queries:
        metrics = [(metric.name, metric.value) for metric in await quality_metrics(queries, ended)]
    assert metrics == [("errors_visible", 0.0)]


async def test_hostile_rows_are_read_like_any_others(store: Store) -> None:
    bad = entries({"kind": HOSTILE_TEXT, "text": {"a": [None]}}, {"kind": "tool_result", "content": HOSTILE_TEXT})
    ended = run(usage_json='["no object"]', result_json='{"resultJson": 7}')
    async with await stored(store, ended, [*replies(HELLO), *requests(HELLO), *bad]) as queries:
        quality = await transcript_quality(queries, ended)
    assert quality is not None
    assert quality.upstream.recall == 0.0
