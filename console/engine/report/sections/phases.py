"""The phases of a beat: medians of each step, one runtime under the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median
from typing import Final

from console.engine.report.blocks import Figure, Row, Table, columns, row
from console.engine.report.facts import ReportFacts, RunFacts, commonest_scenario, grouped
from console.engine.report.plots import Phase, PhaseBar, WaterfallPlot
from console.engine.report.values import quantity

_STEPS: Final = (
    "checkout_ms",
    "root_ms",
    "endpoint_ms",
    "bridge_ms",
    "execute_to_spawn_ms",
    "spawn_to_first_request_ms",
    "model_ms",
    "between_requests_ms",
    "last_answer_to_result_ms",
    "persist_ms",
    "teardown_ms",
)
_FALLBACK: Final = "execute_to_first_request_ms"
"""Where an adapter reports no process, its start and the agent's are one step."""


def phases_figure(facts: ReportFacts) -> Figure | None:
    """Medians over the first cold beats of each runtime; None without one."""
    counted = [item for item in facts.runs if _counts(facts, item)]
    scenario = commonest_scenario(counted)
    groups = grouped([item for item in counted if item.run.scenario == scenario], lambda item: item.runtime)
    if not groups:
        return None
    medians = {runtime: _medians(found) for runtime, found in groups.items()}
    bars = tuple(
        PhaseBar(f"{runtime} (n={len(groups[runtime])})", _phases(facts, found)) for runtime, found in medians.items()
    )
    names = [name for name in (*_STEPS, _FALLBACK) if any(name in found for found in medians.values())]
    rows = [_row(facts, name, medians) for name in names]
    return Figure(
        f"Phases of a first, cold beat of {scenario}",
        "The median of each step. Medians of single steps need not add up to the median of the whole.",
        WaterfallPlot(bars),
        Table(columns("step", *(f">{runtime} (n={len(found)})" for runtime, found in groups.items())), tuple(rows)),
    )


def _counts(facts: ReportFacts, item: RunFacts) -> bool:
    kinds = {launch.id: launch.kind for launch in facts.launches}
    return (
        item.succeeded
        and not item.is_warmup
        and item.run.beat_index == 1
        and item.run.bridge_mode == "cold"
        and item.run.model_mode == "scripted"
        and kinds.get(item.run.launch_id) != "race"
        and _FALLBACK in item.metrics
    )


def _medians(runs: Sequence[RunFacts]) -> dict[str, float]:
    found: dict[str, float] = {}
    for name in (*_STEPS, _FALLBACK):
        values = [item.metrics[name] for item in runs if name in item.metrics]
        if len(values) == len(runs):
            found[name] = median(values)
    return found


def _phases(facts: ReportFacts, medians: Mapping[str, float]) -> tuple[Phase, ...]:
    has_spawn = "spawn_to_first_request_ms" in medians
    steps = [name for name in _STEPS if has_spawn or name != "execute_to_spawn_ms"]
    if not has_spawn:
        steps.insert(steps.index("model_ms"), _FALLBACK)
    return tuple(Phase(_title(facts, name), medians[name]) for name in steps if name in medians)


def _row(facts: ReportFacts, name: str, medians: Mapping[str, Mapping[str, float]]) -> Row:
    cells = [quantity(found[name], "ms") if name in found else "—" for found in medians.values()]
    return row(_title(facts, name), *cells)


def _title(facts: ReportFacts, name: str) -> str:
    definition = facts.definitions.find(name)
    return definition.title if definition is not None else name
