"""What a new console takes up from the file is what the one before it showed."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from console.engine.events import EngineEvent, EventFeed
from console.engine.lane_state import LaneSnapshot, fold
from console.engine.recorded_engine import SHIPPED_RECORDING
from console.engine.recording import Player, read_recording
from console.engine.stored_lanes import latest_lanes
from store import Queries, Store


def clock() -> datetime:
    return datetime(2026, 1, 1, tzinfo=UTC)


async def test_the_last_launch_is_taken_up_as_it_was_shown(tmp_path: Path) -> None:
    path = tmp_path / "sidebeat.sqlite"
    shown = [LaneSnapshot(), LaneSnapshot()]

    def watch(event: EngineEvent) -> None:
        for index, snapshot in enumerate(shown):
            folded = fold(snapshot, event)
            if folded.run is None or folded.run.lane_index == index:
                shown[index] = folded

    feed = EventFeed()
    feed.subscribe(watch)
    async with await Store.open(path, clock) as store:
        await Player(read_recording(SHIPPED_RECORDING), store, feed, speed=0).play()
        async with await Queries.open(path) as queries:
            stored = await latest_lanes(queries)
    assert stored is not None
    assert stored.launch.scenario == "remember"
    assert [issue.identifier for issue in stored.issues] == ["SB-1", "SB-2"]
    for live, taken_up in zip(shown, stored.snapshots, strict=True):
        assert taken_up.run == live.run
        assert [request.ordinal for request in taken_up.requests] == [request.ordinal for request in live.requests]
        assert (taken_up.input_tokens, taken_up.output_tokens) == (live.input_tokens, live.output_tokens)
        assert (taken_up.sample, taken_up.peak_rss_bytes) == (live.sample, live.peak_rss_bytes)
        assert taken_up.session_change == live.session_change
        assert taken_up.verdict == live.verdict


async def test_an_empty_database_has_nothing_to_take_up(tmp_path: Path) -> None:
    path = tmp_path / "sidebeat.sqlite"
    async with await Store.open(path, clock), await Queries.open(path) as queries:
        assert await latest_lanes(queries) is None
