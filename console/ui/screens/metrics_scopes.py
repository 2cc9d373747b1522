"""The choice of a scope, and how one is called."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from console.engine.samples.scope import ExperimentScope, MetricScope, ScopeReading, StoredScope
from console.ui.modals.picker import Choice
from console.ui.screens.experiment_lines import listed
from console.ui.screens.metrics_items import Slice
from console.ui.screens.metrics_words import arm_name, state_words
from console.ui.text import EMPTY, SafeText, foreign, join, own, styled, words
from store.records import ExperimentRecord

_WITH_PAIRS: Final = ("running", "finished", "paused", "stopped")


def scope_choices(
    experiments: Sequence[ExperimentRecord], stored: Sequence[StoredScope]
) -> list[tuple[Choice, MetricScope]]:
    """Experiments, the newest first, then all runs of two runtimes in a scenario."""
    choices: list[tuple[Choice, MetricScope]] = []
    for record in experiments:
        label = join([words("Experiment {n}", n=record.number), foreign(record.title)], "  ")
        detail = join([state_words(record.state), foreign(record.temperature)], " · ")
        choices.append((Choice(f"experiment:{record.id}", label, detail), ExperimentScope(record.id)))
    for number, scope in enumerate(stored):
        label = join([foreign(scope.runtime_keys[0]), own("⇄"), foreign(scope.runtime_keys[1])], " ")
        detail = join([own("all stored runs"), foreign(scope.scenario), foreign(scope.bridge_mode)], " · ")
        counted = words("{n} runs", n=scope.run_count)
        choices.append((Choice(f"stored:{number}", label, join([detail, counted], " · ")), scope))
    return choices


def first_scope(experiments: Sequence[ExperimentRecord], stored: Sequence[StoredScope]) -> MetricScope | None:
    """The newest comparison that has begun, else the newest of any kind, else the runtimes with the most runs."""
    begun = [record for record in experiments if record.state in _WITH_PAIRS]
    compared = [record for record in begun if record.kind == "comparison"]
    if compared or begun:
        return ExperimentScope((compared or begun)[0].id)
    return stored[0] if stored else None


def scope_words(reading: ScopeReading, chosen: Slice) -> SafeText:
    """What is looked at, on one line."""
    keys = reading.rows.runtime_keys
    arm = chosen.candidate_arm if chosen.candidate_arm < len(keys) else 0
    arms = [join([styled(arm_name(index), "bold"), foreign(keys[index])], " ") for index in (0, arm)]
    record = reading.rows.experiment
    if reading.result is not None:
        what = words("Experiment {n}", "bold", n=record.number)
    else:
        what = own("All stored runs", "bold")
    scenario = foreign(chosen.scenario or ", ".join(listed(record.scenarios_json)))
    parts = [what, join(arms, " ⇄ "), scenario, foreign(record.temperature), words("beat {k}", k=chosen.beat_index)]
    return join([*parts, words("{n} pairs", n=reading.pair_count(arm, chosen.scenario, chosen.beat_index))], " · ")


def scope_caveat(reading: ScopeReading) -> SafeText:
    """What must be known before the numbers are read; empty when nothing must."""
    if reading.result is None:
        unpaired = words("; {n} runs had no partner and are left out", n=reading.unpaired_runs)
        sentence = own(
            "! a pair is two runs of one launch; their order was not shuffled, so no verdict is told", "$warning"
        )
        return join([sentence, styled(unpaired, "$warning") if reading.unpaired_runs else EMPTY])
    hidden = reading.result.verdicts_hidden_because
    return join([own("◌ ", "$warning"), foreign(hidden, "$warning")]) if hidden is not None else EMPTY
