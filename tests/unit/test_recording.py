"""Recordings: a file with the same records in it, and the same events when it is played."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from console.engine.events import (
    CommentPosted,
    EngineEvent,
    EventFeed,
    IssueChanged,
    LaunchFinished,
    LaunchStarted,
    LogAppended,
    ProcessesSampled,
    RequestSeen,
    ResumeJudged,
    RowsChanged,
    RunChanged,
    SessionChanged,
    StepReached,
)
from console.engine.find import UnknownIdError
from console.engine.paths import ConsolePaths
from console.engine.recording import (
    Player,
    Recording,
    RecordingError,
    export_launches,
    read_recording,
    write_recording,
)
from console.engine.recording.file import FORMAT, RECORD_TYPES, VERSION, RecordedRecord
from console.engine.recording.timeline import timeline
from store import Queries, Store
from store import records as r
from tests.unit.store_samples import HOSTILE_TEXT, fixed_clock, sample

START = "2026-01-31T12:00:0{}.000Z"


def entry(seq: int, kind: str, at_ms: float, **fields: object) -> r.TranscriptEntryRecord:
    return r.TranscriptEntryRecord(
        run_id="r1", seq=seq, at_ms=at_ms, log_seq=seq, kind=kind, entry_json=json.dumps({"kind": kind, **fields})
    )


def row(row_no: int, kind: str, body: str, at_ms: float, entry_seq: int) -> r.TranscriptRowRecord:
    return r.TranscriptRowRecord(
        run_id="r1", row_no=row_no, at_ms=at_ms, kind=kind, title="", body=body, is_error=False,
        entry_seq=entry_seq, closed=True,
    )  # fmt: skip


LAUNCH = sample(r.LaunchRecord, id="l1", started_at=START.format(0))
RUN = sample(
    r.RunRecord, id="r1", launch_id="l1", issue_id="i1", lane_index=0, status="succeeded", started_at=START.format(0),
    finished_at=START.format(9), execution_root="/work", summary=HOSTILE_TEXT,
)  # fmt: skip
RECORDING = Recording(
    (
        LAUNCH,
        sample(r.IssueRecord, id="i1"),
        RUN,
        *(sample(r.LogChunkRecord, run_id="r1", seq=seq, chunk=f"{seq}\n") for seq in range(4)),
        entry(0, "assistant", 1000.0, text="He", delta=True),
        entry(1, "assistant", 2000.0, text="llo", delta=True),
        entry(2, "assistant", 2500.0, text="Hello"),
        entry(3, "tool_call", 3000.0, name="bash"),
        row(0, "assistant", "Hello", 1000.0, 0),
        row(1, "tool_call", "", 3000.0, 3),
        sample(r.ModelRequestRecord, run_id="r1", ordinal=0, at_ms=500.0, duration_ms=100.0, body=HOSTILE_TEXT),
        sample(r.ProcessSampleRecord, run_id="r1", at_ms=250.0),
        r.MetricRecord(run_id="r1", name="bridge_ms", value=1000.0, unit="ms"),
        r.MetricRecord(run_id="r1", name="execute_to_spawn_ms", value=200.0, unit="ms"),
        sample(r.SessionEventRecord, id="s1", run_id="r1", at=START.format(8)),
        sample(r.CommentRecord, id="c1", run_id="r1", issue_id="i1"),
        sample(r.ModelReplyRecord, run_id="r1", ordinal=0),
        sample(r.ResumeVerdictRecord, run_id="r1", judged_at=START.format(1)),
    )
)


def test_every_record_and_every_byte_comes_back(tmp_path: Path) -> None:
    first, second = tmp_path / "a.recording.gz", tmp_path / "b.recording.gz"
    write_recording(first, RECORDING)
    read = read_recording(first)
    assert read == RECORDING
    write_recording(second, read)
    assert first.read_bytes() == second.read_bytes()


def test_every_kind_of_record_can_be_written(tmp_path: Path) -> None:
    every = Recording(tuple(sample(record_type) for record_type in RECORD_TYPES.values()))
    write_recording(tmp_path / "all.gz", every)
    assert read_recording(tmp_path / "all.gz") == every


def lines_file(folder: Path, *lines: str) -> Path:
    path = folder / "x.recording.gz"
    path.write_bytes(gzip.compress("\n".join(lines).encode("utf-8", "surrogatepass")))
    return path


HEADER = json.dumps({"format": FORMAT, "version": VERSION})


@pytest.mark.parametrize(
    ("lines", "complaint"),
    [
        ([], ", line 1: not JSON; export the recording again"),
        (["[]"], ", line 1: not a record; export the recording again"),
        (['{"format": "x"}'], ": not a Sidebeat recording; make one with `sidebeat export`"),
        (
            [json.dumps({"format": FORMAT, "version": 99})],
            f": has version 99, this Sidebeat plays {VERSION}; export it again with this version",
        ),
        ([HEADER, "{"], ", line 2: not JSON; export the recording again"),
        ([HEADER, '{"record": "dance"}'], ", line 2: unknown record `dance`; play it with a newer Sidebeat"),
        ([HEADER, '{"record": "metric", "name": "x"}'], ", line 2: MetricRecord.__init__() missing"),
    ],
)
def test_a_file_that_cannot_be_played_says_where_and_what_to_do(
    tmp_path: Path, lines: list[str], complaint: str
) -> None:
    path = lines_file(tmp_path, *lines)
    with pytest.raises(RecordingError) as caught:
        read_recording(path)
    assert str(caught.value).startswith(f"{path}{complaint}")


def cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


def scrambled(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + bytes(byte ^ 0xFF for byte in data[middle : middle + 64]) + data[middle + 64 :]


def plain(_data: bytes) -> bytes:
    return b"plain text"


def empty(_data: bytes) -> bytes:
    return b""


@pytest.mark.parametrize("damage", [cut, scrambled, plain, empty])
def test_a_damaged_file_says_so(tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    path = tmp_path / "x.gz"
    write_recording(path, RECORDING)
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(RecordingError, match=r"x\.gz(: not a readable recording|, line 1: not JSON).*export"):
        read_recording(path)
    with pytest.raises(RecordingError, match="not a readable recording"):
        read_recording(tmp_path / "none.gz")


def test_fields_of_a_newer_version_are_left_out(tmp_path: Path) -> None:
    metric = {"record": "metric", "run_id": "r1", "name": "x", "value": 1.0, "unit": "ms", "later": True}
    read = read_recording(lines_file(tmp_path, HEADER, json.dumps(metric)))
    assert read.records == (r.MetricRecord(run_id="r1", name="x", value=1.0, unit="ms"),)


def test_a_run_streams_as_it_did_and_rows_grow_by_their_deltas() -> None:
    moments = timeline(RECORDING)
    assert [moment.at_s for moment in moments] == sorted(moment.at_s for moment in moments)
    assert [type(moment.event) for moment in moments[:4]] == [LaunchStarted, IssueChanged, RunChanged, RunChanged]
    bodies = [
        (moment.at_s, changed.body, changed.closed)
        for moment in moments
        if isinstance(moment.event, RowsChanged)
        for changed in moment.event.rows
        if changed.row_no == 0
    ]
    assert bodies == [(2.0, "He", False), (3.0, "Hello", False), (3.0, "Hello", True)]
    statuses = [moment.event.run.status for moment in moments if isinstance(moment.event, RunChanged)]
    assert statuses == ["queued", "running", "succeeded"]
    assert isinstance(moments[-1].event, LaunchFinished)
    told = {type(moment.event) for moment in moments}
    assert {StepReached, LogAppended, ProcessesSampled, RequestSeen, SessionChanged, CommentPosted} <= told


def test_what_is_not_known_of_a_run_before_it_began_is_not_told_before() -> None:
    queued, running = [moment.event.run for moment in timeline(RECORDING) if isinstance(moment.event, RunChanged)][:2]
    assert (queued.started_at, queued.execution_root, queued.summary) == (None, None, None)
    assert (running.started_at, running.execution_root, running.summary) == (RUN.started_at, "/work", None)


def test_a_delta_without_text_does_not_end_the_replay() -> None:
    odd = entry(0, "assistant", 1.0, delta=True)
    recording = Recording((LAUNCH, RUN, odd, row(0, "assistant", "x", 1.0, 0)))
    shown = [moment.event for moment in timeline(recording) if isinstance(moment.event, RowsChanged)]
    assert [event.rows[0].closed for event in shown if event.rows] == [False, True]


def test_launches_follow_each_other_with_a_short_pause() -> None:
    later = replace(LAUNCH, id="l2", started_at="2026-01-31T18:00:00.000Z")
    times = [moment.at_s for moment in timeline(Recording((later, *RECORDING.records)))]
    assert times[-2:] == [10.0, 10.0]


@pytest.mark.parametrize(("speed", "slept_s"), [(1.0, 9.0), (10.0, 0.9), (0.0, 0.0)])
async def test_a_replay_stores_and_tells_the_same_at_its_pace(tmp_path: Path, speed: float, slept_s: float) -> None:
    pauses: list[float] = []
    told: list[EngineEvent] = []

    async def fake_sleep(seconds: float) -> None:
        pauses.append(seconds)

    feed = EventFeed()
    feed.subscribe(told.append)
    async with await Store.open(tmp_path / "x.sqlite", fixed_clock) as store:
        await Player(RECORDING, store, feed, speed, fake_sleep).play()
        async with await Queries.open(store.path) as queries:
            assert await queries.run("r1") == RUN
            assert await queries.log_text("r1") == "0\n1\n2\n3\n"
            assert await queries.transcript_entries("r1") == RECORDING.of(r.TranscriptEntryRecord)
            assert await queries.transcript_rows("r1") == RECORDING.of(r.TranscriptRowRecord)
            assert await queries.model_requests("r1", with_bodies=True) == RECORDING.of(r.ModelRequestRecord)
            assert {metric.name for metric in await queries.metrics("r1")} == {"bridge_ms", "execute_to_spawn_ms"}
    assert round(sum(pauses), 6) == slept_s
    assert isinstance(told[0], LaunchStarted)
    assert isinstance(told[-1], LaunchFinished)
    assert not any(isinstance(event, RowsChanged) and not event.rows for event in told)


async def test_what_a_beat_resumed_is_told_when_its_first_request_came_and_stored(tmp_path: Path) -> None:
    (verdict,) = RECORDING.of(r.ResumeVerdictRecord)
    told = [moment for moment in timeline(RECORDING) if isinstance(moment.event, ResumeJudged)]
    assert [(moment.at_s, moment.event) for moment in told] == [(1.0, ResumeJudged(verdict))]
    async with await Store.open(tmp_path / "x.sqlite", fixed_clock) as store:
        await Player(RECORDING, store, EventFeed(), 0.0).play()
        async with await Queries.open(store.path) as queries:
            assert await queries.resume_verdict("r1") == verdict
            assert await queries.model_replies("r1") == RECORDING.of(r.ModelReplyRecord)


async def test_a_recording_from_before_there_were_verdicts_plays(tmp_path: Path) -> None:
    kinds = (r.ModelReplyRecord, r.ResumeVerdictRecord)
    older = Recording(tuple(record for record in RECORDING.records if not isinstance(record, kinds)))
    told: list[EngineEvent] = []
    feed = EventFeed()
    feed.subscribe(told.append)
    async with await Store.open(tmp_path / "x.sqlite", fixed_clock) as store:
        await Player(older, store, feed, 0.0).play()
    assert isinstance(told[-1], LaunchFinished)
    assert not any(isinstance(event, ResumeJudged) for event in told)


async def exported(folder: Path, paths: ConsolePaths, *records: RecordedRecord) -> Recording:
    async with await Store.open(folder / "x.sqlite", fixed_clock) as store:
        for record in records:
            store.put(record)
        await store.flush()
        async with await Queries.open(store.path) as queries:
            return await export_launches(queries, ["l1"], paths)


async def test_an_export_holds_all_of_a_launch_and_nothing_of_this_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    monkeypatch.setenv("HOME", str(home))
    paths = ConsolePaths(tmp_path / "x.sqlite", home / "data", home / "config", home / "cache")
    chunk = sample(
        r.LogChunkRecord, run_id="r1", seq=0, chunk=f"{home}/data/roots/SB-1 {home}/cache/node {home}/.netrc {home}ly"
    )
    other = replace(RUN, id="r2", launch_id="l2")
    recording = await exported(tmp_path, paths, *(set(RECORDING.records) - {chunk}), chunk, other)
    assert [run.id for run in recording.of(r.RunRecord)] == ["r1"]
    assert recording.of(r.RunRecord)[0].console_pid == 1
    (first, *_) = recording.of(r.LogChunkRecord)
    assert first.chunk == f"~/.local/share/sidebeat/roots/SB-1 ~/.cache/sidebeat/node ~/.netrc {home}ly"
    assert {type(record) for record in recording.records} == set(RECORD_TYPES.values())


async def test_an_unknown_launch_cannot_be_exported(tmp_path: Path) -> None:
    paths = ConsolePaths(tmp_path / "x.sqlite", tmp_path, tmp_path, tmp_path)
    with pytest.raises(UnknownIdError, match="there is no launch l1 in this database; see `sidebeat runs`"):
        await exported(tmp_path, paths)
