"""The experimental adapter's opencode: as published its sessions cannot be restored, with a named option they can."""

from __future__ import annotations

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


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def beats(console: Engine) -> dict[str, list[RunRecord]]:
    """Two beats of both runtimes at once."""
    runtimes = [AS_PUBLISHED, WITH_OPTION]
    first = await console.wait(await console.launch(order(runtimes, kind="race")))
    issues = [run.issue_id for run in first]
    second = await console.wait(await console.launch(order(runtimes, kind="race", issues=issues)))
    return {key: list(runs) for key, *runs in zip(runtimes, first, second, strict=True)}


async def test_the_first_beat_succeeds_in_both(beats: dict[str, list[RunRecord]]) -> None:
    assert [beats[key][0].status for key in (AS_PUBLISHED, WITH_OPTION)] == ["succeeded", "succeeded"]
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


async def test_with_the_option_it_resumes_and_says_so(console: Engine, beats: dict[str, list[RunRecord]]) -> None:
    _, second = beats[WITH_OPTION]
    assert (second.status, second.fresh_session_reason) == ("succeeded", None)
    assert "Write a greeting" in (await request_bodies(console, second))[0]
    options: list[dict[str, Any]] = [
        (await run_report(console.queries, beats[key][1]))["provenance"]["named_options"]
        for key in (AS_PUBLISHED, WITH_OPTION)
    ]
    assert options == [{}, {"opencodeClearStoredConfigOptions": True}]
