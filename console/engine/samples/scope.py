"""What the metrics are looked at of: an experiment, or all stored runs of two runtimes in a scenario."""

from __future__ import annotations

from dataclasses import dataclass

from console.engine.experiment.results import Comparison, ExperimentResult
from console.engine.experiment.rows import ExperimentRows, FinishedPair, TrialBeat
from store.records import BridgeMode


@dataclass(frozen=True, slots=True)
class ExperimentScope:
    """The pairs of one experiment."""

    experiment_id: str


@dataclass(frozen=True, slots=True)
class StoredScope:
    """All runs of two runtimes in one scenario, started cold or warm. The first runtime is the baseline."""

    runtime_keys: tuple[str, str]
    scenario: str
    bridge_mode: BridgeMode
    run_count: int = 0


MetricScope = ExperimentScope | StoredScope


@dataclass(frozen=True, slots=True)
class Subject:
    """One metric of one candidate, beat and scenario (None: all of them): what pairs are looked at of."""

    metric: str
    unit: str
    title: str
    candidate_arm: int = 1
    scenario: str | None = None
    beat_index: int = 1

    @classmethod
    def of(cls, comparison: Comparison) -> Subject:
        """What a comparison is about."""
        return cls(
            metric=comparison.metric,
            unit=comparison.unit,
            title=comparison.title or comparison.metric,
            candidate_arm=comparison.candidate_arm,
            scenario=comparison.scenario,
            beat_index=comparison.beat_index,
        )


@dataclass(frozen=True, slots=True)
class PairSide:
    """One arm's beat in a pair; `value` is None where the run has no such number."""

    run_id: str
    status: str
    value: float | None
    is_outlier: bool


@dataclass(frozen=True, slots=True)
class PairRow:
    """One pair of a comparison, with the arms in the order of running (`baseline_ran_first`)."""

    pair_no: int
    scenario: str
    baseline_ran_first: bool
    baseline: PairSide | None
    candidate: PairSide | None

    @property
    def ratio(self) -> float | None:
        """Candidate over baseline, of two numbers above zero."""
        values = [side.value for side in (self.baseline, self.candidate) if side is not None and side.value]
        return values[1] / values[0] if len(values) == 2 and min(values) > 0 else None


@dataclass(frozen=True, slots=True)
class ScopeReading:
    """Everything of a scope: each metric of each candidate, scenario and beat, compared or not.

    `result` is the experiment's; None for stored runs, of which no verdict is told. `unpaired_runs` had no partner.
    """

    scope: MetricScope
    rows: ExperimentRows
    comparisons: tuple[Comparison, ...]
    result: ExperimentResult | None
    unpaired_runs: int

    @property
    def hides_verdicts(self) -> bool:
        """Whether verdicts must not be told."""
        return self.result is None or self.result.verdicts_hidden_because is not None

    def comparison(self, subject: Subject) -> Comparison | None:
        """What the pairs say of a subject; None where no run has the number."""
        return next((item for item in self.comparisons if Subject.of(item) == subject), None)

    def pair_count(self, candidate_arm: int, scenario: str | None, beat_index: int) -> int:
        """How many pairs have this beat in both arms, whether or not it succeeded there."""
        return sum(
            all(pair.trials[index].beat(beat_index) is not None for index in (0, candidate_arm))
            for pair in self.rows.measured_pairs
            if scenario in (None, pair.scenario)
        )

    def pairs(self, subject: Subject) -> tuple[PairRow, ...]:
        """The pairs behind a number, also those in which an arm failed or has no such number."""
        found = self.comparison(subject)
        summaries = (found.baseline, found.candidate) if found is not None else ()
        outliers = {sample.run_id for summary in summaries for sample in summary.samples if sample.is_outlier}
        return tuple(
            _pair_row(pair, subject, outliers)
            for pair in self.rows.measured_pairs
            if subject.scenario in (None, pair.scenario)
        )


def _pair_row(pair: FinishedPair, subject: Subject, outliers: set[str]) -> PairRow:
    sides = [
        _side(pair.trials[index].beat(subject.beat_index), subject.metric, outliers)
        for index in (0, subject.candidate_arm)
    ]
    return PairRow(pair.pair_no, pair.scenario, pair.ran_before(0, subject.candidate_arm), sides[0], sides[1])


def _side(beat: TrialBeat | None, metric: str, outliers: set[str]) -> PairSide | None:
    if beat is None:
        return None
    run = beat.run
    return PairSide(run.id, run.status, beat.metrics.get(metric), run.id in outliers)
