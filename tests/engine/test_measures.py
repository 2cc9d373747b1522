"""Numbers of a real run, and measurements beside it, at their smallest."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psutil
import pytest

from adapters.process_tree import pids_with_variable
from console.engine.engine import Engine
from console.engine.events import EngineEvent, MeasurementTaken
from console.engine.launches import RefusedOrder
from console.engine.measures import load_definitions, overhead, published, staircase
from console.engine.measures.bench import Bench
from console.engine.measures.kinds import MeasurementKind
from console.engine.measures.node_job import MeasureError, run_job
from store.records import MeasurementRecord
from tests.engine.consoles import CommandLine, beat

pytestmark = [
    pytest.mark.real,
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(not psutil.LINUX, reason="only Linux tells proportional memory"),
]


@pytest.fixture
def at_their_smallest(monkeypatch: pytest.MonkeyPatch) -> None:
    """As few samples as make the number; the smallest population through which a line can be put."""
    monkeypatch.setattr(published, "CREATIONS", 2)
    monkeypatch.setattr(published, "FIRST_COMMANDS", 1)
    monkeypatch.setattr(published, "IDLE_VMS", 2)
    monkeypatch.setattr(published, "NEW_SIDECARS", 0)
    monkeypatch.setattr(staircase, "MAX_POPULATION", 3)
    monkeypatch.setattr(staircase, "SETTLE_S", 0.1)
    monkeypatch.setattr(overhead, "REQUESTS", 3)
    monkeypatch.setattr(overhead, "SAMPLES", 2)


async def taken(
    console: Engine, kinds: Sequence[MeasurementKind], runtimes: Sequence[str]
) -> dict[tuple[str, str], MeasurementRecord]:
    """What was stored, by subject and name; nothing was absent, and each was told."""
    told: list[EngineEvent] = []
    unsubscribe = console.feed.subscribe(told.append)
    found = await console.measurements.take(kinds, runtime_keys=runtimes)
    unsubscribe()
    assert [absent.reason for absent in found.absent if "installation" not in absent.reason] == []
    assert [event.measurement for event in told if isinstance(event, MeasurementTaken)] == list(found.records)
    stored = await console.queries.latest_measurements()
    assert set(found.records) <= set(stored)
    return {(record.subject, record.name): record for record in found.records}


async def test_a_cold_run_has_every_number_of_its_phases_and_its_provenance(console: Engine) -> None:
    run = await beat(console, "pi_local", session="new issue")
    metrics = {metric.name: metric for metric in await console.queries.metrics(run.id)}
    wanted = [
        metric
        for metric in load_definitions()
        if metric.source == "run" and metric.group in ("latency", "phases", "resources") and metric.beats == "any"
    ]
    assert [metric.name for metric in wanted if metric.name not in metrics] == []
    assert all(metrics[metric.name].unit == metric.unit for metric in wanted)
    assert metrics["processes_left"].value == 0
    assert metrics["peak_rss_bytes"].value > metrics["peak_pss_bytes"].value > 0
    assert metrics["log_bytes"].value == run.log_bytes
    stamp: dict[str, Any] = json.loads(run.provenance_json or "{}")
    assert stamp["agent_inside"] == "0.60.0"
    assert stamp["packages"]["@mariozechner/pi-coding-agent"] == "0.60.0"
    assert stamp["packages"]["@paperclipai/adapter-pi-local"] == stamp["adapter_version"]
    assert {"commit", "source_sha256", "cpu_model", "cpu_governor", "load_1m"} <= set(stamp)


@pytest.mark.usefixtures("at_their_smallest")
async def test_agents_in_vms_have_a_base_and_a_slope_and_stand_beside_their_claims(console: Engine) -> None:
    found = await taken(console, ["population", "claims"], ["agentos_local/pi"])
    per_agent = found["agentos_local/pi", "memory_per_agent_bytes"].value
    assert found["agentos_local/pi", "memory_base_bytes"].value > per_agent > 10 * 2**20
    detail = json.loads(found["agentos_local/pi", "memory_base_bytes"].detail_json or "")
    assert [point["population"] for point in detail["points"]] == [0, 1, 2, 3]
    for metric in load_definitions().of_group("claims"):
        record = found["agent-os", metric.name]
        assert record.value > 0
        assert record.unit == metric.unit
    (claim,) = json.loads(found["agent-os", "vm_create_and_spawn_ms"].detail_json or "")["claims"]
    assert claim["ratio"] == found["agent-os", "vm_create_and_spawn_ms"].value / 4.8


@pytest.mark.usefixtures("at_their_smallest")
async def test_what_is_installed_and_what_the_console_costs_is_counted(console: Engine) -> None:
    found = await taken(console, ["population", "complexity", "operations", "overhead"], ["pi_local"])
    assert found["pi_local", "memory_per_agent_bytes"].value > 10 * 2**20
    assert found["pi_local", "adapter_code_lines"].value > 500
    assert found["pi_local", "runtime_packages"].value > 50
    assert found["pi_local", "runtime_native_files"].value >= 1
    assert found["pi_local", "running_processes"].value >= 2
    assert found["pi_local", "left_processes"].value == 0
    assert found["pi_local", "setup_steps"].value >= 3
    defined = {metric.name for metric in load_definitions().of_group("overhead")}
    assert {name for subject, name in found if subject == "sidebeat"} == defined
    assert not console.launches.refusal


async def test_nothing_is_measured_while_something_else_is(console: Engine) -> None:
    console.launches.refusal = "an experiment is running; pause it first"
    try:
        with pytest.raises(RefusedOrder, match="an experiment is running"):
            await console.measurements.take(["complexity"])
    finally:
        console.launches.refusal = None


async def test_a_job_that_cannot_be_done_says_why_and_leaves_nothing(console: Engine, tmp_path: Path) -> None:
    with pytest.raises(MeasureError, match="JOBS"):
        await run_job(Bench(console, (), tmp_path), "unknown", {"job": "unknown"})
    assert pids_with_variable("TMPDIR", str(tmp_path)) == []


async def test_the_command_prints_what_it_stored(command: CommandLine) -> None:
    result = await command.run("measure", "complexity", "--runtime", "opencode_local", "--json")
    told = json.loads(result.output)
    assert result.exit_code == 0
    assert told["absent"] == []
    assert {record["name"] for record in told["measurements"]} == {
        metric.name for metric in load_definitions().of_group("complexity")
    }
    refused = await command.run("measure", "complexity", "--runtime", "opencode_lokal")
    assert refused.exit_code == 2
    assert "did you mean `opencode_local`?" in refused.said
