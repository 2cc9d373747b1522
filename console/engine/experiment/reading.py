"""An experiment read back, from stored rows alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from console.engine.experiment.caveats import agent_version, arm_caveats, experiment_caveats
from console.engine.experiment.comparing import compare
from console.engine.experiment.progress import progress_of
from console.engine.experiment.results import Arm, Comparison, ExperimentResult, Failure, SelfCheck
from console.engine.experiment.rows import ExperimentRows, experiment_rows
from console.engine.experiment.self_check import hidden_because, self_check_for, self_check_of
from console.engine.find import UnknownIdError
from console.engine.measures.definitions import load_definitions
from console.engine.statistics.figures import Check
from console.engine.statistics.rates import rate
from store import Queries

SUCCESS_THRESHOLD = 0.95
"""What a reliable runtime must show by Wilson's lower end: it takes 73 straight successes."""

CHECK_NAMES = ("first pair", "trend", "order", "outliers", "several metrics")


async def experiment_result(queries: Queries, experiment_id: str) -> ExperimentResult:
    """Everything that is known of an experiment. Raises UnknownIdError."""
    rows = await experiment_rows(queries, experiment_id)
    if rows is None:
        raise UnknownIdError(f"there is no experiment {experiment_id}; see `sidebeat experiment --list`")
    definitions = load_definitions()
    comparisons = compare(rows, definitions)
    if rows.experiment.kind == "self-check":
        found = self_check_of(rows, comparisons)
    else:
        found = await self_check_for(queries, rows, definitions)
    return result_of(rows, comparisons, found)


def result_of(rows: ExperimentRows, comparisons: Sequence[Comparison], found: SelfCheck | None) -> ExperimentResult:
    """Rows and what was computed of them, put together."""
    return ExperimentResult(
        experiment=rows.experiment,
        scenarios=rows.scenarios,
        arms=tuple(_arm(rows, index) for index in range(len(rows.runtime_keys))),
        progress=progress_of(rows),
        comparisons=tuple(comparisons),
        checks=tuple(_checks(rows, comparisons, found)),
        verdicts_hidden_because=hidden_because(rows, found),
        caveats=experiment_caveats(rows, comparisons),
        trials=rows.trials,
        self_check=found,
    )


def _arm(rows: ExperimentRows, index: int) -> Arm:
    trials = [pair.trials[index] for pair in rows.measured_pairs]
    return Arm(
        index=index,
        runtime_key=rows.runtime_keys[index],
        success=rate(sum(trial.succeeded for trial in trials), len(trials), SUCCESS_THRESHOLD),
        agent_version=agent_version(rows, index),
        caveats=arm_caveats(rows, index),
        failures=tuple(_failures(rows, index)),
    )


def _failures(rows: ExperimentRows, index: int) -> Iterator[Failure]:
    for pair in rows.measured_pairs:
        for beat in pair.trials[index].beats:
            run = beat.run
            if run.status != "succeeded":
                reason = run.error_message or run.error_code or run.status.replace("_", " ")
                yield Failure(pair.pair_no, index, run.beat_index, run.id, run.status, reason)


def _checks(rows: ExperimentRows, comparisons: Sequence[Comparison], found: SelfCheck | None) -> Iterator[Check]:
    """The self-check, and each soundness check over all that decides."""
    if found is not None:
        yield Check(
            "self-check", found.says_no_difference, f"A/A (experiment {found.experiment_number}): {found.statement}"
        )
    elif rows.experiment.kind == "comparison":
        yield Check("self-check", False, "A/A: not run")
    deciding = [comparison for comparison in comparisons if comparison.decides]
    for name in CHECK_NAMES:
        own = [(item, check) for item in deciding for check in item.checks if check.name == name]
        if own:
            yield _summed(name, own)


def _summed(name: str, own: Sequence[tuple[Comparison, Check]]) -> Check:
    broken = [(item, check) for item, check in own if not check.passed]
    if len(own) == 1 or (not broken and len({check.statement for _, check in own}) == 1):
        return own[0][1]
    if not broken and name != "outliers":
        could_tell = all(check.could_tell for _, check in own)
        return Check(name, True, f"{name}: nothing in {len(own)} deciding comparisons", could_tell)
    told = [
        f"{item.metric} beat {item.beat_index}, {item.scenario}: {check.statement}" for item, check in (broken or own)
    ]
    return Check(name, not broken, "; ".join(told))
