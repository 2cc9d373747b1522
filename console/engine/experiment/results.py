"""An experiment read back from its stored rows: what the screens, the command line and the report show."""

from __future__ import annotations

from dataclasses import dataclass

from console.engine.statistics.figures import Check, Pairing, Rate, Summary, VerdictWord
from store.records import ExperimentMarginRecord, ExperimentRecord, TrialRecord


@dataclass(frozen=True, slots=True)
class Margin:
    """The margin that counts for a metric, and whether it was changed after pairs had finished."""

    metric: str
    ratio: float
    is_primary: bool
    history: tuple[ExperimentMarginRecord, ...]

    @property
    def was_changed(self) -> bool:
        """Whether it is not the one that was fixed before the first pair."""
        return any(record.revision > 0 for record in self.history)


@dataclass(frozen=True, slots=True)
class Failure:
    """A beat that did not succeed: counted, and its times are in no pair. `reason` is the run's own sentence."""

    pair_no: int
    arm_index: int
    beat_index: int
    run_id: str
    status: str
    reason: str


@dataclass(frozen=True, slots=True)
class Arm:
    """One runtime of the experiment; index 0 is the baseline.

    `success` counts its trials that are not warm-up: one in which every beat succeeded.
    """

    index: int
    runtime_key: str
    success: Rate
    agent_version: str
    caveats: tuple[str, ...] = ()
    failures: tuple[Failure, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """One metric of one candidate against the baseline, in one scenario or (scenario None) over several.

    `beat_index` tells first beats from resumed ones. `pairs_needed` estimates the further pairs until it is settled.
    Both summaries hold the complete pairs only; `incomplete_pairs` counts those in which an arm failed before it had
    the number. A metric that is a rate has both rates, and neither pairing nor verdict says anything of it.
    `decides` marks those of which every one must be settled: the primary metrics, in each scenario.
    """

    metric: str
    unit: str
    beat_index: int
    scenario: str | None
    baseline: Summary
    candidate: Summary
    candidate_arm: int
    pairing: Pairing
    margin: Margin | None
    verdict: VerdictWord
    verdict_without_outliers: VerdictWord
    pairs_needed: int | None
    checks: tuple[Check, ...]
    title: str = ""
    decides: bool = False
    incomplete_pairs: int = 0
    baseline_rate: Rate | None = None
    candidate_rate: Rate | None = None
    statement: str = ""
    """All of it in a sentence."""

    @property
    def is_settled(self) -> bool:
        """Whether the verdict is one."""
        return self.verdict in ("within", "over")


@dataclass(frozen=True, slots=True)
class SelfCheck:
    """A runtime against itself, as it counts for a comparison; `statement` begins with what it says."""

    experiment_id: str
    experiment_number: int
    says_no_difference: bool
    statement: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an experiment has come. `seconds_left` is estimated from the finished pairs; None before the first."""

    finished_pairs: int
    max_pairs: int
    warmup_pairs_done: int
    warmup_pairs: int
    seconds_left: float | None
    current: TrialRecord | None


@dataclass(frozen=True, slots=True)
class ExperimentResult:
    """Everything that is known of an experiment.

    Verdicts of a comparison whose self-check does not say "no difference" (or was not run) must not be shown:
    `verdicts_hidden_because` is then the sentence that takes their place.
    """

    experiment: ExperimentRecord
    scenarios: tuple[str, ...]
    arms: tuple[Arm, ...]
    progress: Progress
    comparisons: tuple[Comparison, ...]
    checks: tuple[Check, ...]
    verdicts_hidden_because: str | None
    caveats: tuple[str, ...]
    trials: tuple[TrialRecord, ...]
    self_check: SelfCheck | None = None
    """Of a comparison: the one that counts for it. Of a self-check: what it says itself, once it has pairs."""

    @property
    def deciding(self) -> tuple[Comparison, ...]:
        """The comparisons of which every one must be settled."""
        return tuple(comparison for comparison in self.comparisons if comparison.decides)

    @property
    def failures(self) -> tuple[Failure, ...]:
        """Of all arms, by pair."""
        found = [failure for arm in self.arms for failure in arm.failures]
        return tuple(sorted(found, key=lambda failure: (failure.pair_no, failure.arm_index, failure.beat_index)))
