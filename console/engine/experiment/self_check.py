"""The A/A self-check: what a runtime against itself says, and which one counts for a comparison."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from console.engine.experiment.comparing import compare, margins_by_metric
from console.engine.experiment.machine import machine, parsed
from console.engine.experiment.results import Comparison, SelfCheck
from console.engine.experiment.rows import ExperimentRows, experiment_rows
from console.engine.experiment.wording import effect_text
from console.engine.measures.definitions import MetricDefinitions
from store import Queries

ALPHA = 0.05
NO_DIFFERENCE = "no difference"


def self_check_of(rows: ExperimentRows, comparisons: Sequence[Comparison]) -> SelfCheck | None:
    """What a self-check says; None before it has a pair.

    "No difference" takes three things of every deciding metric: an interval that contains 1 (by Holm's rule where there
    are several), one that is narrow enough for the margin on both sides, and an order, a trend and a first pair that
    do not disturb it.
    """
    deciding = [comparison for comparison in comparisons if comparison.decides]
    if not deciding:
        return None
    experiment = rows.experiment
    complaints = [*_differences(deciding), *_too_wide(deciding), *_unsound(deciding)]
    pairs = min(comparison.pairing.n for comparison in deciding)
    told = "; ".join(complaints) or f"{NO_DIFFERENCE} ({_shown(deciding)}, {pairs} pairs)"
    return SelfCheck(experiment.id, experiment.number, not complaints, told)


def _shown(deciding: Sequence[Comparison]) -> str:
    return ", ".join(f"{comparison.title or comparison.metric} {effect_text(comparison)}" for comparison in deciding)


def _differences(deciding: Sequence[Comparison]) -> list[str]:
    """Their p-values are already adjusted by Holm's rule, being those of a family."""
    return [
        f"a difference where there is none: {comparison.metric} {effect_text(comparison)}"
        for comparison in deciding
        if comparison.pairing.p_value is not None and comparison.pairing.p_value <= ALPHA
    ]


def _too_wide(deciding: Sequence[Comparison]) -> list[str]:
    found: list[str] = []
    for comparison in deciding:
        interval, margin = comparison.pairing.ratio_interval, comparison.margin
        if comparison.verdict == "too few pairs":
            found.append(f"too few pairs of {comparison.metric} ({comparison.pairing.n})")
        elif interval is not None and margin is not None:
            if interval.high > margin.ratio or interval.low < 1 / margin.ratio:
                found.append(
                    f"too wide to tell: {comparison.metric} {effect_text(comparison)}, margin {margin.ratio:g}"
                )
        elif comparison.verdict != "within":
            found.append(f"too wide to tell: {comparison.metric} {effect_text(comparison)}")
    return found


def _unsound(deciding: Sequence[Comparison]) -> list[str]:
    return [
        f"{comparison.metric}: {check.statement}"
        for comparison in deciding
        for check in comparison.checks
        if not check.passed and check.name != "several metrics"
    ]


async def self_check_for(
    queries: Queries, comparison: ExperimentRows, definitions: MetricDefinitions
) -> SelfCheck | None:
    """The newest finished self-check of the baseline, with its scenarios and temperature and on its machine.

    A newer one replaces that which was named when the comparison began: it says more of the machine as it is. How many
    before it said otherwise is told with it. All are held against the margins of the comparison: a machine that is
    quiet enough for a wide margin may be too noisy for this one.
    """
    deciding = {name for name, margin in margins_by_metric(comparison).items() if margin.is_primary}
    compared = MetricDefinitions(tuple(metric for metric in definitions if metric.name in deciding))
    said: list[SelfCheck] = []
    for experiment in await queries.experiments():
        if experiment.kind != "self-check" or experiment.state != "finished":
            continue
        rows = await experiment_rows(queries, experiment.id)
        if rows is None or not fits(rows, comparison):
            continue
        rows = replace(rows, margins=comparison.margins)
        found = self_check_of(rows, compare(rows, compared))
        if found is not None:
            said.append(found)
    if not said:
        return None
    newest, *earlier = said
    return _with_earlier(newest, sum(not check.says_no_difference for check in earlier))


def _with_earlier(newest: SelfCheck, failed: int) -> SelfCheck:
    """What was tried until it suited says less; so the tries are told."""
    if not newest.says_no_difference or not failed:
        return newest
    told = "1 earlier one did not say so" if failed == 1 else f"{failed} earlier ones did not say so"
    return replace(newest, statement=f"{newest.statement}; {told}")


def fits(check: ExperimentRows, comparison: ExperimentRows) -> bool:
    """Whether what the one says of the machine and the method holds for the other."""
    return (
        check.runtime_keys[:1] == comparison.runtime_keys[:1]
        and check.experiment.temperature == comparison.experiment.temperature
        and set(comparison.scenarios) <= set(check.scenarios)
        and machine_of(check) == machine_of(comparison)
    )


def machine_of(rows: ExperimentRows) -> tuple[object, ...]:
    """Of the experiment as it began, else of its first run."""
    stored = parsed(rows.experiment.provenance_json)
    first = next(iter(rows.runs.values()), None)
    return machine(stored or parsed(first.provenance_json if first is not None else None))


def hidden_because(rows: ExperimentRows, found: SelfCheck | None) -> str | None:
    """The sentence in place of the verdicts of a comparison; None when they may be shown."""
    experiment, baseline = rows.experiment, rows.runtime_keys[0]
    if experiment.kind == "self-check" or (found is not None and found.says_no_difference):
        return None
    scenarios = "".join(f" --scenario {name}" for name in rows.scenarios)
    command = f"sidebeat experiment --self-check --runtime {baseline}{scenarios} --{experiment.temperature}"
    if found is None:
        return (
            f"no verdict is shown before {baseline} was run against itself ({experiment.temperature}, the same "
            f"scenarios, this machine): `{command}`"
        )
    return (
        f"no verdict is shown, for self-check {found.experiment_number} does not say {NO_DIFFERENCE}: "
        f"{found.statement}; quieten the machine and run `{command}` again"
    )
