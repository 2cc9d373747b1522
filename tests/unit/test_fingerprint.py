"""Which changes of a runtime keep its stored sessions from being resumed."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.catalogue import RuntimeCatalogue, RuntimeDefinition
from adapters.scenario import ScenarioCatalogue
from console.engine.beat.order import BeatOrder
from store.records import IssueRecord, LaunchRecord
from tests.unit.store_samples import sample


def fingerprint(runtime: RuntimeDefinition, *, model_mode: str = "scripted", **fields: Any) -> str:
    order = BeatOrder(
        launch=sample(LaunchRecord, model_mode=model_mode),
        lane_index=0,
        runtime=runtime,
        scenario=ScenarioCatalogue.load().scenario("hello-tool"),
        issue=sample(IssueRecord),
        beat_index=1,
        **fields,
    )
    return order.fingerprint


@pytest.fixture
def runtime() -> RuntimeDefinition:
    return RuntimeCatalogue.load().runtime("pi_local")


def changed(runtime: RuntimeDefinition, **fields: Any) -> RuntimeDefinition:
    return RuntimeDefinition.model_validate({**runtime.model_dump(by_alias=True), **fields})


@pytest.mark.parametrize("fields", [{"title": "Other"}, {"summary": "Other"}, {"notes": ["other"]}])
def test_words_about_a_runtime_keep_its_sessions(runtime: RuntimeDefinition, fields: dict[str, Any]) -> None:
    assert fingerprint(changed(runtime, **fields)) == fingerprint(runtime)


@pytest.mark.parametrize(
    "fields",
    [
        {"adapter": {"type": "pi_local", "package": "other"}},
        {"agent": {"family": "pi", "version": "0"}},
        {"config": {"other": True}},
        {"config_json": {"OTHER": {}}},
        {"environment": {"OTHER": "1"}},
        {"home_json": {"other.json": {}}},
    ],
)
def test_another_configuration_does_not(runtime: RuntimeDefinition, fields: dict[str, Any]) -> None:
    assert fingerprint(changed(runtime, **fields)) != fingerprint(runtime)


def test_nor_do_another_model_and_another_mode(runtime: RuntimeDefinition) -> None:
    prints = {
        fingerprint(runtime),
        fingerprint(runtime, model_mode="real"),
        fingerprint(runtime, model_mode="record"),
        fingerprint(runtime, model_mode="real", model_name="big"),
    }
    assert len(prints) == 4
