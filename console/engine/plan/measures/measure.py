"""What a measure is: a question to the stored rows, and what they answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict

from console.engine.measures.definitions import DefinitionsError, load_definitions
from console.engine.plan.measures.facts import Facts
from console.engine.statistics.figures import Interval

Shape = Literal["rate", "number", "fact"]
"""A share of n, any other number, or yes (1) and no (0)."""

BehindKind = Literal["run", "experiment", "chain"]


class MeasureArguments(BaseModel):
    """What a plan file may say about how to take the measure."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _known_metric(name: str) -> str:
    try:
        return load_definitions().metric(name).name
    except DefinitionsError as error:
        raise ValueError(str(error)) from error


MetricName = Annotated[str, AfterValidator(_known_metric)]
"""A number that the metric definitions have."""


@dataclass(frozen=True, slots=True)
class Behind:
    """One row behind a number, and what it says."""

    kind: BehindKind
    id: str
    statement: str
    """How it counts, such as `remember beat 2 on agentos_local/pi: recap`."""
    supports: bool = True
    """Whether it speaks for the requirement."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What the rows say. `n` = 0 means that there is nothing yet; the statement then says what would give it."""

    statement: str
    n: int = 0
    value: float | None = None
    successes: int | None = None
    """Of `n`; rates only."""
    interval: Interval | None = None
    """The value's own 95% interval, where the measure has one."""
    needed: int | None = None
    """So many more are needed until it is settled, where the measure itself knows."""
    is_open: bool = False
    """It can still turn out either way, whatever the value: an experiment goes on, a report is stale."""
    behind: tuple[Behind, ...] = ()


@dataclass(frozen=True, slots=True)
class Measure:
    """One entry of the registry. `unit` is what n counts."""

    name: str
    title: str
    shape: Shape
    unit: str
    arguments: type[MeasureArguments]
    take: Callable[[Any, Facts], Awaitable[Finding]]
    """Called with an instance of `arguments`."""
    reads_experiments: bool = False
    """It takes statistics, and with them far longer than a query."""
