"""A journal holds the requests of its own beat and no others."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest

from adapters.model_endpoint import ModelRequest
from console.engine.beat.request_journal import RequestJournal
from console.engine.beat.step_clock import StepClock
from console.engine.events import EventFeed
from store import Queries, Store
from store.records import LaunchRecord, ModelRequestRecord, RunRecord
from tests.unit.store_samples import fixed_clock, sample


def request(beat_key: str | None, **fields: Any) -> ModelRequest:
    told = {
        "index": 0, "is_answered": True, "beat_key": beat_key, "auxiliary": False, "off_script": False,
        "turn_index": 0, "branch": None, "received_at_epoch": 1_770_000_000.0, "first_byte_ms": 1.0,
        "duration_ms": 2.0, "method": "POST", "path": "/v1/chat/completions", "message_roles": ["user"],
        "tool_names": [], "body_bytes": 2, "body_sha256": "", "body": "{}", "response_status": 200,
        "response_kind": "text", "interrupted": False, "input_tokens": 1, "output_tokens": 1, "token_basis": "",
    }  # fmt: skip
    return ModelRequest.model_validate({**told, **fields})


@pytest.fixture
async def store(tmp_path: Path) -> AsyncGenerator[Store]:
    async with await Store.open(tmp_path / "sidebeat.sqlite", fixed_clock) as store:
        store.put(sample(LaunchRecord, id="l1"))
        store.put(sample(RunRecord, id="r1", launch_id="l1"))
        yield store


async def stored_requests(store: Store) -> list[ModelRequestRecord]:
    await store.flush()
    async with await Queries.open(store.path) as queries:
        return await queries.model_requests("r1", with_bodies=True)


def journal_of(store: Store) -> RequestJournal:
    feed = EventFeed()
    return RequestJournal("r1", store, feed, StepClock("r1", feed))


async def test_a_late_answer_to_an_earlier_beat_does_not_replace_a_request_of_this_one(store: Store) -> None:
    journal = journal_of(store)
    journal.beat_key = "second"
    own = request("second", body="own")
    await journal.take(own)
    await journal.take(request("first", body="late"))
    (stored,) = await stored_requests(store)
    assert stored.body == "own"
    assert journal.answered == [own]


@pytest.mark.parametrize("beat_key", [None, "first"])
async def test_before_its_beat_begins_at_the_endpoint_a_journal_takes_nothing(
    store: Store, beat_key: str | None
) -> None:
    journal = journal_of(store)
    await journal.take(request(beat_key))
    assert await stored_requests(store) == []
    assert journal.answered == []
