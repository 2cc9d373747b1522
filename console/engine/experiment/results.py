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
        return len(self.history) > 1


@dataclass(frozen=True, slots=True)
class Arm:
    """One runtime of the experiment; index 0 is the baseline. `failures` counts beats that did not succeed."""

    index: int
    runtime_key: str
    success: Rate
    agent_version: str
    caveats: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """One metric of one candidate against the baseline, in one scenario or (scenario None) over all of them.

    `beat_index` tells first beats from resumed ones. `pairs_needed` estimates the further pairs until it is settled.
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
