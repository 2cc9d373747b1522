"""Each query returns the records that were put, in the order it promises."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from store import LaunchWithRuns, Queries, Store, StoreError
from store.records import (
    UNFINISHED_RUN_STATUSES,
    AgentRecord,
    AnswerRecord,
    CommentRecord,
    CriterionRecord,
    EvidenceRecord,
    IssueRecord,
    LaunchRecord,
    LogChunkRecord,
    MetricRecord,
    ModelRequestRecord,
    ProcessRecord,
    ProcessSampleRecord,
    RunRecord,
    RuntimeRecord,
    SessionEventRecord,
    SessionRecord,
    SignoffRecord,
    TranscriptEntryRecord,
    TranscriptRowRecord,
    Write,
)
from tests.unit.store_samples import HOSTILE_TEXT, fixed_clock, sample


class Shelf:
    """A store and its queries on one file."""

    def __init__(self, store: Store, queries: Queries) -> None:
        self.store = store
        self.read = queries

    async def keep(self, *writes: Write) -> None:
        for write in writes:
            self.store.put(write)
        await self.store.flush()


@pytest.fixture
async def shelf(tmp_path: Path) -> AsyncGenerator[Shelf]:
    path = tmp_path / "sidebeat.db"
    async with await Store.open(path, fixed_clock) as store, await Queries.open(path) as queries:
        yield Shelf(store, queries)


def moment(second: int) -> str:
    return f"2026-01-31T09:30:{second:02}.000Z"


async def test_runs_come_newest_first_and_in_pages(shelf: Shelf) -> None:
    runs = [sample(RunRecord, id=f"r{second}", created_at=moment(second)) for second in range(5)]
    await shelf.keep(*runs)

    assert await shelf.read.run("r3") == runs[3]
    assert await shelf.read.run("missing") is None
    assert await shelf.read.runs() == runs[::-1]
    assert await shelf.read.runs(limit=2, offset=1) == [runs[3], runs[2]]


async def test_runs_of_one_millisecond_come_last_put_first(shelf: Shelf) -> None:
    runs = [sample(RunRecord, id=name, created_at=moment(0)) for name in "bca"]
    await shelf.keep(*runs)

    assert await shelf.read.runs() == runs[::-1]


async def test_runs_are_filtered_by_every_condition_given(shelf: Shelf) -> None:
    wanted = sample(RunRecord, id="r0", runtime_key="pi", scenario="hello", issue_id="i1", status="failed")
    others = [
        sample(RunRecord, id="r1", runtime_key="agentos", scenario="hello", issue_id="i1", status="failed"),
        sample(RunRecord, id="r2", runtime_key="pi", scenario="other", issue_id="i1", status="failed"),
        sample(RunRecord, id="r3", runtime_key="pi", scenario="hello", issue_id="i2", status="failed"),
        sample(RunRecord, id="r4", runtime_key="pi", scenario="hello", issue_id="i1", status="succeeded"),
    ]
    await shelf.keep(wanted, *others)

    assert await shelf.read.runs(runtime_key="pi", scenario="hello", issue_id="i1", status="failed") == [wanted]
    assert [run.id for run in await shelf.read.runs(issue_id="i2")] == ["r3"]


async def test_unfinished_runs_are_the_queued_and_the_running(shelf: Shelf) -> None:
    statuses = ("queued", "running", "succeeded", "failed", "cancelled", "timed_out", "interrupted")
    await shelf.keep(*(sample(RunRecord, id=status, status=status) for status in statuses))

    assert [run.id for run in await shelf.read.unfinished_runs()] == list(UNFINISHED_RUN_STATUSES)


async def test_a_launch_comes_with_its_runs_by_lane_and_beat(shelf: Shelf) -> None:
    launch = sample(LaunchRecord, id="l1")
    runs = [
        sample(RunRecord, id=f"{lane}{beat}", launch_id="l1", lane_index=lane, beat_index=beat)
        for lane, beat in ((0, 1), (0, 2), (1, 1), (1, 2))
    ]
    await shelf.keep(launch, *runs[::-1], sample(RunRecord, id="r9", launch_id="l2"))

    assert await shelf.read.launch("l1") == LaunchWithRuns(launch, tuple(runs))
    assert await shelf.read.launch("l2") is None


async def test_launches_come_newest_first(shelf: Shelf) -> None:
    launches = [sample(LaunchRecord, id=f"l{second}", started_at=moment(second)) for second in range(3)]
    await shelf.keep(*launches)

    assert await shelf.read.launches(limit=2) == [launches[2], launches[1]]


async def test_what_was_measured_of_a_run_is_its_own(shelf: Shelf) -> None:
    metrics = [MetricRecord(run_id="r1", name=name, value=0.5, unit="s") for name in ("setup", "total")]
    samples = [sample(ProcessSampleRecord, run_id="r1", at_ms=at_ms) for at_ms in (-20.5, 0.0, 250.0)]
    await shelf.keep(*metrics[::-1], *samples[::-1])
    await shelf.keep(sample(MetricRecord, run_id="r2"), sample(ProcessSampleRecord, run_id="r2"))

    assert await shelf.read.metrics("r1") == metrics
    assert await shelf.read.process_samples("r1") == samples


async def test_live_processes_are_those_not_seen_to_end(shelf: Shelf) -> None:
    live = sample(ProcessRecord, pid=7, started_at_epoch=2.0)
    ended = sample(ProcessRecord, pid=7, started_at_epoch=1.0, ended_at=moment(9))
    await shelf.keep(live, ended)

    assert await shelf.read.live_processes() == [live]


async def test_issues_are_found_by_id_and_listed_in_order(shelf: Shelf) -> None:
    issues = [
        sample(IssueRecord, id=f"i{number}", identifier=f"SB-{number}", created_at=moment(number)) for number in (9, 10)
    ]
    await shelf.keep(*issues)

    assert await shelf.read.issues() == issues
    assert await shelf.read.issue("i9") == issues[0]
    assert await shelf.read.issue("i11") is None


async def test_the_next_issue_number_counts_its_own_prefix_as_numbers(shelf: Shelf) -> None:
    assert await shelf.read.next_issue_number("SB") == 1

    identifiers = ("SB-9", "SB-10", "SBX-40", "sb-50")
    await shelf.keep(*(sample(IssueRecord, id=name, identifier=name) for name in identifiers))

    assert await shelf.read.next_issue_number("SB") == 11


async def test_comments_come_oldest_first(shelf: Shelf) -> None:
    comments = [sample(CommentRecord, id=name, issue_id="i1", created_at=moment(0)) for name in ("z", "a")]
    await shelf.keep(*comments, sample(CommentRecord, id="other", issue_id="i2"))

    assert await shelf.read.comments("i1") == comments


async def test_runtimes_and_agents_are_listed(shelf: Shelf) -> None:
    runtimes = [sample(RuntimeRecord, key=key) for key in ("agentos_local/pi", "pi_local")]
    agent = sample(AgentRecord, id="a1", runtime_key="pi_local")
    await shelf.keep(*runtimes[::-1], agent)

    assert await shelf.read.runtimes() == runtimes
    assert await shelf.read.agents() == [agent]
    assert await shelf.read.agent("a1") == agent


async def test_a_session_is_found_by_its_whole_key_even_a_hostile_one(shelf: Shelf) -> None:
    session = SessionRecord(agent_id="a1", adapter_type="pi_local", task_key=HOSTILE_TEXT, updated_at=moment(0))
    event = sample(SessionEventRecord, agent_id="a1", adapter_type="pi_local", task_key=HOSTILE_TEXT)
    await shelf.keep(session, event)

    assert await shelf.read.session("a1", "pi_local", HOSTILE_TEXT) == session
    assert await shelf.read.session("a1", "agentos_local", HOSTILE_TEXT) is None
    assert await shelf.read.sessions() == [session]
    assert await shelf.read.session_events("a1", "pi_local", HOSTILE_TEXT) == [event]


async def test_the_log_is_read_whole_in_part_or_as_text(shelf: Shelf) -> None:
    chunks = [
        sample(LogChunkRecord, run_id="r1", seq=seq, stream=stream, chunk=chunk)
        for seq, (stream, chunk) in enumerate([("stdout", "a\ud83d"), ("stderr", "warning\n"), ("stdout", "b\n")])
    ]
    await shelf.keep(*chunks[::-1])

    assert await shelf.read.log_chunks("r1") == chunks
    assert await shelf.read.log_chunks("r1", first_seq=1, limit=1) == [chunks[1]]
    assert await shelf.read.log_text("r1") == "a\ud83dwarning\nb\n"
    assert await shelf.read.log_text("r1", stream="stdout") == "a\ud83db\n"
    assert await shelf.read.log_text("missing") == ""


async def test_transcripts_come_in_their_order(shelf: Shelf) -> None:
    entries = [sample(TranscriptEntryRecord, run_id="r1", seq=seq) for seq in range(3)]
    rows = [sample(TranscriptRowRecord, run_id="r1", row_no=row_no) for row_no in range(3)]
    await shelf.keep(*entries[::-1], *rows[::-1])

    assert await shelf.read.transcript_entries("r1") == entries
    assert await shelf.read.transcript_rows("r1") == rows


async def test_request_bodies_are_read_only_when_asked_for(shelf: Shelf) -> None:
    request = sample(ModelRequestRecord, run_id="r1", ordinal=0, body=HOSTILE_TEXT)
    await shelf.keep(request)

    [without_body] = await shelf.read.model_requests("r1")
    assert without_body == sample(ModelRequestRecord, run_id="r1", ordinal=0, body="")
    assert await shelf.read.model_requests("r1", with_bodies=True) == [request]
    assert await shelf.read.model_request("r1", 0) == request


async def test_criteria_come_by_phase_and_position(shelf: Shelf) -> None:
    criteria = [
        sample(CriterionRecord, id=f"{phase}{position}", phase=phase, position=position)
        for phase in ("1", "2")
        for position in (0, 1)
    ]
    await shelf.keep(*criteria[::-1])

    assert await shelf.read.criteria() == criteria
    assert await shelf.read.criteria(phase="2") == criteria[2:]


async def test_the_newest_answer_counts_and_the_history_is_kept(shelf: Shelf) -> None:
    first, second = (sample(AnswerRecord, id=f"a{n}", subject_id="q1", written_at=moment(n)) for n in (1, 2))
    other = sample(AnswerRecord, id="a3", subject_id="q2", written_at=moment(0))
    await shelf.keep(second, first, other)

    assert await shelf.read.latest_answers() == {"q1": second, "q2": other}
    assert await shelf.read.answers("q1") == [second, first]


async def test_evidence_and_signoffs_are_read_for_one_or_for_all(shelf: Shelf) -> None:
    evidence = [sample(EvidenceRecord, id=f"e{n}", criterion_id=f"c{n}", recorded_at=moment(n)) for n in (1, 2)]
    signoffs = [sample(SignoffRecord, id=f"s{n}", subject_id=f"c{n}", signed_at=moment(n)) for n in (1, 2)]
    await shelf.keep(*evidence[::-1], *signoffs)

    assert await shelf.read.evidence() == evidence
    assert await shelf.read.evidence("c2") == [evidence[1]]
    assert await shelf.read.signoffs() == signoffs[::-1]
    assert await shelf.read.signoffs("c1") == [signoffs[0]]


async def test_a_query_that_fails_names_the_file(shelf: Shelf) -> None:
    await shelf.store.transaction(lambda connection: connection.execute("DROP TABLE metrics"))

    with pytest.raises(StoreError, match=r"cannot read .*sidebeat\.db: .*\[no such table: metrics\]"):
        await shelf.read.metrics("r1")
