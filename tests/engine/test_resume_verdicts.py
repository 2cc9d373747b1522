"""What the model saw of a session that was deleted behind the adapter's back, and of one that pi compacted itself."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from adapters.scenario import SHIPPED_FOLDER, ScenarioCatalogue
from console.engine.engine import Engine
from console.engine.events import EngineEvent, ResumeJudged, Step, StepReached
from console.engine.resume.timeline import session_timeline
from store.records import ResumeVerdictRecord, RunRecord
from tests.engine.consoles import add_scenario, beat, request_bodies

pytestmark = [pytest.mark.real, pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(300)]


def delete_session_file(run: RunRecord) -> None:
    """pi's session id is the path of its session file."""
    Path(json.loads(run.session_after_json or "")["sessionId"]).unlink()


async def verdict_of(console: Engine, run: RunRecord) -> ResumeVerdictRecord:
    """What is stored of it."""
    await console.store.flush()
    verdict = await console.queries.resume_verdict(run.id)
    assert verdict is not None
    return verdict


async def roles(console: Engine, run: RunRecord) -> list[str]:
    """Who speaks in the beat's first request."""
    return [message["role"] for message in json.loads((await request_bodies(console, run))[0])["messages"]]


async def test_a_deleted_session_file_gives_exactly_one_fresh_beat_and_then_a_session_of_its_own(
    console: Engine,
) -> None:
    """pi_local says of a missing file that it was saved elsewhere, starts a new session, and hands that one on."""
    first = await beat(console, "pi_local", scenario="remember", session="new issue")
    delete_session_file(first)
    told: list[EngineEvent] = []
    unsubscribe = console.feed.subscribe(told.append)
    second = await beat(console, "pi_local", scenario="remember", issue=first.issue_id)
    unsubscribe()
    third = await beat(console, "pi_local", scenario="remember", issue=first.issue_id)

    fresh, native = await verdict_of(console, second), await verdict_of(console, third)
    assert (fresh.verdict, fresh.previous_run_id) == ("fresh", first.id)
    assert fresh.reason.startswith("2 of 2 canaries did not reach the model")
    assert fresh.reason.endswith("the adapter was handed the stored session")
    assert await roles(console, second) == ["system", "user"]
    assert "will not be resumed" in await console.queries.log_text(second.id)

    live, final = [number for number, event in enumerate(told) if isinstance(event, ResumeJudged)]
    ended = [
        number for number, event in enumerate(told) if isinstance(event, StepReached) and event.step is Step.RESULT
    ]
    assert live < ended[0] < final, "told while the beat runs, and again when it has ended"

    assert (native.verdict, native.previous_run_id) == ("native", second.id)
    assert "beat 2 had no canary any more" in native.reason
    assert await roles(console, third) == ["system", "user", "assistant", "user"]
    (first_body, *_) = await request_bodies(console, third)
    assert not any(word in first_body for word in ("marmalade", "lighthouse"))

    history = await session_timeline(console.queries, first.issue_id)
    assert [(item.kind, item.word) for item in history if item.kind != "beat"] == [
        ("session", "bind"),
        ("verdict", "fresh"),
        ("session", "rebind"),
        ("verdict", "native"),
        ("session", "keep"),
    ]


COMPACTING = '{"compaction": {"enabled": true, "reserveTokens": 127000, "keepRecentTokens": 5}}'
"""pi's own settings, in the execution root: a history beyond 1,000 tokens is compacted before the next prompt."""


async def test_a_history_that_pi_compacted_itself_is_native_and_told_apart(console: Engine) -> None:
    text = (SHIPPED_FOLDER / "remember.toml").read_text("utf-8").replace('"remember"', '"remember-compacted"')
    settings = f"\n[[files]]\npath = \".pi/settings.json\"\ncontent = '{COMPACTING}'\n"
    add_scenario(console.paths, "remember-compacted", text + settings)
    console.scenarios = ScenarioCatalogue.load([SHIPPED_FOLDER, console.paths.scenarios])
    first = await beat(console, "pi_local", scenario="remember-compacted", session="new issue")
    second = await beat(console, "pi_local", scenario="remember-compacted", issue=first.issue_id)

    verdict = await verdict_of(console, second)
    assert verdict.verdict == "native"
    assert (verdict.compaction or "").startswith("auto_compaction_end, ")
    assert "2 of 2 canaries did not reach the model" in verdict.reason
    assert await roles(console, second) == ["system", "user", "assistant", "user"]
    assert "was compacted into the following summary" in (await request_bodies(console, second))[0]
