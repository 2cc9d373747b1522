"""The mirror of Paperclip's contract against the types that the installed package publishes.

A newer package that adds, drops or loosens a field fails here by its name: mirror it, or list it with the reason why
Sidebeat does not use it.
"""

from __future__ import annotations

import pytest
from pydantic.alias_generators import to_camel

from adapters.contract import (
    AdapterAgent,
    AdapterEnvironmentCheck,
    AdapterEnvironmentTestContext,
    AdapterEnvironmentTestResult,
    AdapterExecutionContext,
    AdapterExecutionResult,
    AdapterInvocationMeta,
    AdapterRuntime,
    AdapterRuntimeEvent,
    ContractModel,
    ProcessSpawn,
    TranscriptEntry,
    UsageSummary,
)
from adapters.node_runtime import NodeRuntimeLayout
from tests.adapters.published_types import Fields, PublishedTypes

pytestmark = pytest.mark.real

CALLBACK = "a callback: bridge/heartbeat.mjs provides it, or leaves it out on purpose"
REMOTE = "of remote execution targets; Sidebeat runs on this machine"
SERVER = "of Paperclip's server, which Sidebeat is not"
NOT_USED: dict[str, dict[str, str]] = {
    "AdapterExecutionContext": {
        "signal": CALLBACK,
        "onCancellationReady": CALLBACK,
        "onLog": CALLBACK,
        "onMeta": CALLBACK,
        "onEvent": CALLBACK,
        "onRuntimeProgress": CALLBACK,
        "onDispatch": CALLBACK,
        "onSpawn": CALLBACK,
        "stopRemoteStartup": REMOTE,
        "runtimeCommandSpec": REMOTE,
        "executionTarget": REMOTE,
        "executionTransport": REMOTE,
        "executionContinuation": SERVER,
        "runtimeMcp": SERVER,
        "runtimeTools": SERVER,
        "startupTraceContext": SERVER,
    },
    "AdapterExecutionResult": {
        "executionRecovery": SERVER,
        "nativeFinalization": SERVER,
        "cacheAdjustedCostUsd": "the scripted model bills nothing",
        "runtimeServices": "no runtime of the catalogue starts services",
        "referencedProjectStagingFailures": REMOTE,
        "question": "nobody answers during a beat",
    },
    "AdapterEnvironmentTestContext": {
        "executionTarget": REMOTE,
        "environmentName": REMOTE,
        "deployment": SERVER,
    },
}
MIRRORED: list[type[ContractModel]] = [
    AdapterAgent,
    AdapterEnvironmentCheck,
    AdapterEnvironmentTestContext,
    AdapterEnvironmentTestResult,
    AdapterExecutionContext,
    AdapterExecutionResult,
    AdapterInvocationMeta,
    AdapterRuntime,
    AdapterRuntimeEvent,
    UsageSummary,
]
KINDS_IN_USE = {
    "assistant", "thinking", "user", "tool_call", "tool_result", "init", "result", "stderr", "system", "stdout", "diff",
}  # fmt: skip
KINDS_KEPT_AS_EXTRAS = {
    "provider_activity", "workspace_change", "workspace_file_reference", "runtime_request", "run_result",
    "run_terminal",
}  # fmt: skip
"""No adapter of the catalogue gives them; their fields stay in the entry, and the view shows them as they are."""
ENTRY_FIELDS_NOT_USED = {
    "channel": "the view does not tell progress from final words",
    "itemId": "texts are told apart by their order",
    "lifecycle": "an empty thinking entry is no row",
    "invocationId": SERVER,
    "actionRequestId": SERVER,
    "changeType": "a diff is shown as its text",
}


@pytest.fixture(scope="module")
def published(node_runtime: NodeRuntimeLayout) -> PublishedTypes:
    types = node_runtime.package_file("@paperclipai/adapter-utils/dist/types.d.ts")
    return PublishedTypes(types.read_text("utf-8"))


def mirrored(model: type[ContractModel]) -> Fields:
    return {to_camel(name): not field.is_required() for name, field in model.model_fields.items()}


@pytest.mark.parametrize("model", MIRRORED, ids=lambda model: model.__name__)
def test_an_interface_is_mirrored_field_by_field(published: PublishedTypes, model: type[ContractModel]) -> None:
    theirs = published.interface(model.__name__)
    not_used = NOT_USED.get(model.__name__, {})
    assert set(not_used) <= set(theirs), "the package no longer has these: take them off the list"
    assert {name: theirs[name] for name in theirs if name not in not_used} == mirrored(model)


def test_what_on_spawn_takes_is_mirrored(published: PublishedTypes) -> None:
    assert published.parameter_object("onSpawn", "AdapterExecutionContext") == mirrored(ProcessSpawn)


def test_the_transcript_kinds_are_those_that_are_known(published: PublishedTypes) -> None:
    assert set(published.union("TranscriptEntry")) == KINDS_IN_USE | KINDS_KEPT_AS_EXTRAS


def test_every_field_of_the_transcript_kinds_in_use_is_known(published: PublishedTypes) -> None:
    members = published.union("TranscriptEntry")
    theirs = {name for kind in KINDS_IN_USE for name in members[kind]}
    assert theirs - set(ENTRY_FIELDS_NOT_USED) == set(mirrored(TranscriptEntry))
    assert set(ENTRY_FIELDS_NOT_USED) <= theirs


def test_what_every_kind_has_is_all_that_an_entry_needs(published: PublishedTypes) -> None:
    required = {name for name, optional in mirrored(TranscriptEntry).items() if not optional}
    assert required == {"kind", "ts"}
    for fields in published.union("TranscriptEntry").values():
        assert not fields["kind"]
        assert not fields["ts"]


def test_a_parser_takes_a_line_and_its_time(published: PublishedTypes) -> None:
    assert published.parameters("StdoutLineParser") == ["line: string", "ts: string"]
