"""A journal holds the requests of its own beat and no others."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest

from adapters import model_endpoint as endpoint_package
from adapters.model_endpoint import OFF_SCRIPT_TEXT, ModelRequest, ScriptedReply, ScriptedToolCall, ScriptedTurn
from console.engine.beat.request_journal import RequestJournal
from console.engine.beat.step_clock import StepClock
from console.engine.events import EventFeed
from store import Queries, Store
from store.records import LaunchRecord, ModelReplyRecord, ModelRequestRecord, RunRecord
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


TURN = ScriptedTurn(
    text="I know it.",
    thinking="It was told.",
    tool_calls=(ScriptedToolCall(id="call_b1_t1_c1", name="bash", arguments='{"command": "echo é 🙂"}'),),
    if_seen=("heron",),
    otherwise=ScriptedReply(text="I do not know it."),
)


async def stored_replies(store: Store) -> list[ModelReplyRecord]:
    await store.flush()
    async with await Queries.open(store.path) as queries:
        return await queries.model_replies("r1")


async def test_what_the_script_answered_is_stored_in_the_words_of_the_agents_tools(store: Store) -> None:
    journal = journal_of(store)
    journal.beat_key, journal.turns = "first", [TURN]
    await journal.take(request("first", is_answered=False, branch="seen"))
    assert await stored_replies(store) == []
    await journal.take(request("first", branch="seen"))
    (reply,) = await stored_replies(store)
    assert (reply.branch, reply.text, reply.thinking) == ("seen", "I know it.", "It was told.")
    calls: object = json.loads(reply.tool_calls_json)
    assert calls == [{"id": "call_b1_t1_c1", "name": "bash", "arguments": '{"command": "echo é 🙂"}'}]


async def test_the_other_branch_and_the_sentence_beyond_the_script_are_stored_as_what_was_said(store: Store) -> None:
    journal = journal_of(store)
    journal.beat_key, journal.turns = "first", [TURN]
    await journal.take(request("first", branch="otherwise"))
    await journal.take(request("first", index=1, turn_index=None, off_script=True))
    told = [(reply.branch, reply.text) for reply in await stored_replies(store)]
    assert told == [("otherwise", "I do not know it."), ("off-script", OFF_SCRIPT_TEXT)]


@pytest.mark.parametrize(
    "answer",
    [{"auxiliary": True, "turn_index": None}, {"interrupted": True}, {"response_status": 500}, {"turn_index": 7}],
    ids=["a title", "one that broke off", "an error", "a turn that is not there"],
)
async def test_an_answer_that_is_not_the_scripts_whole_turn_is_no_reply(store: Store, answer: dict[str, Any]) -> None:
    journal = journal_of(store)
    journal.beat_key, journal.turns = "first", [TURN]
    await journal.take(request("first", **answer))
    assert await stored_replies(store) == []


async def test_a_real_models_answers_are_not_stored(store: Store) -> None:
    journal = journal_of(store)
    journal.beat_key = "first"
    await journal.take(request("first"))
    assert await stored_replies(store) == []


def test_the_endpoint_says_the_same_sentence_beyond_the_script() -> None:
    fixtures = Path(endpoint_package.__file__).parents[1] / "node" / "endpoint" / "fixtures.mjs"
    assert f'OFF_SCRIPT_TEXT = "{OFF_SCRIPT_TEXT}";' in fixtures.read_text("utf-8")
