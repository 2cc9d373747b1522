"""What is stored of a session when a beat ends, with the adapter's codec between."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pytest

from adapters.bridge import AdapterThrewError, Bridge, BridgeError
from adapters.catalogue import RuntimeCatalogue
from adapters.contract import AdapterExecutionResult
from adapters.scenario import ScenarioCatalogue
from console.engine.beat.conclusion import save_session
from console.engine.beat.order import BeatOrder, Services
from console.engine.beat.preparation import load_session
from store.records import AgentRecord, IssueRecord, LaunchRecord, RunRecord, SessionEventRecord
from tests.unit.open_services import open_services
from tests.unit.store_samples import sample


@dataclass(frozen=True, slots=True)
class FakeBridge:
    """An adapter whose codec gives this, or raises it."""

    answer: dict[str, Any] | Exception | None

    async def serialize_session(self, _params: dict[str, Any]) -> dict[str, Any] | None:
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@dataclass(frozen=True, slots=True)
class Desk:
    """Where the beats of one issue end."""

    order: BeatOrder
    services: Services
    run: RunRecord

    async def save(self, codec: dict[str, Any] | Exception | None, **fields: Any) -> SessionEventRecord:
        """End a beat that returned these fields; the newest change of the session."""
        previous = await load_session(self.order, self.services)
        told = {"exitCode": 0, "signal": None, "timedOut": False, **fields}
        result = AdapterExecutionResult.model_validate(told)
        bridge = cast("Bridge", FakeBridge(codec))
        await save_session(self.order, self.services, self.run, bridge=bridge, previous=previous, result=result)
        await self.services.store.flush()
        order = self.order
        key = (order.agent_id, order.runtime.adapter.type, order.issue.id)
        return (await self.services.queries.session_events(*key))[-1]


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncGenerator[Desk]:
    async with open_services(tmp_path) as services:
        runtime = RuntimeCatalogue.load().runtime("pi_local")
        launch = sample(LaunchRecord, id="l1", model_mode="scripted")
        issue = sample(IssueRecord, id="i1", assignee_agent_id="a1")
        run = sample(RunRecord, id="r1", launch_id="l1", issue_id="i1", agent_id="a1")
        for record in (launch, sample(AgentRecord, id="a1"), issue, run):
            services.store.put(record)
        scenario = ScenarioCatalogue.load().scenario("hello-tool")
        yield Desk(BeatOrder(launch, 0, runtime, scenario, issue, 1), services, run)


async def test_foreign_params_delete_the_stale_session(desk: Desk) -> None:
    assert (await desk.save({"sessionId": "s1"}, sessionParams={"sessionId": "s1"})).action == "bind"
    change = await desk.save(None, sessionParams={"foreign": True})
    assert (change.action, change.session_params_json) == ("clear", None)
    assert await load_session(desk.order, desk.services) is None


async def test_what_the_codec_stores_the_same_is_the_same_session(desk: Desk) -> None:
    await desk.save({"sessionId": "s1"}, sessionParams={"sessionId": "s1", "scratch": 1})
    change = await desk.save({"sessionId": "s1"}, sessionParams={"sessionId": "s1", "scratch": 2})
    assert change.action == "keep"


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (
            AdapterThrewError("no such field", during="serialize_session", stack=None),
            "stored as returned, for its codec threw: no such field",
        ),
        (BridgeError("it ended"), "stored as returned, for its codec could not be asked: it ended"),
    ],
)
async def test_a_codec_that_fails_is_told_in_the_sessions_history(desk: Desk, error: Exception, told: str) -> None:
    change = await desk.save(error, sessionParams={"sessionId": "s1"})
    assert change.reason == f"the adapter returned a first session; {told}"
    stored = await load_session(desk.order, desk.services)
    assert stored is not None
    assert stored.params == {"sessionId": "s1"}
