"""The experimental adapter's opencode: as published it resumes not at all, with named options by recap or natively."""

from __future__ import annotations

import json
from typing import Any

import pytest
import pytest_asyncio

from console.engine.engine import Engine
from console.engine.run_report import run_report
from store.records import RunRecord
from tests.engine.consoles import comments_of, order, request_bodies, rows_of

pytestmark = [pytest.mark.real, pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(400)]

AS_PUBLISHED = "agentos_local/opencode"
WITH_OPTION = "agentos_local/opencode+clear_config_options"
WITH_BOTH_OPTIONS = "agentos_local/opencode+clear_config_options+persist_data"
WORDS = ["marmalade-7141", "lighthouse-2906"]
RUNTIMES = [AS_PUBLISHED, WITH_OPTION, WITH_BOTH_OPTIONS]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def beats(console: Engine) -> dict[str, list[RunRecord]]:
    """Two beats of all three runtimes at once."""
    first = await console.wait(await console.launch(order(RUNTIMES, scenario="remember", kind="race")))
    issues = [run.issue_id for run in first]
    second = await console.wait(await console.launch(order(RUNTIMES, scenario="remember", kind="race", issues=issues)))
    return {key: list(runs) for key, *runs in zip(RUNTIMES, first, second, strict=True)}


async def first_messages(console: Engine, run: RunRecord) -> list[dict[str, Any]]:
    """The messages of the beat's first request."""
    return json.loads((await request_bodies(console, run))[0])["messages"]


async def test_the_first_beat_succeeds_in_all(beats: dict[str, list[RunRecord]]) -> None:
    assert [beats[key][0].status for key in RUNTIMES] == ["succeeded"] * 3
    assert all(runs[0].experimental for runs in beats.values())


async def test_as_published_the_second_beat_fails_where_it_can_be_seen(
    console: Engine, beats: dict[str, list[RunRecord]]
) -> None:
    first, second = beats[AS_PUBLISHED]
    assert (second.status, second.upstream_status, second.error_code) == ("failed", "failed", "session_restore_failed")
    last = (await rows_of(console, second))[-1]
    assert (last.kind, last.title) == ("error", "failed: session_restore_failed")
    assert last.body == second.error_message
    (comment,) = await comments_of(console, second)
    assert "Error code: session_restore_failed." in comment
    assert 'switch "opencodeClearStoredConfigOptions" on to resume them' in comment
    assert second.session_after_json == first.session_after_json


async def test_as_published_no_request_reaches_the_model(console: Engine, beats: dict[str, list[RunRecord]]) -> None:
    first, second = beats[AS_PUBLISHED]
    verdict = await console.queries.resume_verdict(second.id)
    assert verdict is not None
    assert (verdict.verdict, verdict.previous_run_id, verdict.message_count) == ("failed", first.id, 0)
    assert "session/set_config_option" in verdict.reason
    assert await request_bodies(console, second) == []


async def test_with_the_option_it_resumes_by_a_transcript_in_the_prompt(
    console: Engine, beats: dict[str, list[RunRecord]]
) -> None:
    _, second = beats[WITH_OPTION]
    assert (second.status, second.fresh_session_reason) == ("succeeded", None)
    system, user = await first_messages(console, second)
    assert (system["role"], user["role"]) == ("system", "user")
    assert all(word in json.dumps(user) for word in WORDS)
    verdict = await console.queries.resume_verdict(second.id)
    assert verdict is not None
    assert (verdict.verdict, verdict.kept_messages) == ("recap", 0)


async def test_with_both_options_it_resumes_natively(console: Engine, beats: dict[str, list[RunRecord]]) -> None:
    _, second = beats[WITH_BOTH_OPTIONS]
    assert second.status == "succeeded"
    messages = await first_messages(console, second)
    assert [message["role"] for message in messages] == ["system", "user", "assistant", "tool", "assistant", "user"]
    assert WORDS[0] in json.dumps(messages[1])
    assert WORDS[1] in json.dumps(messages[3])
    assert not any(word in json.dumps(messages[-1]) for word in WORDS)
    verdict = await console.queries.resume_verdict(second.id)
    assert verdict is not None
    assert (verdict.verdict, verdict.common_prefix_messages, verdict.kept_messages) == ("native", 4, 3)


async def test_each_says_which_options_it_has(console: Engine, beats: dict[str, list[RunRecord]]) -> None:
    reports = [await run_report(console.queries, beats[key][1]) for key in RUNTIMES]
    assert [report["provenance"]["named_options"] for report in reports] == [
        {},
        {"opencodeClearStoredConfigOptions": True},
        {"opencodeClearStoredConfigOptions": True, "opencodePersistData": True},
    ]
