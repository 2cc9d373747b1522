"""Each number of a run is what its definition says, from rows alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from console.engine.beat.disk import allocated_bytes
from console.engine.beat.metrics import (
    BeatReadings,
    Number,
    busy_ms,
    entry_numbers,
    outcome_metrics,
    process_numbers,
    request_numbers,
    step_numbers,
    teardown_metrics,
    verdict_metrics,
)
from console.engine.beat.step_clock import StepClock
from console.engine.events import EventFeed, Step
from console.engine.measures import load_definitions
from store.records import (
    MetricRecord,
    ModelRequestRecord,
    ProcessSampleRecord,
    ResumeVerdictRecord,
    RunRecord,
    TranscriptEntryRecord,
)
from tests.unit.store_samples import sample


def request(at_ms: float, duration_ms: float | None, **fields: Any) -> ModelRequestRecord:
    known = {"run_id": "r1", "at_ms": at_ms, "duration_ms": duration_ms, "input_tokens": 10, "output_tokens": 2}
    return sample(ModelRequestRecord, **{**known, "response_kind": "text", **fields})


def entry(at_ms: float, kind: str) -> TranscriptEntryRecord:
    return sample(TranscriptEntryRecord, run_id="r1", at_ms=at_ms, kind=kind)


def tree(at_ms: float, cpu_seconds: float, pss_bytes: int | None) -> ProcessSampleRecord:
    known = {"process_count": 2, "rss_bytes": 500, "cpu_seconds": cpu_seconds, "pss_bytes": pss_bytes}
    return sample(ProcessSampleRecord, run_id="r1", at_ms=at_ms, **known)


def readings(execute_ms: float | None = 1000.0, **reached_ms: float) -> BeatReadings:
    steps = StepClock("r1", EventFeed())
    steps.reached_ms.update({Step[name]: at_ms for name, at_ms in reached_ms.items()})
    return BeatReadings(steps, execute_ms)


def values(numbers: Any) -> dict[str, float]:
    listed: list[Number] = list(numbers)
    return {name: value for name, value, _ in listed}


TWO_TOOLS_AND_A_WORD = (
    request(300, 100, response_kind="tool_calls"),
    request(600, 50, response_kind="tool_calls"),
    request(700, 20),
)


def test_a_conversation_of_two_tool_calls_is_taken_apart() -> None:
    numbers = values(request_numbers(TWO_TOOLS_AND_A_WORD, readings(SPAWNED=120.0)))
    assert numbers == {
        "model_requests": 3,
        "execute_to_first_request_ms": 300,
        "spawn_to_first_request_ms": 180,
        "model_ms": 170,
        "between_requests_ms": 250,
        "tool_gap_ms": 125,
        "last_answer_to_result_ms": 280,
        "execute_minus_model_ms": 830,
        "input_tokens": 30,
        "output_tokens": 6,
    }


def test_the_phases_of_a_beat_add_up_to_its_execute() -> None:
    numbers = values(request_numbers(TWO_TOOLS_AND_A_WORD, readings(SPAWNED=120.0)))
    parts = ("spawn_to_first_request_ms", "model_ms", "between_requests_ms", "last_answer_to_result_ms")
    assert 120 + sum(numbers[part] for part in parts) == 1000


def test_requests_that_overlap_are_counted_once() -> None:
    assert busy_ms([request(0, 100), request(50, 100), request(60, 10), request(200, 5)]) == 155


def test_a_run_that_asked_nothing_says_just_that() -> None:
    assert values(request_numbers((), readings())) == {"model_requests": 0}


def test_a_run_without_a_result_has_no_completion() -> None:
    numbers = values(request_numbers([request(300, None)], readings(execute_ms=None)))
    assert "execute_minus_model_ms" not in numbers
    assert numbers["model_ms"] == 0


def test_a_process_that_is_told_of_after_the_first_request_has_no_time_of_getting_ready() -> None:
    assert "spawn_to_first_request_ms" not in values(request_numbers([request(300, 1)], readings(SPAWNED=301.0)))


def test_an_echo_of_the_prompt_is_no_first_entry() -> None:
    entries = [entry(10, "init"), entry(200, "assistant"), entry(310, "stdout"), entry(320, "thinking")]
    numbers = values(entry_numbers(entries, [request(300, 5)]))
    assert numbers == {"execute_to_first_sign_ms": 10, "execute_to_first_entry_ms": 320}


def test_a_log_of_a_run_without_requests_shows_nothing_of_a_model() -> None:
    assert values(entry_numbers([entry(10, "assistant")], [])) == {"execute_to_first_sign_ms": 10}
    assert values(entry_numbers([], [])) == {}


def test_memory_is_the_peak_and_cpu_what_was_added() -> None:
    samples = [tree(0, 2.5, 100), tree(250, 3.0, None), tree(500, 3.5, 900)]
    assert values(process_numbers(samples)) == {
        "peak_pss_bytes": 900,
        "peak_rss_bytes": 500,
        "peak_process_count": 2,
        "cpu_seconds": 1.0,
    }


def test_without_proportional_memory_there_is_none() -> None:
    assert "peak_pss_bytes" not in values(process_numbers([tree(0, 0.0, None)]))
    assert values(process_numbers([])) == {}


@pytest.mark.parametrize(("status", "told"), [("succeeded", [1.0]), ("failed", [0.0]), ("timed_out", [0.0])])
def test_success_is_a_number(status: str, told: list[float]) -> None:
    run = sample(RunRecord, id="r1", status=status)
    assert [metric.value for metric in outcome_metrics(run)] == told


def test_the_operators_cancel_says_nothing_of_the_runtime() -> None:
    assert outcome_metrics(sample(RunRecord, status="cancelled")) == []


@pytest.mark.parametrize(
    ("verdict", "native", "with_context"), [("native", 1, 1), ("recap", 0, 1), ("fresh", 0, 0), ("failed", 0, 0)]
)
def test_a_verdict_is_two_numbers(verdict: str, native: float, with_context: float) -> None:
    metrics = verdict_metrics(sample(ResumeVerdictRecord, run_id="r1", verdict=verdict))
    assert {metric.name: metric.value for metric in metrics} == {
        "resumed_native": native,
        "resumed_with_context": with_context,
    }


def test_a_kept_bridge_leaves_nothing_to_count() -> None:
    metrics = teardown_metrics("r1", teardown_ms=5.0, processes_stopped=0, processes_left=None)
    assert [metric.name for metric in metrics] == ["teardown_ms", "processes_stopped"]


def test_every_number_of_a_run_is_defined_with_its_unit() -> None:
    full = BeatReadings(readings(SPAWNED=120.0).steps, 1000.0, 5.0, 4096, 70)
    full.steps.took_ms.update(dict.fromkeys(Step, 1.0))
    numbers: list[Number] = [
        *step_numbers(full),
        *request_numbers(TWO_TOOLS_AND_A_WORD, full),
        *entry_numbers([entry(500, "assistant")], TWO_TOOLS_AND_A_WORD),
        *process_numbers([tree(0, 0.0, 1)]),
    ]
    records: list[MetricRecord] = [
        *outcome_metrics(sample(RunRecord, status="failed")),
        *verdict_metrics(sample(ResumeVerdictRecord, verdict="native")),
        *teardown_metrics("r1", teardown_ms=5.0, processes_stopped=0, processes_left=0),
    ]
    told = {name: unit for name, _, unit in numbers} | {record.name: record.unit for record in records}
    defined = {metric.name: metric.unit for metric in load_definitions() if metric.source == "run"}
    quality = {metric.name for metric in load_definitions() if metric.group == "quality"}
    assert told == {name: unit for name, unit in defined.items() if name not in quality}


def test_a_file_with_two_names_occupies_the_disk_once(tmp_path: Path) -> None:
    folder = tmp_path / "a"
    folder.mkdir()
    (folder / "file").write_bytes(b"x" * 100_000)
    once = allocated_bytes([folder])
    (folder / "again").hardlink_to(folder / "file")
    (folder / "elsewhere").symlink_to(tmp_path)
    assert once >= 100_000
    assert allocated_bytes([folder, folder, tmp_path / "missing"]) - once < 100_000


def test_a_sparse_file_occupies_only_what_was_written(tmp_path: Path) -> None:
    with (tmp_path / "sparse").open("wb") as file:
        file.truncate(10_000_000)
    assert allocated_bytes([tmp_path]) < 1_000_000
