"""What can be done to a session between two beats: each is stored as a step, and what cannot be done is refused."""

from __future__ import annotations

import json
import os
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest

from console.engine.beat.order import SCRIPTED_MODEL_NAME, configuration_fingerprint
from console.engine.chain import ChainOrder, ChainView, chain_view
from console.engine.events import ChainChanged, EngineEvent, SessionChanged
from console.engine.launches import RefusedOrder
from console.engine.session_rules import FINGERPRINT_KEY
from store.records import ChainRecord, ChainStepRecord, SessionEventRecord, SessionRecord
from tests.unit.chain_host import FakeHost
from tests.unit.open_services import open_services

PI, OPENCODE = "pi_local", "opencode_local"
PI_PARAMS = {"sessionId": "/pi/session.jsonl", "cwd": "/roots/a", FINGERPRINT_KEY: "of-pi"}
OPENCODE_PARAMS = {"sessionId": "ses_1", "cwd": "/roots/b", FINGERPRINT_KEY: "of-opencode"}


class Bench:
    """A chain of two lanes that has had one beat in each."""

    def __init__(self, host: FakeHost, chain: ChainRecord, told: list[EngineEvent]) -> None:
        self.host, self.chain, self.told = host, chain, told

    async def do(self, action: str, argument: str | None = None, lane: int = 0) -> ChainStepRecord:
        return await self.host.chains.manipulate(self.chain.id, lane, action, argument)

    async def session(self, lane: int = 0) -> dict[str, Any] | None:
        record = await self.record(lane)
        return json.loads(record.session_params_json or "null") if record is not None else None

    async def record(self, lane: int = 0) -> SessionRecord | None:
        key = (PI, OPENCODE)[lane]
        return await self.host.services.queries.session(f"agent-{key}", key, f"issue-{lane}")

    async def events(self, lane: int = 0) -> list[SessionEventRecord]:
        key = (PI, OPENCODE)[lane]
        return await self.host.services.queries.session_events(f"agent-{key}", key, f"issue-{lane}")

    async def view(self) -> ChainView:
        found = await chain_view(self.host.services.queries, self.chain.id)
        assert found is not None
        return found

    def file(self, name: str, text: str = "{}\n") -> Path:
        path = self.host.services.paths.home(f"agent-{PI}") / ".pi" / "paperclips" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        return path


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncGenerator[Bench]:
    async with open_services(tmp_path) as services:
        host = FakeHost(services, {PI: PI_PARAMS, OPENCODE: OPENCODE_PARAMS})
        told: list[EngineEvent] = []
        services.feed.subscribe(told.append)
        chain = await host.chains.begin(ChainOrder("remember", (PI, OPENCODE)))
        await host.chains.beat(chain.id)
        yield Bench(host, chain, told)


async def test_viewing_changes_nothing_and_is_a_step(bench: Bench) -> None:
    step = await bench.do("view")
    assert (step.state, step.step_no, json.loads(step.after_json or "")) == ("done", 3, PI_PARAMS)
    assert "with fingerprint of-pi" in step.statement
    assert await bench.session() == PI_PARAMS
    assert await bench.events() == []


async def test_an_edit_of_one_param_keeps_the_others_and_the_fingerprint(bench: Bench) -> None:
    step = await bench.do("edit", "cwd=/elsewhere")
    assert await bench.session() == {**PI_PARAMS, "cwd": "/elsewhere"}
    assert step.statement == "the operator edited cwd of lane A's session, with fingerprint of-pi"
    (event,) = await bench.events()
    assert (event.action, event.reason) == ("reset", step.statement)
    assert any(isinstance(each, SessionChanged) for each in bench.told)


async def test_an_edit_of_everything_says_that_the_fingerprint_is_gone(bench: Bench) -> None:
    step = await bench.do("edit", '{"sessionId": "x"}')
    assert await bench.session() == {"sessionId": "x"}
    assert step.statement.endswith("without a fingerprint, so Paperclip's rule starts the next beat fresh")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (None, "say what to store: a JSON object such as "),
        ("{sessionId: 1}", "the params are not JSON: "),
        ("[1]", "session params are a JSON object, not [1]; put it into braces with a name"),
        ("{}", "an empty object is no session by Paperclip's rules; clear the session instead"),
        ("=3", "name the param before the equals sign, as in sessionId=x"),
        (json.dumps(PI_PARAMS), "the params are as they were: nothing was changed"),
    ],
)
async def test_an_edit_that_cannot_be_stored_is_refused(bench: Bench, text: str | None, sentence: str) -> None:
    step = await bench.do("edit", text)
    assert step.state == "refused"
    assert step.statement.startswith(sentence)
    assert await bench.session() == PI_PARAMS


async def test_a_cleared_session_is_gone_and_cannot_be_cleared_again(bench: Bench) -> None:
    step = await bench.do("clear")
    assert (step.state, json.loads(step.before_json or "")) == ("done", PI_PARAMS)
    assert await bench.record() is None
    assert (await bench.do("clear")).state == "refused"
    assert (await bench.do("view")).statement == "lane A has no stored session"


async def test_a_copied_session_keeps_its_own_fingerprint_unless_it_is_stamped(bench: Bench) -> None:
    copied = await bench.do("copy", "A", lane=1)
    assert await bench.session(1) == PI_PARAMS
    assert "(pi_local) into lane B (opencode_local) with lane A's fingerprint, as it was stored" in copied.statement
    await bench.do("copy-stamped", "a", lane=1)
    own = configuration_fingerprint(bench.host.runtime(OPENCODE), "scripted", SCRIPTED_MODEL_NAME)
    assert await bench.session(1) == {**PI_PARAMS, FINGERPRINT_KEY: own}


async def test_a_copied_id_leaves_everything_else_as_it_was(bench: Bench) -> None:
    await bench.do("copy-id", lane=1)
    assert await bench.session(1) == {**OPENCODE_PARAMS, "sessionId": PI_PARAMS["sessionId"]}
    record = await bench.record(1)
    assert record is not None
    assert record.session_display_id == PI_PARAMS["sessionId"]


async def test_a_copy_needs_another_lane_with_a_session(bench: Bench) -> None:
    assert (await bench.do("copy", "C")).statement == "lane A cannot copy from `C`; name lane B"
    assert (await bench.do("copy", "A")).statement == "lane A cannot copy from `A`; name lane B"
    await bench.do("clear", lane=1)
    assert (await bench.do("copy", "B")).statement.startswith("lane B has no stored session")


async def test_deleting_takes_the_file_that_the_session_names_and_no_other(bench: Bench) -> None:
    own, other = bench.file("own.jsonl"), bench.file("other.jsonl")
    await bench.do("edit", f"sessionId={own}")
    step = await bench.do("delete-store")
    assert (step.state, own.exists(), other.exists()) == ("done", False, True)
    assert "the file that its session names" in step.statement
    again = await bench.do("delete-store")
    assert again.statement == f"the session of lane A names {own}, which is not in its agent's store"


async def test_deleting_never_leaves_the_store(bench: Bench, tmp_path: Path) -> None:
    bench.file("own.jsonl")
    precious = tmp_path / "precious.jsonl"
    precious.write_text("{}", "utf-8")
    await bench.do("edit", f"sessionId={precious}")
    assert (await bench.do("delete-store")).state == "refused"
    assert precious.exists()


async def test_without_a_stored_session_the_whole_store_is_deleted(bench: Bench) -> None:
    files = [bench.file("own.jsonl"), bench.file("other.jsonl")]
    await bench.do("clear")
    step = await bench.do("delete-store")
    assert "the whole session store of its agent" in step.statement
    assert [path.exists() for path in files] == [False, False]
    assert (await bench.do("delete-store")).statement.startswith("there is nothing in the session store of lane A")


async def test_ageing_says_exactly_what_was_aged(bench: Bench) -> None:
    lines = [{"timestamp": "2026-02-01T00:00:00.000Z"}, {"message": {"timestamp": 1_770_000_000_000, "n": 1}}]
    own = bench.file("own.jsonl", "".join(f"{json.dumps(line)}\n" for line in lines))
    os.utime(own, (2_000_000_000, 2_000_000_000))
    await bench.do("edit", f"sessionId={own}")
    step = await bench.do("age-store", "1d")
    assert "by 1d: the time of each file, 1 of timestamp, 1 of message.timestamp" in step.statement
    assert own.stat().st_mtime == 2_000_000_000 - 86_400
    assert [json.loads(line) for line in own.read_text("utf-8").splitlines()] == [
        {"timestamp": "2026-01-31T00:00:00.000Z"},
        {"message": {"timestamp": 1_769_913_600_000, "n": 1}},
    ]


async def test_what_is_no_duration_is_refused(bench: Bench) -> None:
    assert (await bench.do("age-store", "old")).statement == "`old` is no duration; write for example age-store:72h"
    assert (await bench.do("wait", "soon")).statement.startswith("say how long to wait, at most a day")
    assert (await bench.do("wait", "2d")).state == "refused"


async def test_a_moved_root_is_where_the_next_beat_works(bench: Bench) -> None:
    root = bench.host.services.paths.root("issue-0")
    (root / "work.txt").write_text("kept", "utf-8")
    step = await bench.do("move-root")
    moved = root.with_name("issue-0-moved-1")
    assert (step.state, (moved / "work.txt").read_text("utf-8"), root.exists()) == ("done", "kept", False)
    await bench.host.chains.beat(bench.chain.id)
    assert bench.host.orders[-1].moved_roots == ((0, moved),)
    await bench.do("move-root")
    assert root.with_name("issue-0-moved-2").is_dir()


async def test_a_root_is_not_moved_onto_another(bench: Bench) -> None:
    taken = bench.host.services.paths.root("issue-1")
    assert (await bench.do("move-root", "issue-1")).statement == f"{taken} is there already; give another name"
    assert (await bench.do("move-root", "a/b")).statement.startswith("`a/b` is no name of a folder")


async def test_a_cold_chain_has_no_bridge_to_restart_or_sidecar_to_kill(bench: Bench) -> None:
    for action in ("restart-bridge", "kill-sidecar"):
        step = await bench.do(action)
        assert (step.state, step.statement.split(",")[0]) == (
            "refused",
            "each beat of this chain starts a bridge of its own",
        )


async def test_what_concerns_the_console_is_told_of_every_lane_and_done_once(bench: Bench) -> None:
    step = await bench.do("restart-console", lane=1)
    assert (step.lane_index, bench.host.restarts) == (1, 1)
    steps = [each for each in (await bench.view()).steps if each.action == "restart-console"]
    assert [each.lane_index for each in steps] == [0, 1]


async def test_an_unknown_action_names_the_nearest_and_is_no_step(bench: Bench) -> None:
    with pytest.raises(RefusedOrder, match="there is no action `delete`; did you mean `delete-store`"):
        await bench.do("delete")
    with pytest.raises(RefusedOrder, match="chain 1 has 2 lanes; there is no lane 4"):
        await bench.do("view", lane=3)
    assert len((await bench.view()).steps) == 2


async def test_nothing_is_done_beside_an_experiment(bench: Bench) -> None:
    bench.host.launches.refusal = "experiment 3 runs; pause it first"
    with pytest.raises(RefusedOrder, match="experiment 3 runs; pause it first"):
        await bench.do("clear")
    assert await bench.session() == PI_PARAMS


async def test_every_step_is_told_as_it_is_stored(bench: Bench) -> None:
    await bench.do("view")
    told = [event.step.step_no for event in bench.told if isinstance(event, ChainChanged) and event.step is not None]
    assert told == [1, 2, 1, 2, 3]
