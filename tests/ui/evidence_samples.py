"""A database with experiments in several states, and with numbers that were measured beside the runs."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from console.engine.clock import iso_utc
from store.records import (
    ExperimentKind,
    ExperimentMarginRecord,
    ExperimentRecord,
    ExperimentState,
    IssueRecord,
    MeasurementRecord,
    MetricRecord,
    ProcessSampleRecord,
    RunRecord,
    TrialRecord,
    Write,
)
from tests.ui.samples import HOSTILE, NOW, finished, run

HOST, VM, OPENCODE = "pi_local", "agentos_local/pi", "opencode_local"
_PAIR_S = 6.0

_NUMBERS: Mapping[str, tuple[float, float, str]] = {
    "execute_to_first_request_ms": (1843.0, 1912.0, "ms"),
    "execute_to_first_entry_ms": (1905.0, 2010.0, "ms"),
    "execute_ms": (2140.0, 2530.0, "ms"),
    "checkout_ms": (2.1, 2.0, "ms"),
    "root_ms": (9.0, 57.0, "ms"),
    "endpoint_ms": (3.0, 3.0, "ms"),
    "bridge_ms": (1032.0, 180.0, "ms"),
    "execute_to_spawn_ms": (32.0, 214.0, "ms"),
    "spawn_to_first_request_ms": (1811.0, 1698.0, "ms"),
    "model_ms": (40.0, 40.4, "ms"),
    "between_requests_ms": (24.0, 384.0, "ms"),
    "tool_gap_ms": (12.0, 192.0, "ms"),
    "last_answer_to_result_ms": (210.0, 180.0, "ms"),
    "persist_ms": (6.0, 6.2, "ms"),
    "peak_pss_bytes": (142e6, 717e6, "bytes"),
    "cpu_seconds": (1.1, 2.4, "s"),
    "input_tokens": (6539.0, 9873.0, "tokens"),
    "upstream_recall": (1.0, 0.92, "share"),
}
"""A host's and a VM's median, and the unit."""

_EXACT = ("input_tokens", "upstream_recall")


@dataclass(frozen=True, slots=True)
class Sketch:
    """An experiment to be made up."""

    number: int
    state: ExperimentState
    runtimes: tuple[str, str] = (HOST, VM)
    kind: ExperimentKind = "comparison"
    pairs: int = 20
    max_pairs: int = 20
    spread: float = 0.04
    margins: Sequence[tuple[str, float, bool]] = (
        ("execute_to_first_request_ms", 1.25, True),
        ("execute_ms", 1.5, False),
        ("tool_gap_ms", 2.0, False),
        ("peak_pss_bytes", 2.0, False),
    )
    failing_pair: int | None = None
    outlier_pair: int | None = None
    agents: tuple[str, str] = ("pi 0.60.0", "pi 0.60.0")
    title: str = ""
    state_reason: str | None = None
    changes: Sequence[ExperimentMarginRecord] = field(default_factory=tuple)

    @property
    def id(self) -> str:
        """Of its record."""
        return f"experiment-{self.number}"


def made_up(sketch: Sketch) -> Iterator[Write]:
    """All rows of an experiment."""
    begun = NOW - 7_200 * (10 - sketch.number)
    yield ExperimentRecord(
        id=sketch.id,
        number=sketch.number,
        title=sketch.title or f"hello-tool: {' against '.join(sketch.runtimes)}, cold",
        kind=sketch.kind,
        scenarios_json=json.dumps(["hello-tool"]),
        runtime_keys_json=json.dumps(sketch.runtimes),
        temperature="cold",
        seed=7,
        warmup_pairs=1,
        min_pairs=10,
        max_pairs=sketch.max_pairs,
        stops_when_settled=False,
        time_limit_s=300.0,
        state=sketch.state,
        state_reason=sketch.state_reason,
        created_at=iso_utc(begun - 60),
        started_at=iso_utc(begun) if sketch.pairs else None,
        console_pid=1,
        console_started_at_epoch=NOW - 60,
    )
    for metric, ratio, is_primary in sketch.margins:
        yield _margin(sketch, metric, 0, ratio, is_primary, 0, "fixed before the first pair")
    yield from sketch.changes
    random = Random(sketch.number)
    for pair_no in range(1, sketch.pairs + 2 if sketch.pairs else 1):
        yield from _pair(sketch, pair_no, begun + pair_no * _PAIR_S, random)


def _margin(
    sketch: Sketch, metric: str, revision: int, ratio: float, is_primary: bool, pairs: int, reason: str
) -> ExperimentMarginRecord:
    return ExperimentMarginRecord(
        experiment_id=sketch.id,
        metric=metric,
        revision=revision,
        margin_ratio=ratio,
        is_primary=is_primary,
        set_at=iso_utc(NOW - 3_600),
        finished_pairs_then=pairs,
        reason=reason,
    )


def _pair(sketch: Sketch, pair_no: int, begun: float, random: Random) -> Iterator[Write]:
    drift = random.gauss(0, 0.05)
    order = (0, 1) if pair_no % 4 in (1, 0) else (1, 0)
    for position, arm in enumerate(order):
        run_id = f"run-{sketch.number}-{pair_no:02d}-{'ab'[arm]}"
        at = begun + position * _PAIR_S / 2
        yield TrialRecord(
            experiment_id=sketch.id,
            pair_no=pair_no,
            attempt=1,
            arm_index=arm,
            position=position,
            scenario="hello-tool",
            runtime_key=sketch.runtimes[arm],
            is_warmup=pair_no == 1,
            state="finished",
            issue_id=f"issue-{run_id}",
            run_ids_json=json.dumps([run_id]),
            started_at=iso_utc(at),
            finished_at=iso_utc(at + 2.7),
        )
        failed = pair_no == sketch.failing_pair and arm == 1
        yield _run(sketch, arm, run_id, at, failed=failed)
        yield _issue(run_id, at)
        is_outlier = pair_no == sketch.outlier_pair and arm == 1
        yield from _metrics(sketch, arm, run_id, drift + math.log(2.2) * is_outlier, random, failed=failed)
        yield from _samples(sketch, arm, run_id)


def _run(sketch: Sketch, arm: int, run_id: str, at: float, *, failed: bool) -> RunRecord:
    changes: dict[str, object] = {}
    if failed:
        reason = "the VM's session ended before the prompt was acknowledged"
        changes = {"status": "failed", "observed_status": "failed", "error_message": reason}
    return finished(
        run(arm, sketch.runtimes[arm]),
        2.5,
        id=run_id,
        issue_id=f"issue-{run_id}",
        launch_id=f"launch-{run_id}",
        scenario="hello-tool",
        beat_index=1,
        created_at=iso_utc(at),
        started_at=iso_utc(at),
        finished_at=iso_utc(at + 2.5),
        summary="Done: the file says hello.",
        provenance_json=json.dumps({"agent": sketch.agents[arm], "system": "Linux 6.1 x86_64", "cpu_count": 2}),
        **changes,
    )


def _issue(run_id: str, at: float) -> IssueRecord:
    return IssueRecord(
        id=f"issue-{run_id}",
        identifier=f"SB-{run_id[4:]}",
        title="Say hello with a tool",
        description="",
        status="done",
        created_at=iso_utc(at),
        updated_at=iso_utc(at),
    )


def _metrics(
    sketch: Sketch, arm: int, run_id: str, drift: float, random: Random, *, failed: bool
) -> Iterator[MetricRecord]:
    is_vm = sketch.runtimes[arm] == VM
    for name, (host, vm, unit) in _NUMBERS.items():
        noise = 0.0 if name in _EXACT else drift + random.gauss(0, sketch.spread)
        yield MetricRecord(run_id=run_id, name=name, value=(vm if is_vm else host) * math.exp(noise), unit=unit)
    yield MetricRecord(run_id=run_id, name="succeeded", value=0.0 if failed else 1.0, unit="share")


def _samples(sketch: Sketch, arm: int, run_id: str) -> Iterator[ProcessSampleRecord]:
    top = 717e6 if sketch.runtimes[arm] == VM else 142e6
    for number in range(11):
        share = 1 - math.exp(-number / 3)
        yield ProcessSampleRecord(
            run_id=run_id,
            at_ms=250.0 * number,
            process_count=1 + number % 2,
            rss_bytes=int(top * 1.2 * share),
            cpu_seconds=0.2 * number,
            pss_bytes=int(top * share),
        )


SELF_CHECK = Sketch(1, "finished", (HOST, HOST), "self-check", title="hello-tool: pi_local against itself, cold")
CHANGED = Sketch(
    2,
    "finished",
    failing_pair=9,
    outlier_pair=5,
    agents=("pi 0.60.0", "pi 0.59.1"),
    changes=(
        ExperimentMarginRecord(
            experiment_id="experiment-2",
            metric="execute_to_first_request_ms",
            revision=1,
            margin_ratio=1.5,
            is_primary=True,
            set_at=iso_utc(NOW - 3_500),
            finished_pairs_then=20,
            reason="people wait for the model much longer than that",
        ),
    ),
)
UNCHECKED = Sketch(3, "finished", (OPENCODE, VM), pairs=12, max_pairs=12)
UNSETTLED = Sketch(4, "running", pairs=13, spread=0.42)
PLANNED = Sketch(5, "planned", pairs=0)


def measured() -> Iterator[MeasurementRecord]:
    """Claims, complexity and overheads."""
    claim = {"value": 6.1, "text": "6.1 ms p50", "source": "agent-os benchmark page", "url": "https://example.org/b"}
    rows: tuple[tuple[str, str, float, str, Sequence[float], object], ...] = (
        ("agent-os", "vm_create_ms", 9.4, "ms", (9.1, 9.4, 9.4, 10.2, 14.0), {"claims": [claim]}),
        (HOST, "adapter_code_lines", 612, "lines", (), {"files": 9}),
        (VM, "adapter_code_lines", 1_804, "lines", (), {"files": 31}),
        (VM, "runtime_installed_bytes", 412e6, "bytes", (), None),
        ("machine", "endpoint_turn_ms", 1.1, "ms", (1.0, 1.1, 1.1, 1.3), None),
        ("machine", "sampling_share", 0.012, "share", (), None),
    )
    for number, (subject, name, value, unit, samples, detail) in enumerate(rows):
        yield MeasurementRecord(
            id=f"measurement-{number}",
            subject=subject,
            name=name,
            value=value,
            unit=unit,
            sample_count=len(samples) or 1,
            samples_json=json.dumps(samples) if samples else None,
            statement="Counted from the installed package." if not samples else "Median of what was timed here.",
            detail_json=json.dumps(detail) if detail is not None else None,
            provenance_json=json.dumps({"system": "Linux 6.1 x86_64"}),
            measured_at=iso_utc(NOW - 500 + number),
        )


def evidence() -> list[Write]:
    """Every experiment, and what was measured beside them."""
    sketches = (SELF_CHECK, CHANGED, UNCHECKED, UNSETTLED, PLANNED)
    return [*(row for sketch in sketches for row in made_up(sketch)), *measured()]


def hostile_evidence() -> list[Write]:
    """An experiment whose every text tries to fool the terminal."""
    sketch = Sketch(6, "paused", (HOST, HOSTILE), pairs=6, title=HOSTILE, state_reason=HOSTILE, agents=(HOSTILE, "pi"))
    measurement = next(measured())
    claim = {"value": None, "text": HOSTILE, "source": HOSTILE, "url": HOSTILE}
    bad = MeasurementRecord(
        id="measurement-hostile",
        subject=HOSTILE,
        name=measurement.name,
        value=1.0,
        unit=HOSTILE,
        sample_count=1,
        samples_json="[1, 2",
        statement=HOSTILE,
        detail_json=json.dumps({"claim": claim}),
        provenance_json=HOSTILE,
        measured_at=iso_utc(NOW),
    )
    return [*made_up(sketch), bad]
