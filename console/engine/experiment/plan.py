"""What an experiment is to be, and what makes an order for one impossible."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from console.engine.beat.order import DEFAULT_TIME_LIMIT_S
from console.engine.launches import MAX_LANES, RefusedOrder
from console.engine.measures.definitions import DefinitionsError, MetricDefinitions
from store.records import ExperimentKind, Temperature

DEFAULT_MIN_PAIRS = 10
DEFAULT_MAX_PAIRS = 20
MOST_PAIRS = 1_000


@dataclass(frozen=True, slots=True)
class ExperimentOrder:
    """An experiment as it is asked for; the first runtime is the baseline.

    A self-check names its runtime once or twice. `margins` (metric to ratio) replace the defaults of the definitions.
    It always runs all its pairs: to stop as soon as it agrees would beg the question.
    """

    runtime_keys: tuple[str, ...]
    scenarios: tuple[str, ...] = ("hello-tool",)
    kind: ExperimentKind = "comparison"
    temperature: Temperature = "cold"
    seed: int = 1
    warmup_pairs: int = 1
    min_pairs: int = DEFAULT_MIN_PAIRS
    max_pairs: int = DEFAULT_MAX_PAIRS
    margins: Mapping[str, float] = field(default_factory=dict[str, float])
    stops_when_settled: bool = False
    time_limit_s: float = DEFAULT_TIME_LIMIT_S
    title: str = ""
    """Without one it is told what runs against what."""

    @property
    def arms(self) -> tuple[str, ...]:
        """The runtimes, in the order of the arms: a self-check's twice."""
        if self.kind == "self-check" and len(self.runtime_keys) == 1:
            return self.runtime_keys * 2
        return self.runtime_keys

    @property
    def shown_title(self) -> str:
        """What it is called."""
        if self.title.strip():
            return self.title.strip()
        arms = f"{self.arms[0]} against itself" if self.kind == "self-check" else " against ".join(self.arms)
        return f"{', '.join(self.scenarios)}: {arms}, {self.temperature}"


def check_order(order: ExperimentOrder, definitions: MetricDefinitions) -> None:
    """Raises RefusedOrder with the first thing that is wrong."""
    complaint = next(_complaints(order, definitions), None)
    if complaint is not None:
        raise RefusedOrder(complaint)


def _complaints(order: ExperimentOrder, definitions: MetricDefinitions) -> Iterator[str]:
    yield from _arm_complaints(order)
    if not order.scenarios:
        yield "an experiment needs a scenario; name one, such as hello-tool"
    if len(set(order.scenarios)) < len(order.scenarios):
        yield "a scenario is named twice; name each once, and raise the pairs instead"
    if order.temperature == "warm" and order.warmup_pairs == 0:
        yield "a warm experiment needs a warm-up pair, in which its bridges start; give it 1 or more"
    if order.warmup_pairs < 0:
        yield f"there cannot be {order.warmup_pairs} warm-up pairs; 1 is usual, 0 discards none"
    if not 1 <= order.max_pairs <= MOST_PAIRS:
        yield f"an experiment has 1 to {MOST_PAIRS:,} pairs, not {order.max_pairs:,}"
    if not 1 <= order.min_pairs <= order.max_pairs:
        yield f"the fewest pairs are 1 to the {order.max_pairs} of the maximum, not {order.min_pairs}"
    if order.time_limit_s < 1:
        yield f"a beat cannot be limited to {order.time_limit_s:g} s; give it 1 s or more"
    for metric, ratio in order.margins.items():
        yield from margin_complaints(metric, ratio, definitions)


def _arm_complaints(order: ExperimentOrder) -> Iterator[str]:
    arms = order.arms
    if order.kind == "self-check":
        if len(arms) != 2 or len(set(arms)) != 1:
            yield f"a self-check is one runtime against itself, not {', '.join(order.runtime_keys) or 'none'}"
        return
    if not 2 <= len(arms) <= MAX_LANES:
        yield f"a comparison takes 2 to {MAX_LANES} runtimes, not {len(arms)}; the first is the baseline"
    twice = next((key for key in arms if arms.count(key) > 1), None)
    if twice is not None:
        yield f"{twice} is named twice; a runtime against itself is a self-check"


def margin_complaints(metric: str, ratio: float, definitions: MetricDefinitions) -> Iterator[str]:
    """What keeps this ratio from being a margin of this metric."""
    try:
        definition = definitions.metric(metric)
    except DefinitionsError as error:
        yield str(error)
        return
    if not definition.compared or definition.kind == "rate":
        fit = ", ".join(item.name for item in definitions.compared if item.kind == "number")
        yield f"{metric} is not compared by ratio, so it takes no margin; those that do: {fit}"
    elif definition.direction != "lower":
        yield f"of {metric} more is better, so it takes no margin"
    if not 1 < ratio < math.inf:
        yield f"a margin is the ratio that still counts as within, such as 1.25, and above 1; {metric} has {ratio:g}"


def margins_of(order: ExperimentOrder, definitions: MetricDefinitions) -> dict[str, tuple[float, bool]]:
    """The margin of each metric that has one, and whether it decides.

    The primary metrics of the definitions decide; without one that the temperature allows, those that the order names.
    """
    usable = [item for item in definitions.compared if item.temperature in ("any", order.temperature)]
    defaults = {item.name: item.default_margin_ratio for item in usable if item.default_margin_ratio is not None}
    primary = {item.name for item in usable if item.primary} or set(order.margins) or set(defaults)
    return {name: (ratio, name in primary) for name, ratio in sorted({**defaults, **order.margins}.items())}
