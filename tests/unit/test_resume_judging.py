"""A verdict from the store alone: which beats are compared, what the agent's log says, and what explains it."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from console.engine.beat.resuming import judged_at_its_first_request, store_verdict
from console.engine.events import RequestSeen, ResumeJudged
from console.engine.resume.evidence import markers_of
from console.engine.resume.judging import canaries_of, judge_run, last_request_before, stored_canaries
from console.engine.resume.timeline import session_timeline
from console.engine.run_report import run_report
from store import Queries, Store
from store import records as r
from tests.unit.open_services import open_services
from tests.unit.resume_samples import ASKED, CANARIES, ENDED, FIRST_BEAT, PROMPTS, REPLIES, SYSTEM, said
from tests.unit.store_samples import fixed_clock, sample

AT = "2026-01-31T12:00:{:02}.000Z"


def run(beat: int, **changes: Any) -> r.RunRecord:
    given = {
        "id": f"run-{beat}",
        "issue_id": "i1",
        "agent_id": "a1",
        "beat_index": beat,
        "status": "succeeded",
        "created_at": AT.format(beat * 10),
        "started_at": AT.format(beat * 10),
        "prompt": PROMPTS[min(beat, 2) - 1],
        "canaries_json": stored_canaries(CANARIES),
        **changes,
    }
    return sample(r.RunRecord, **given)


def request(beat: int, ordinal: int, *messages: dict[str, Any], **changes: Any) -> r.ModelRequestRecord:
    body = json.dumps({"model": "m", "messages": list(messages)})
    given = {
        "run_id": f"run-{beat}",
        "ordinal": ordinal,
        "received_at": AT.format(beat * 10 + 1 + ordinal),
        "body": body,
        "body_bytes": len(body),
        "message_roles_json": "[]",
        **changes,
    }
    return sample(r.ModelRequestRecord, **given)


BEAT_1 = (run(1), request(1, 0, SYSTEM, FIRST_BEAT[1]), request(1, 1, *FIRST_BEAT))
RESUMED = request(2, 0, *FIRST_BEAT, ENDED, ASKED)


@asynccontextmanager
async def stored(folder: Path, *records: r.Write) -> AsyncGenerator[Queries]:
    async with await Store.open(folder / "x.sqlite", fixed_clock) as store:
        for record in records:
            store.put(record)
        await store.flush()
        async with await Queries.open(store.path) as queries:
            yield queries


async def test_a_beat_is_compared_with_the_last_request_of_the_beat_before(tmp_path: Path) -> None:
    async with stored(tmp_path, *BEAT_1, run(2), RESUMED) as queries:
        verdict = await judge_run(queries, run(2))
        assert verdict is not None
        assert (verdict.verdict, verdict.previous_run_id, verdict.run_id) == ("native", "run-1", "run-2")
        assert (verdict.message_count, verdict.previous_message_count) == (6, 4)
        assert verdict.added_bytes == RESUMED.body_bytes - BEAT_1[2].body_bytes
        assert verdict.judged_at == RESUMED.received_at
        assert [marker.text for marker in markers_of(verdict.canaries_json)] == [item.text for item in CANARIES]
        assert await last_request_before(queries, run(2)) == (BEAT_1[0], BEAT_1[2])
        assert await judge_run(queries, run(1)) is None


async def test_an_agents_title_request_is_no_part_of_the_conversation(tmp_path: Path) -> None:
    title = [said("user", "Generate a title"), FIRST_BEAT[1]]
    records = [request(1, 2, *title, auxiliary=True), request(2, 0, *title, auxiliary=True)]
    async with stored(tmp_path, *BEAT_1, run(2), *records, replace(RESUMED, ordinal=1)) as queries:
        verdict = await judge_run(queries, run(2))
        assert verdict is not None
        assert (verdict.verdict, verdict.message_count, verdict.previous_message_count) == ("native", 6, 4)


async def test_a_beat_that_came_to_no_request_leaves_the_one_before_it_to_compare_with(tmp_path: Path) -> None:
    failed = run(2, status="failed", error_message="the session could not be restored")
    third = [run(3), request(3, 0, *FIRST_BEAT, ENDED, ASKED)]
    async with stored(tmp_path, *BEAT_1, failed, *third) as queries:
        second, last = await judge_run(queries, failed), await judge_run(queries, run(3))
    assert second is not None
    assert last is not None
    assert (second.verdict, second.previous_run_id, second.message_count) == ("failed", "run-1", 0)
    assert second.reason.endswith(": the session could not be restored")
    assert (last.verdict, last.previous_run_id) == ("native", "run-1")
    assert "beat 2 between came to no request" in last.reason


async def test_other_issues_and_other_agents_do_not_count(tmp_path: Path) -> None:
    others = [run(1, id="run-x", issue_id="i2"), run(1, id="run-y", agent_id="a2")]
    requests = [replace(BEAT_1[2], run_id=other.id) for other in others]
    async with stored(tmp_path, *others, *requests, run(2), RESUMED) as queries:
        assert await judge_run(queries, run(2)) is None


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"fresh_session_reason": "the operator asked for a fresh session"}, "was not handed over: the operator asked"),
        ({}, "there was no stored session to hand over"),
        ({"session_before_json": "{}"}, "the adapter was handed the stored session"),
    ],
)
async def test_a_fresh_beat_says_what_is_known_of_why(tmp_path: Path, changes: dict[str, Any], why: str) -> None:
    async with stored(tmp_path, *BEAT_1, run(2, **changes), request(2, 0, SYSTEM, ASKED)) as queries:
        verdict = await judge_run(queries, run(2, **changes))
    assert verdict is not None
    assert verdict.verdict == "fresh"
    assert why in verdict.reason


async def test_after_one_fresh_beat_the_next_is_judged_by_what_that_one_had(tmp_path: Path) -> None:
    third = "Write them in the opposite order."
    words = [said("assistant", "I do not know them."), said("user", third)]
    records = [run(2), request(2, 0, SYSTEM, ASKED), run(3, prompt=third), request(3, 0, SYSTEM, ASKED, *words)]
    async with stored(tmp_path, *BEAT_1, *records) as queries:
        verdicts = [await judge_run(queries, record) for record in records if isinstance(record, r.RunRecord)]
    assert [verdict.verdict for verdict in verdicts if verdict is not None] == ["fresh", "native"]


async def test_a_run_from_before_prompts_were_stored_is_judged_by_its_own_request(tmp_path: Path) -> None:
    older = {"prompt": None, "canaries_json": None}
    replies = [sample(r.ModelReplyRecord, run_id="run-1", ordinal=n, text=text) for n, text in enumerate(REPLIES)]
    for folder, more in ((tmp_path / "without", []), (tmp_path / "with", replies)):
        folder.mkdir()
        async with stored(folder, run(1, **older), *BEAT_1[1:], *more, run(2, **older), RESUMED) as queries:
            verdict = await judge_run(queries, run(2, **older))
        assert verdict is not None
        markers = markers_of(verdict.canaries_json)
        assert verdict.verdict == "native"
        assert [(marker.text, marker.planted_in) for marker in markers] == [
            (PROMPTS[0], "prompt"),
            (REPLIES[0], "reply"),
        ]


def log(beat: int, second: int, **event: Any) -> r.LogChunkRecord:
    text = json.dumps(event) + "\n"
    return r.LogChunkRecord(run_id=f"run-{beat}", seq=second, ts=AT.format(second), stream="stdout", chunk=text)


DONE = {"type": "auto_compaction_end", "result": {"summary": "s", "tokensBefore": 90_000}, "aborted": False}
SUMMARY = said("user", "The conversation before was compacted.")


@pytest.mark.parametrize(
    ("chunk", "compaction"),
    [
        (log(1, 15, **DONE), "auto_compaction_end, 90000 tokens before"),
        (log(2, 20, type="compaction_end", reason="threshold", result={}), "compaction_end, threshold"),
        (log(2, 20, type="compaction_end", reason="overflow", status="completed"), "compaction_end, overflow"),
        (log(1, 15, type="auto_compaction_end", aborted=True), None),
        (log(1, 15, type="compaction_end", status="failed"), None),
        (log(1, 15, type="tool_execution_end", result=json.dumps(DONE)), None),
        (log(1, 11, **DONE), None),
        (log(2, 25, **DONE), None),
        (r.LogChunkRecord(run_id="run-1", seq=1, ts="?", stream="stdout", chunk=json.dumps(DONE)), None),
        (r.LogChunkRecord(run_id="run-1", seq=1, ts=AT.format(15), stream="stderr", chunk=json.dumps(DONE)), None),
    ],
    ids=[
        "pi 0.60",
        "pi 0.87",
        "pi 0.87, by lane",
        "aborted",
        "failed",
        "a tool's output",
        "before",
        "after",
        "no time",
        "stderr",
    ],
)
async def test_only_the_agents_own_word_between_the_two_requests_is_a_compaction(
    tmp_path: Path, chunk: r.LogChunkRecord, compaction: str | None
) -> None:
    shorter = request(2, 0, SYSTEM, SUMMARY, ASKED)
    async with stored(tmp_path, *BEAT_1, chunk, run(2), shorter) as queries:
        verdict = await judge_run(queries, run(2))
    assert verdict is not None
    assert (verdict.verdict, verdict.compaction) == ("native" if compaction else "fresh", compaction)


def test_canaries_come_back_from_a_run() -> None:
    assert canaries_of(stored_canaries(CANARIES)) == CANARIES
    assert canaries_of(None) == canaries_of("{") == canaries_of('[{"text": 1}]') == ()


async def test_it_is_told_at_the_first_request_and_stored_at_the_end(tmp_path: Path) -> None:
    async with open_services(tmp_path) as services:
        for record in (*BEAT_1, run(2, status="running")):
            services.store.put(record)
        told: list[ResumeJudged] = []
        services.feed.subscribe(lambda event: told.append(event) if isinstance(event, ResumeJudged) else None)
        async with judged_at_its_first_request(services, lambda: run(2, status="running")):
            for event in (replace(RESUMED, auxiliary=True), replace(RESUMED, run_id="other"), RESUMED, RESUMED):
                services.store.put(event)
                services.feed.publish(RequestSeen(event))
        assert [event.verdict.verdict for event in told] == ["native"]
        assert await services.queries.resume_verdict("run-2") is None
        assert await store_verdict(services, run(2)) == told[0].verdict
        await services.store.flush()
        assert await services.queries.resume_verdict("run-2") == told[0].verdict == told[1].verdict
        report = await run_report(services.queries, run(2))
        assert report["resume"]["verdict"] == "native"
        assert [canary["standing"] for canary in report["resume"]["canaries"]] == ["message", "message"]
        assert (await run_report(services.queries, run(1)))["resume"] is None


async def test_a_last_word_is_not_followed_by_an_earlier_one(tmp_path: Path) -> None:
    final = ResumeJudged(sample(r.ResumeVerdictRecord, run_id="run-2", verdict="recap"))
    async with open_services(tmp_path) as services:
        for record in (*BEAT_1, run(2), RESUMED):
            services.store.put(record)
        told: list[ResumeJudged] = []
        services.feed.subscribe(lambda event: told.append(event) if isinstance(event, ResumeJudged) else None)
        async with judged_at_its_first_request(services, lambda: run(2)):
            services.feed.publish(RequestSeen(RESUMED))
            services.feed.publish(final)
        assert told == [final]


async def test_what_a_tool_of_the_beat_returned_later_is_read_from_its_later_requests(tmp_path: Path) -> None:
    call = said("assistant", "I look.")
    later = request(2, 1, SYSTEM, ASKED, call, said("tool", PROMPTS[0], tool_call_id="x"))
    async with stored(tmp_path, *BEAT_1, run(2), request(2, 0, SYSTEM, ASKED), later) as queries:
        verdict = await judge_run(queries, run(2))
    assert verdict is not None
    assert verdict.verdict == "recap"
    assert [marker.standing for marker in markers_of(verdict.canaries_json)] == ["after a call", "absent"]


async def test_a_first_beat_is_not_judged(tmp_path: Path) -> None:
    async with open_services(tmp_path) as services:
        services.store.put(run(1))
        services.store.put(BEAT_1[1])
        await services.store.flush()
        assert await store_verdict(services, run(1)) is None


async def test_the_timeline_holds_beats_verdicts_session_events_and_manipulations_in_order(tmp_path: Path) -> None:
    key = {"agent_id": "a1", "adapter_type": "adapter_type", "task_key": "task_key"}
    bound = sample(
        r.SessionEventRecord, id="s1", run_id="run-1", at=AT.format(15), action="bind", reason="first", **key
    )
    reset = sample(r.SessionEventRecord, id="s2", run_id=None, at=AT.format(17), action="reset", reason="hand", **key)
    verdict = sample(r.ResumeVerdictRecord, run_id="run-2", verdict="fresh", judged_at=AT.format(21), reason="why")
    step = sample(
        r.ChainStepRecord, step_no=2, issue_id="i1", action="delete_store", state="done", statement="gone",
        at=AT.format(16),
    )  # fmt: skip
    beat = sample(r.ChainStepRecord, step_no=1, issue_id="i1", action="beat", at=AT.format(10))
    other = sample(r.ChainStepRecord, step_no=3, issue_id="i9", action="wait", at=AT.format(18))
    async with stored(tmp_path, run(1), run(2), bound, reset, verdict, step, beat, other) as queries:
        items = await session_timeline(queries, "i1")
    assert [(item.kind, item.word, item.beat_index) for item in items] == [
        ("beat", "succeeded", 1),
        ("session", "bind", 1),
        ("chain", "delete_store", None),
        ("session", "reset", None),
        ("beat", "succeeded", 2),
        ("verdict", "fresh", 2),
    ]
    assert [item.statement for item in items[1:4]] == ["first", "gone", "hand"]
    assert items[2].state == "done"
