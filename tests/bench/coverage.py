"""What the statistics of experiments are worth, by simulation: `make bench` prints it, and asserts no figure.

Each line is a share of simulated experiments in which two arms with a known true ratio are measured.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Sequence

import pytest
from scipy import stats

from console.engine.experiment.comparing import compare
from console.engine.experiment.rows import ExperimentRows
from console.engine.experiment.schedule import arm_order
from console.engine.experiment.self_check import self_check_of
from console.engine.measures.definitions import load_definitions
from console.engine.statistics.figures import Interval, Sample
from console.engine.statistics.paired import Pair, pairing
from store.records import ExperimentMarginRecord, MetricRecord, RunRecord, TrialRecord
from tests.unit.experiment_samples import FIRST_REQUEST, StoredExperiment

REPEATS = 1_000
SELF_CHECKS = 200
TRUE_RATIO = 1.2
COUNTS = (5, 8, 10, 20)

Drift = Callable[[float], float]
"""How many times slower the machine is, by the share of the experiment that is over."""


@pytest.fixture(scope="module")
def report() -> Iterator[list[str]]:
    """Lines to print at the end."""
    lines: list[str] = []
    yield lines
    print("\n" + "\n".join(lines))  # noqa: T201 -- this is what `make bench` is for


def noisy(noise: random.Random, variation: float) -> float:
    """A log-normal time with this coefficient of variation."""
    sigma = math.sqrt(math.log(1 + variation**2))
    return 1000 * math.exp(noise.gauss(0, sigma))


def simulated(noise: random.Random, n: int, variation: float, drift: Drift, *, in_blocks: bool = False) -> list[Pair]:
    """Pairs as they would be measured, in ABBA order or all of one arm before all of the other."""
    pairs: list[Pair] = []
    for index in range(n):
        order = arm_order(1, index, 2)
        moments = {arm: (2 * index + place) / (2 * n) for place, arm in enumerate(order)}
        if in_blocks:
            moments = {arm: (arm * n + index) / (2 * n) for arm in order}
        before = noisy(noise, variation) * drift(moments[0])
        after = noisy(noise, variation) * drift(moments[1]) * TRUE_RATIO
        pairs.append(Pair(Sample(index, "", before), Sample(index, "", after), order[0] == 0))
    return pairs


def coverage(n: int, variation: float, drift: Drift, *, in_blocks: bool = False) -> tuple[float, float]:
    """The share of intervals that hold the true ratio, and the mean half-width as a share of it."""
    noise = random.Random(f"{n} {variation} {in_blocks}")
    held, width = 0, 0.0
    for _ in range(REPEATS):
        interval = pairing(simulated(noise, n, variation, drift, in_blocks=in_blocks)).ratio_interval
        assert interval is not None
        held += interval.low <= TRUE_RATIO <= interval.high
        width += (interval.high - interval.low) / 2 / TRUE_RATIO
    return held / REPEATS, width / REPEATS


def bootstrap_interval(pairs: Sequence[Pair], noise: random.Random) -> Interval:
    """A percentile bootstrap of the same geometric mean, to compare with."""
    logs = [pair.log_ratio for pair in pairs]
    means = sorted(sum(noise.choices(logs, k=len(logs))) / len(logs) for _ in range(400))
    return Interval(math.exp(means[10]), math.exp(means[389]))


@pytest.mark.timeout(600)
def test_how_often_the_interval_holds_the_true_ratio(report: list[str]) -> None:
    report.append(f"95% interval of the paired ratio, {REPEATS} simulated experiments each")
    for variation in (0.05, 0.30):
        for n in COUNTS:
            held, width = coverage(n, variation, lambda _: 1.0)
            report.append(
                f"  t on logs, variation {variation:4.0%}, n = {n:2}: holds {held:6.1%}, reaches +-{width:.1%}"
            )


@pytest.mark.timeout(600)
def test_a_bootstrap_instead(report: list[str]) -> None:
    noise = random.Random(5)
    for n in (5, 10):
        intervals = [bootstrap_interval(simulated(noise, n, 0.05, lambda _: 1.0), noise) for _ in range(300)]
        held = sum(interval.low <= TRUE_RATIO <= interval.high for interval in intervals) / len(intervals)
        report.append(f"  percentile bootstrap, variation   5%, n = {n:2}: holds {held:6.1%}")


@pytest.mark.timeout(600)
def test_what_the_order_is_worth_while_the_machine_slows_down_by_a_tenth(report: list[str]) -> None:
    for name, in_blocks in (("ABBA", False), ("all A, then all B", True)):
        held, _ = coverage(20, 0.05, lambda share: 1 + 0.1 * share, in_blocks=in_blocks)
        report.append(f"  {name}, drift of 10%, n = 20: holds {held:6.1%}")


def healthy_self_check(noise: random.Random, variation: float) -> ExperimentRows:
    """The rows of a runtime against itself on a quiet machine."""
    values = [[noisy(noise, variation) for _ in range(20)] for _ in range(2)]
    stored = StoredExperiment(
        lambda arm, index: {FIRST_REQUEST: values[arm][index]}, 20, kind="self-check", runtime_keys=("a", "a")
    )
    records = list(stored.records())
    metrics: dict[str, dict[str, float]] = {}
    for record in records:
        if isinstance(record, MetricRecord):
            metrics.setdefault(record.run_id, {})[record.name] = record.value
    return ExperimentRows(
        stored.record(),
        tuple(record for record in records if isinstance(record, ExperimentMarginRecord)),
        tuple(record for record in records if isinstance(record, TrialRecord)),
        {record.id: record for record in records if isinstance(record, RunRecord)},
        metrics,
    )


@pytest.mark.timeout(600)
def test_how_often_a_healthy_self_check_says_no_difference(report: list[str]) -> None:
    noise = random.Random(11)
    for variation in (0.05, 0.15):
        said = 0
        for _ in range(SELF_CHECKS):
            rows = healthy_self_check(noise, variation)
            found = self_check_of(rows, compare(rows, load_definitions()))
            said += found is not None and found.says_no_difference
        low, high = (
            getattr(stats.binomtest(said, SELF_CHECKS).proportion_ci(method="wilson"), end) for end in ("low", "high")
        )
        report.append(
            f"  A/A of 20 pairs, variation {variation:4.0%}: says no difference in {said / SELF_CHECKS:.1%} "
            f"({low:.0%} to {high:.0%})"
        )
