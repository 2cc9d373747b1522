"""Paired experiments: what was planned, the margins fixed for it, and each trial."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ExperimentKind = Literal["comparison", "self-check"]
"""Runtimes against the first of them, or one runtime against itself (A/A)."""

Temperature = Literal["cold", "warm"]
"""Whether each beat starts its processes anew, or finds them running; the two are never pooled."""

ExperimentState = Literal["planned", "running", "paused", "finished", "stopped"]
TrialState = Literal["planned", "running", "finished", "discarded"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExperimentRecord:
    """One experiment. Key: `id`; `number` counts from 1 in the file and is what a person calls it.

    `scenarios_json` and `runtime_keys_json` are JSON lists; the first runtime is the baseline. `max_pairs` counts
    pairs that are not warm-up. `console_pid` and `console_started_at_epoch` name the console that runs it.
    """

    id: str
    number: int
    title: str
    kind: ExperimentKind
    scenarios_json: str
    runtime_keys_json: str
    temperature: Temperature
    seed: int
    warmup_pairs: int
    min_pairs: int
    max_pairs: int
    stops_when_settled: bool
    time_limit_s: float
    state: ExperimentState
    state_reason: str | None = None
    self_check_id: str | None = None
    created_at: str
    started_at: str | None = None
    finished_at: str | None = None
    provenance_json: str | None = None
    console_pid: int
    console_started_at_epoch: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ExperimentMarginRecord:
    """How much slower (as a ratio) still counts as within. Key: `experiment_id`, `metric`, `revision`.

    Revision 0 is fixed before the first pair; a later one is marked for ever by `finished_pairs_then` and `reason`.
    """

    experiment_id: str
    metric: str
    revision: int
    margin_ratio: float
    is_primary: bool
    set_at: str
    finished_pairs_then: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialRecord:
    """One arm's turn in one pair. Key: `experiment_id`, `pair_no`, `attempt`, `arm_index`.

    `pair_no` counts from 1, warm-up pairs included; `position` from 0 within the pair, in the order of running. A pair
    that a crash cut is discarded and tried again under the next `attempt`. `run_ids_json` lists its beats' runs.
    """

    experiment_id: str
    pair_no: int
    attempt: int
    arm_index: int
    position: int
    scenario: str
    runtime_key: str
    is_warmup: bool
    state: TrialState
    issue_id: str | None = None
    run_ids_json: str = "[]"
    started_at: str | None = None
    finished_at: str | None = None
