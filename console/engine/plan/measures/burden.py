"""How much heavier the new path is than the existing adapter, as a ratio of one metric."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from console.engine.experiment.results import Comparison, ExperimentResult
from console.engine.measures.definitions import load_definitions
from console.engine.plan.measures.experiments import (
    ExperimentArguments,
    behind_experiment,
    ratio_told,
    results,
    was_cut_short,
)
from console.engine.plan.measures.facts import Facts
from console.engine.plan.measures.measure import Behind, Finding, Measure, MetricName
from console.engine.plan.measures.scope import agent_families, have_same_agent, runtimes_meant
from console.engine.statistics.figures import Interval
from store.queries import RunFact


class RatioArguments(ExperimentArguments):
    """`metric` is a number of a run, read from paired experiments, or one that was measured beside the runs."""

    metric: MetricName
    beat: int | None = 1
    """Which beat of an issue; None takes what an experiment has."""


@dataclass(frozen=True, slots=True)
class _Ratio:
    """One candidate over its baseline."""

    value: float
    n: int
    statement: str
    interval: Interval | None = None
    is_open: bool = False
    behind: tuple[Behind, ...] = ()


async def _ratio(arguments: RatioArguments, facts: Facts) -> Finding:
    definition = load_definitions().metric(arguments.metric)
    if definition.source == "measurement":
        ratios = await _from_measurements(arguments, facts)
        nothing = f"{arguments.metric} has not been measured for both: sidebeat measure takes it"
    else:
        ratios = await _from_experiments(arguments, facts) or await _from_runs(arguments, facts)
        nothing = f"no beats of both have {arguments.metric}"
    if not ratios:
        return Finding(nothing)
    # One agent type that is light enough is enough, so the lightest counts.
    least = min(ratios, key=lambda ratio: ratio.value)
    return Finding(
        least.statement, least.n, least.value, interval=least.interval, is_open=least.is_open, behind=least.behind
    )


async def _from_measurements(arguments: RatioArguments, facts: Facts) -> list[_Ratio]:
    values = {item.subject: item for item in await facts.measurements() if item.name == arguments.metric}
    ratios: list[_Ratio] = []
    for candidate, baselines in (await _sides(arguments, facts)).items():
        base = [values[key] for key in baselines if key in values and values[key].value > 0]
        if candidate not in values or not base:
            continue
        smallest, measured = min(base, key=lambda item: item.value), values[candidate]
        ratio = measured.value / smallest.value
        told = f"{candidate} {measured.value:,.0f} against {smallest.subject} {smallest.value:,.0f} {smallest.unit}"
        n = min(measured.sample_count, smallest.sample_count) or 1
        ratios.append(_Ratio(ratio, n, f"{arguments.metric}: {told}, {ratio:.2f}x", Interval(ratio, ratio)))
    return ratios


async def _sides(arguments: RatioArguments, facts: Facts) -> dict[str, list[str]]:
    """Keys of the candidates, each with the existing adapters that run the same agent."""
    is_baseline = await runtimes_meant("target", facts)
    is_candidate = await runtimes_meant(arguments.runtimes, facts)
    families = await agent_families(facts)
    runtimes = [(runtime.key, runtime.experimental) for runtime in await facts.runtimes()]
    baselines = [key for key, experimental in runtimes if is_baseline(key, experimental)]
    return {
        key: [baseline for baseline in baselines if have_same_agent(baseline, key, families)]
        for key, experimental in runtimes
        if is_candidate(key, experimental)
    }


async def _from_experiments(arguments: RatioArguments, facts: Facts) -> list[_Ratio]:
    """The newest experiment that compared the metric."""
    sides = await _sides(arguments, facts)
    async for result in results(arguments.runtimes, facts):
        by_arm: dict[int, list[Comparison]] = {}
        keys = {arm.index: arm.runtime_key for arm in result.arms}
        for comparison in result.comparisons:
            baselines = sides.get(keys.get(comparison.candidate_arm, ""), [])
            if _is_of(arguments, comparison) and keys.get(0) in baselines:
                by_arm.setdefault(comparison.candidate_arm, []).append(comparison)
        if by_arm:
            return [_paired(result, _heaviest(found)) for found in by_arm.values()]
    return []


def _is_of(arguments: RatioArguments, comparison: Comparison) -> bool:
    is_beat = arguments.beat in (None, comparison.beat_index)
    return comparison.metric == arguments.metric and comparison.pairing.ratio is not None and is_beat


def _heaviest(comparisons: Sequence[Comparison]) -> Comparison:
    """Of one candidate's scenarios and beats: it is as heavy as where it is heaviest; the mean over them hides that."""
    single = [item for item in comparisons if item.scenario is not None] or comparisons
    return max(single, key=lambda item: item.pairing.ratio or 0.0)


def _paired(result: ExperimentResult, comparison: Comparison) -> _Ratio:
    hidden = result.verdicts_hidden_because
    arm = next((arm.runtime_key for arm in result.arms if arm.index == comparison.candidate_arm), "?")
    told = f"{comparison.metric}: {arm}{ratio_told(comparison)} in experiment {result.experiment.number}"
    return _Ratio(
        comparison.pairing.ratio or 0.0,
        comparison.pairing.n,
        f"{told}; {hidden}" if hidden else told,
        comparison.pairing.ratio_interval,
        hidden is not None or was_cut_short(result),
        (behind_experiment(result),),
    )


async def _from_runs(arguments: RatioArguments, facts: Facts) -> list[_Ratio]:
    """Medians of unpaired beats: a hint that settles nothing."""
    values = await facts.metric(arguments.metric)
    groups = _by_runtime(await facts.runs(), values, arguments.beat)
    ratios: list[_Ratio] = []
    for candidate, baselines in (await _sides(arguments, facts)).items():
        beside = [key for key in baselines if key in groups]
        if candidate not in groups or not beside:
            continue
        base = groups[beside[0]]
        middle = median(values[run.id] for run in base)
        if not middle > 0:
            continue
        measured = groups[candidate]
        ratio = median(values[run.id] for run in measured) / middle
        told = f"medians of unpaired beats say {ratio:.2f}x for {candidate} over {beside[0]}"
        rows = tuple(
            Behind("run", run.id, f"{run.scenario} beat {run.beat_index} on {run.runtime_key}: {values[run.id]:,.0f}")
            for run in (*measured, *base)
        )
        statement = f"{arguments.metric}: {told}; an experiment settles it"
        ratios.append(_Ratio(ratio, min(len(measured), len(base)), statement, is_open=True, behind=rows))
    return ratios


def _by_runtime(runs: Sequence[RunFact], values: Mapping[str, float], beat: int | None) -> dict[str, list[RunFact]]:
    groups: dict[str, list[RunFact]] = {}
    for run in runs:
        if run.id in values and run.status == "succeeded" and beat in (None, run.beat_index):
            groups.setdefault(run.runtime_key, []).append(run)
    return groups


RATIO = Measure(
    "ratio_to_baseline",
    "the new path over the existing adapter",
    "number",
    "values",
    RatioArguments,
    _ratio,
    reads_experiments=True,
)
