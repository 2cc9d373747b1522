"""What a beat resumed: between the beats in the lane, with its session in the run, and request against request."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from console.engine.clock import iso_utc
from console.engine.events import EngineEvent, ResumeJudged
from console.engine.resume.evidence import FoundMarker, markers_json
from console.ui.request_diff_modal import RequestDiffModal
from console.ui.screens.run_detail import RunDetailScreen
from console.ui.widgets.words import Words
from store.records import ChainStepRecord, ModelRequestRecord, ResumeVerdictRecord, SessionEventRecord, Write
from tests.ui.driving import NARROW, Driver, app_over, lanes, ready, tell, until
from tests.ui.fake_engine import FakeEngine
from tests.ui.filed_driving import BOTH_SIZES, SnapCompare, document_text, look, on_top, open_run, press_all
from tests.ui.filed_engine import FakeStoringEngine, filed_engine
from tests.ui.filed_samples import AT, FULL_RUN, filed, hostile
from tests.ui.samples import HOSTILE, NOW, begun
from tests.unit.resume_samples import ASKED, ENDED, FIRST_BEAT, real_body

NATIVE = (
    FoundMarker("marmalade-7141", 1, "prompt", True, "message", 1, "user"),
    FoundMarker("lighthouse-2906", 1, "tool_result", True, "message", 3, "tool"),
)
RECAP = tuple(replace(marker, standing="quoted", message_index=1, role="user") for marker in NATIVE)


def verdict(
    run_id: str, word: str, markers: tuple[FoundMarker, ...] = NATIVE, **changes: object
) -> ResumeVerdictRecord:
    """As `remember` gives it."""
    record = ResumeVerdictRecord(
        run_id=run_id,
        verdict=word,  # pyright: ignore[reportArgumentType]  -- one of the literals
        reason="2 of 2 canaries stand as earlier messages of their own: marmalade-7141 (prompt of beat 1) in user "
        "message 2, lighthouse-2906 (tool result of beat 1) in tool message 4",
        previous_run_id="run-old-4",
        message_count=6,
        previous_message_count=4,
        role_sequence_sha256="3958baa13cde" + "0" * 52,
        common_prefix_messages=0,
        kept_messages=3,
        added_bytes=181,
        added_tokens=23,
        canaries_json=markers_json(markers),
        judged_at=iso_utc(NOW - 2),
    )
    return replace(record, **changes)  # pyright: ignore[reportArgumentType]  -- fields by name, for brevity


def judged(first: str = "native", second: str = "recap") -> list[EngineEvent]:
    """Both lanes have been judged; the second is still under way."""
    events = [verdict("run-0", first), verdict("run-1", second, RECAP, kept_messages=0, added_tokens=580)]
    return [*begun(), *(ResumeJudged(event) for event in events)]


def request(run_id: str, ordinal: int, body: str) -> ModelRequestRecord:
    """A request with a real body."""
    roles = [message["role"] for message in json.loads(body)["messages"]]
    return ModelRequestRecord(
        run_id=run_id,
        ordinal=ordinal,
        at_ms=110.0 * ordinal,
        received_at=AT,
        duration_ms=20.5,
        path="/v1/chat/completions",
        body_bytes=len(body.encode()),
        message_count=len(roles),
        message_roles_json=json.dumps(roles),
        role_sequence_sha256="",
        input_tokens=1_000,
        output_tokens=12,
        status=200,
        auxiliary=False,
        off_script=False,
        turn_index=ordinal,
        response_kind="text",
        body=body,
    )


def beat_before(body: str) -> list[Write]:
    """Beat 1 on the issue of the run that is looked at."""
    earlier = replace(
        FULL_RUN, id="run-before", beat_index=1, created_at=iso_utc(NOW - 90), started_at=iso_utc(NOW - 90)
    )
    return [earlier, request("run-before", 0, body)]


def two_beats() -> list[Write]:
    """A run in the VM, which got a recap, after a beat; something was done to the session between them."""
    step = ChainStepRecord(
        chain_id="chain-1",
        step_no=2,
        lane_index=0,
        action="delete_store",
        state="done",
        statement="deleted 1 file of the session store",
        issue_id="issue-0",
        at=iso_utc(NOW - 30),
    )
    reset = SessionEventRecord(
        id="session-reset",
        agent_id="agent-0",
        adapter_type="pi_local",
        task_key="issue-0",
        at=iso_utc(NOW - 20),
        action="reset",
        reason="cleared by hand on the resume bench",
    )
    return [
        *filed(),
        *beat_before(real_body("agentos_pi.beat1.last")),
        replace(request("run-0", 0, real_body("agentos_pi.beat2.first")), body=real_body("agentos_pi.beat2.first")),
        verdict("run-0", "native"),
        step,
        reset,
    ]


@pytest.fixture
def stored(tmp_path: Path) -> Iterator[FakeStoringEngine]:
    yield from filed_engine(tmp_path, two_beats())


@pytest.fixture
def hostile_engine(tmp_path: Path) -> Iterator[FakeStoringEngine]:
    body = json.dumps(
        {
            "messages": [{"role": HOSTILE, "content": HOSTILE}, {"role": "user", "content": HOSTILE}],
            "tools": [{"name": HOSTILE, "description": HOSTILE}],
        }
    )
    marker = FoundMarker(HOSTILE, 1, "prompt", True, "quoted", 1, "other")
    bad = verdict("run-hostile", "recap", (marker,), reason=HOSTILE, compaction=HOSTILE, previous_run_id=HOSTILE)
    before = replace(FULL_RUN, id="run-before", issue_id="issue-hostile", agent_id="agent-1", beat_index=1)
    writes = [*hostile(), before, request("run-before", 0, body), request("run-hostile", 0, body), bad]
    yield from filed_engine(tmp_path, writes)


@BOTH_SIZES
def test_the_verdict_stands_in_the_lane(snap_compare: SnapCompare, engine: FakeEngine, size: tuple[int, int]) -> None:
    async def bring_about(pilot: Driver) -> None:
        await tell(pilot, engine, judged())
        await ready(pilot)

    assert look(snap_compare, engine, bring_about, size=size)


async def test_every_verdict_is_said_by_a_sign_and_a_word(engine: FakeEngine) -> None:
    async with app_over(engine).run_test(size=(160, 45)) as pilot:
        await tell(pilot, engine, judged("fresh", "failed"))
        await until(pilot, lambda: "✖ failed" in lane_lines(pilot, 1))
        assert "◇ fresh no earlier turn reached the model ◆ kept" in lane_lines(pilot, 0)
        assert "✖ failed no request reached the model" in lane_lines(pilot, 1)
        compacted = verdict("run-0", "native", compaction="auto_compaction_end", kept_messages=2)
        engine.say([ResumeJudged(compacted)])
        await until(pilot, lambda: "◄ native ► compacted by the agent, 2 earlier messages kept" in lane_lines(pilot, 0))


def lane_lines(pilot: Driver, index: int) -> str:
    """What stands above a lane's transcript."""
    return lanes(pilot).query_one(f"#lane-{index} .details", Words).shown.plain


@BOTH_SIZES
def test_the_session_of_a_run(snap_compare: SnapCompare, stored: FakeStoringEngine, size: tuple[int, int]) -> None:
    async def bring_about(pilot: Driver) -> None:
        await open_run(pilot, "run-0")
        await press_all(pilot, ["4"])

    assert look(snap_compare, stored, bring_about, size=size)


async def test_the_timeline_tells_of_every_beat_and_of_what_was_done_between_them(stored: FakeStoringEngine) -> None:
    async with app_over(stored).run_test(size=NARROW) as pilot:
        await open_run(pilot, "run-0")
        await press_all(pilot, ["4"])
        text = document_text(pilot)
        lines = [line for line in text[text.index("Timeline of this session") :].splitlines() if line][1:]
        told = [
            "◆ bound",
            "beat 1 on pi_local",
            "delete_store",
            "◇ reset",
            "beat 2 on pi_local",
            "beat 2",
            "◆ replaced",
        ]
        assert len(lines) == len(told)
        assert all(word in line for word, line in zip(told, lines, strict=True))
        assert "✎ done" in lines[2]
        assert "◄ native ►" in lines[5]


async def test_a_verdict_that_comes_is_shown_at_once(stored: FakeStoringEngine) -> None:
    async with app_over(stored).run_test(size=NARROW) as pilot:
        await open_run(pilot, "run-0")
        await press_all(pilot, ["4"])
        assert "◄ native ►" in document_text(pilot)
        stored.say([ResumeJudged(verdict("run-0", "recap", RECAP, reason="it was retold"))])
        await until(pilot, lambda: "≈ recap  it was retold" in document_text(pilot))
        assert "≈ quoted  marmalade-7141  prompt of beat 1  in user message 2" in document_text(pilot)


@BOTH_SIZES
def test_a_request_against_the_last_of_the_beat_before(
    snap_compare: SnapCompare, stored: FakeStoringEngine, size: tuple[int, int]
) -> None:
    async def bring_about(pilot: Driver) -> None:
        await open_run(pilot, "run-0")
        await press_all(pilot, ["7", "="])
        await until(pilot, lambda: isinstance(pilot.app.screen, RequestDiffModal))

    assert look(snap_compare, stored, bring_about, size=size)


async def test_the_diff_can_be_read_to_its_end_and_in_full(stored: FakeStoringEngine) -> None:
    async with app_over(stored).run_test(size=NARROW) as pilot:
        await open_run(pilot, "run-0")
        await press_all(pilot, ["7", "="])
        await until(pilot, lambda: isinstance(pilot.app.screen, RequestDiffModal))
        short = document_text(pilot)
        assert "Earlier messages   3 removed   52 → 0 (-52) tokens" in short
        assert "  - The second word is lighthouse-2906." in short
        assert "  + You are continuing an AgentOS session" in short
        assert "… 2 more" in short
        await press_all(pilot, ["f"])
        assert "Current working directory" in document_text(pilot)
        await press_all(pilot, ["G", "f", "escape"])
        on_top(pilot, RunDetailScreen)


async def test_a_changed_system_prompt_shows_the_lines_that_changed(stored: FakeStoringEngine) -> None:
    await stored.put(request("run-before", 1, real_body("pi_local.beat1.last")))
    await stored.put(request("run-0", 0, real_body("pi_local.beat2.first")))
    async with app_over(stored).run_test(size=NARROW) as pilot:
        await open_run(pilot, "run-0")
        await press_all(pilot, ["7", "="])
        await until(pilot, lambda: isinstance(pilot.app.screen, RequestDiffModal))
        text = document_text(pilot)
        assert "≠ changed  system 1" in text
        assert "  - Remember two words for later" in text
        assert "  + Write the two words that you were to remember" in text
        assert "- beat 1, request 2, run run-befo" in text
        assert "= kept  tool result 3" in text


async def test_a_first_beat_and_one_without_a_beat_before_have_nothing_to_compare(stored: FakeStoringEngine) -> None:
    body = json.dumps({"messages": [*FIRST_BEAT, ENDED, ASKED]})
    await stored.put(request("run-1", 0, body))
    async with app_over(stored).run_test(size=NARROW) as pilot:
        await open_run(pilot, "run-before")
        await press_all(pilot, ["7", "="])
        on_top(pilot, RunDetailScreen)
        await press_all(pilot, ["escape"])
        await open_run(pilot, "run-1")
        await press_all(pilot, ["7", "="])
        on_top(pilot, RunDetailScreen)
        await until(pilot, lambda: any("nothing to compare with" in text for text in notices(pilot)))


def notices(pilot: Driver) -> list[str]:
    """What the console has told beside its screens."""
    return [notice.message for notice in pilot.app._notifications]  # pyright: ignore[reportPrivateUsage] -- no other way


def test_hostile_text_in_a_diff(snap_compare: SnapCompare, hostile_engine: FakeStoringEngine) -> None:
    async def bring_about(pilot: Driver) -> None:
        await open_run(pilot, "run-hostile")
        await press_all(pilot, ["7", "="])
        await until(pilot, lambda: isinstance(pilot.app.screen, RequestDiffModal))

    assert look(snap_compare, hostile_engine, bring_about)


def test_hostile_text_in_a_verdict(snap_compare: SnapCompare, hostile_engine: FakeStoringEngine) -> None:
    async def bring_about(pilot: Driver) -> None:
        await open_run(pilot, "run-hostile")
        await press_all(pilot, ["4"])

    assert look(snap_compare, hostile_engine, bring_about)
