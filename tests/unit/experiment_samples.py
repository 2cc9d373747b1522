"""Stored rows of experiments, as the runner leaves them, without a beat having run."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from console.engine.experiment.schedule import planned_pair
from store.records import (
    ExperimentKind,
    ExperimentMarginRecord,
    ExperimentRecord,
    ExperimentState,
    MetricRecord,
    RunRecord,
    Temperature,
    TrialRecord,
    Write,
)
from tests.unit.store_samples import sample

FIRST_REQUEST = "execute_to_first_request_ms"
MACHINE = {"system": "Linux 6.1 x86_64", "cpu_model": "A Processor", "cpu_count": 8, "memory_bytes": 2**34}
STAMP = {**MACHINE, "load_1m": 0.1, "agent": "pi 0.60.0", "script_sha256": "aa", "runtime_fingerprint": "ff"}

Metrics = Callable[[int, int], Mapping[str, float] | None]
"""(arm, pair counted from 0 without warm-up) to the numbers of its beat; None for a beat that failed."""


def first_requests(*by_arm: list[float]) -> Metrics:
    """The deciding metric only."""
    return lambda arm, index: {FIRST_REQUEST: by_arm[arm][index]}


@dataclass(frozen=True)
class StoredExperiment:
    """One experiment as rows; `records` yields all of them."""

    metrics: Metrics
    pairs: int
    number: int = 1
    kind: ExperimentKind = "comparison"
    runtime_keys: tuple[str, ...] = ("pi_local", "agentos_local/pi")
    scenarios: tuple[str, ...] = ("hello-tool",)
    temperature: Temperature = "cold"
    warmup_pairs: int = 1
    min_pairs: int = 5
    max_pairs: int = 20
    stops_when_settled: bool = False
    state: ExperimentState = "finished"
    margins: Mapping[str, tuple[float, bool]] = field(default_factory=lambda: {FIRST_REQUEST: (1.25, True)})
    provenance: Mapping[str, object] = field(default_factory=lambda: STAMP)
    stamp_of: Callable[[int, int], Mapping[str, object]] = lambda _arm, _index: STAMP

    @property
    def id(self) -> str:
        """Told by its number."""
        return f"e{self.number}"

    def record(self) -> ExperimentRecord:
        """The experiment itself."""
        return sample(
            ExperimentRecord,
            id=self.id,
            number=self.number,
            kind=self.kind,
            scenarios_json=json.dumps(self.scenarios),
            runtime_keys_json=json.dumps(self.runtime_keys),
            temperature=self.temperature,
            seed=1,
            warmup_pairs=self.warmup_pairs,
            min_pairs=self.min_pairs,
            max_pairs=self.max_pairs,
            stops_when_settled=self.stops_when_settled,
            state=self.state,
            provenance_json=json.dumps(self.provenance),
        )

    def records(self) -> Iterator[Write]:
        """Everything that was stored of it."""
        yield self.record()
        for metric, (ratio, is_primary) in self.margins.items():
            yield sample(
                ExperimentMarginRecord,
                experiment_id=self.id,
                metric=metric,
                revision=0,
                margin_ratio=ratio,
                is_primary=is_primary,
                finished_pairs_then=0,
            )
        for pair_no in range(1, self.warmup_pairs + self.pairs + 1):
            yield from self._pair(pair_no)

    def _pair(self, pair_no: int) -> Iterator[Write]:
        turn = planned_pair(
            pair_no,
            seed=1,
            warmup_pairs=self.warmup_pairs,
            arm_count=len(self.runtime_keys),
            scenarios=self.scenarios,
        )
        index = max(0, pair_no - 1 - self.warmup_pairs)
        for position, arm in enumerate(turn.arm_indexes):
            run_id = f"{self.id}-{pair_no}-{arm}"
            numbers = self.metrics(arm, index)
            yield sample(
                RunRecord,
                id=run_id,
                runtime_key=self.runtime_keys[arm],
                scenario=turn.scenario,
                beat_index=1,
                status="succeeded" if numbers is not None else "failed",
                error_message=None if numbers is not None else "it broke",
                provenance_json=json.dumps(self.stamp_of(arm, index)),
                created_at=f"2026-01-31T09:{pair_no:02d}:{position * 20:02d}.000Z",
            )
            for name, value in (numbers or {}).items():
                yield MetricRecord(run_id=run_id, name=name, value=value, unit="ms")
            yield TrialRecord(
                experiment_id=self.id,
                pair_no=pair_no,
                attempt=1,
                arm_index=arm,
                position=position,
                scenario=turn.scenario,
                runtime_key=self.runtime_keys[arm],
                is_warmup=turn.is_warmup,
                state="finished",
                issue_id=f"i-{run_id}",
                run_ids_json=json.dumps([run_id]),
                started_at=f"2026-01-31T09:{pair_no:02d}:{position * 20:02d}.000Z",
                finished_at=f"2026-01-31T09:{pair_no:02d}:{position * 20 + 10:02d}.000Z",
            )
