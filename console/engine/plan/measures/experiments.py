"""Whether an experiment has settled the comparison, and whether its limits were fixed beforehand."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator, Mapping
from typing import cast

from console.engine.experiment.results import Comparison, ExperimentResult, Margin
from console.engine.measures.definitions import RECOMMENDED, Recommended, load_definitions
from console.engine.plan.measures.facts import Facts
from console.engine.plan.measures.measure import Behind, Finding, Measure, MeasureArguments
from console.engine.plan.measures.scope import RuntimeScope, agent_families, have_same_agent, runtimes_meant
from store.records import ExperimentMarginRecord, ExperimentRecord

_LOOKED_AT = 3
"""So many of the newest ended comparisons are looked at for one that has settled."""


class ExperimentArguments(MeasureArguments):
    """Comparisons of `runtimes` with the first target (or, without one, with any existing adapter)."""

    runtimes: RuntimeScope = "experimental"


async def comparisons(scope: RuntimeScope, facts: Facts) -> list[ExperimentRecord]:
    """The experiments that compare a runtime of this scope with the existing adapter, newest first."""
    is_candidate = await runtimes_meant(scope, facts)
    is_baseline = await runtimes_meant("target", facts)
    experimental = {runtime.key: runtime.experimental for runtime in await facts.runtimes()}
    families = await agent_families(facts)

    def is_meant(experiment: ExperimentRecord) -> bool:
        baseline, *candidates = cast("list[str]", json.loads(experiment.runtime_keys_json))
        return (
            experiment.kind == "comparison"
            and is_baseline(baseline, experimental.get(baseline, False))
            and any(
                is_candidate(key, experimental.get(key, False)) and have_same_agent(baseline, key, families)
                for key in candidates
            )
        )

    return [experiment for experiment in await facts.experiments() if is_meant(experiment)]


async def results(scope: RuntimeScope, facts: Facts) -> AsyncIterator[ExperimentResult]:
    """What the newest of them that have ended say, each read when it is asked for."""
    ended = [found for found in await comparisons(scope, facts) if found.state in ("finished", "stopped")]
    for found in ended[:_LOOKED_AT]:
        yield await facts.experiment_result(found.id)


async def _settled(arguments: ExperimentArguments, facts: Facts) -> Finding:
    found: list[ExperimentResult] = []
    async for result in results(arguments.runtimes, facts):
        found.append(result)
        if _open_because(result) is None:
            break
    if not found:
        return await _under_way(arguments, facts)
    chosen = found[-1] if _open_because(found[-1]) is None else found[0]
    because = _open_because(chosen)
    behind = tuple(behind_experiment(result) for result in found)
    pairs, name = chosen.progress.finished_pairs, f"experiment {chosen.experiment.number}"
    if because is not None:
        needed = max((item.pairs_needed or 0 for item in chosen.deciding), default=0) or None
        return Finding(f"{name}, {pairs} pairs: {because}", pairs, 0.0, needed=needed, is_open=True, behind=behind)
    told = "; ".join(_told(comparison) for comparison in chosen.deciding)
    return Finding(f"{name}, {pairs} pairs: {told}", pairs, 1.0, behind=behind)


async def _under_way(arguments: ExperimentArguments, facts: Facts) -> Finding:
    """Nothing has ended yet."""
    begun = [item for item in await comparisons(arguments.runtimes, facts) if item.started_at is not None]
    if not begun:
        return Finding("no experiment compares the new path with the existing adapter")
    newest = begun[0]
    behind = Behind("experiment", newest.id, f"experiment {newest.number}, {newest.title}: {newest.state}", False)
    return Finding(f"experiment {newest.number} is {newest.state}", 1, 0.0, is_open=True, behind=(behind,))


def _open_because(result: ExperimentResult) -> str | None:
    """Why it settles nothing yet; None when every deciding comparison has a verdict that may be shown."""
    if result.verdicts_hidden_because is not None:
        return result.verdicts_hidden_because
    if not result.deciding:
        return "nothing that decides has been compared"
    if was_cut_short(result):
        return "it was stopped by hand before its last pair, and who stops when the numbers suit finds what suits"
    open_ones = [item for item in result.deciding if not item.is_settled]
    return f"{open_ones[0].metric} is {open_ones[0].verdict}" if open_ones else None


def was_cut_short(result: ExperimentResult) -> bool:
    """Whether a person stopped it with pairs to go, having seen what they said."""
    return result.experiment.state == "stopped" and result.progress.finished_pairs < result.progress.max_pairs


def behind_experiment(result: ExperimentResult) -> Behind:
    """The experiment behind a number."""
    experiment = result.experiment
    pairs = f"{result.progress.finished_pairs} of {result.progress.max_pairs} pairs, {experiment.state}"
    text = f"experiment {experiment.number}, {experiment.title}: {pairs}"
    return Behind("experiment", experiment.id, text, _open_because(result) is None)


def _told(comparison: Comparison) -> str:
    margin = "" if comparison.margin is None else _margin_told(comparison.margin)
    return f"{comparison.metric} {comparison.verdict}{ratio_told(comparison)}{margin}"


def _margin_told(margin: Margin) -> str:
    late = max((record.finished_pairs_then for record in margin.history), default=0)
    changed = f", changed after {late} pairs" if margin.was_changed else ""
    return f", margin {margin.ratio:g}x{changed}"


def ratio_told(comparison: Comparison) -> str:
    """` 1.04x (0.98 to 1.10)`, or nothing where no ratio is told."""
    ratio, interval = comparison.pairing.ratio, comparison.pairing.ratio_interval
    if ratio is None or interval is None:
        return ""
    return f" {ratio:.2f}x ({interval.low:.2f} to {interval.high:.2f})"


class MarginArguments(ExperimentArguments):
    """`metrics` are the plan's recommended ones; `limits` names the criterion that holds one against a threshold."""

    metrics: tuple[Recommended, ...] = RECOMMENDED
    limits: Mapping[Recommended, str] = {}


async def _margins_fixed(arguments: MarginArguments, facts: Facts) -> Finding:
    found = (await comparisons(arguments.runtimes, facts))[:_LOOKED_AT]
    margins = [(experiment, await facts.queries.experiment_margins(experiment.id)) for experiment in found]
    fixed: dict[str, str] = {}
    for metric in arguments.metrics:
        words = next(_fixed_as(metric, arguments, facts, margins), None)
        if words is not None:
            fixed[metric] = words
    missing = [metric for metric in arguments.metrics if metric not in fixed]
    behind = tuple(Behind("experiment", item.id, f"experiment {item.number}, {item.title}") for item in found)
    told = "; ".join(f"{metric}: {words}" for metric, words in fixed.items())
    n = len(arguments.metrics)
    if missing:
        lacking = f"{len(fixed)} of {n} have a definition and a limit; still without: {', '.join(missing)}"
        return Finding(lacking, n if fixed else 0, 0.0, needed=len(missing), is_open=True, behind=behind)
    return Finding(f"{n} of {n} have a definition and a limit: {told}", n, 1.0, behind=behind)


def _fixed_as(
    metric: Recommended,
    arguments: MarginArguments,
    facts: Facts,
    margins: list[tuple[ExperimentRecord, list[ExperimentMarginRecord]]],
) -> Iterator[str]:
    """How the metric's limit was fixed; nothing where it has no definition or no limit."""
    definitions = {definition.name for definition in load_definitions().recommended(metric)}
    if not definitions:
        return
    for experiment, records in margins:
        for record in records:
            if record.metric in definitions and record.revision == 0 and record.finished_pairs_then == 0:
                yield f"{record.margin_ratio:g}x before pair 1 of experiment {experiment.number}"
    criterion_id = arguments.limits.get(metric, "")
    if criterion_id in facts.limits:
        yield f"by {criterion_id}"


SETTLED = Measure(
    "experiment_settled",
    "an experiment whose self-check says no difference and whose deciding metrics have a verdict",
    "fact",
    "pairs",
    ExperimentArguments,
    _settled,
    reads_experiments=True,
)
MARGINS = Measure(
    "margins_fixed",
    "recommended metrics with a definition, and a limit that was fixed before the first pair",
    "fact",
    "metrics",
    MarginArguments,
    _margins_fixed,
)
