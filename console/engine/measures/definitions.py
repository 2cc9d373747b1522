"""What each number means: unit, definition, where its clock starts and stops, and which way is better."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Annotated, Final, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

SHIPPED: Final = Path(__file__).with_name("metrics.toml")

MetricUnit = Literal["ms", "s", "bytes", "requests", "tokens", "processes", "characters", "lines", "packages",
                     "files", "steps", "findings", "count", "share"]  # fmt: skip
MetricGroup = Literal["latency", "phases", "resources", "tokens", "reliability", "quality", "claims", "memory",
                      "complexity", "operations", "overhead"]  # fmt: skip
Recommended = Literal["cold start latency", "session resume reliability", "transcript/log quality",
                      "implementation complexity", "operational complexity"]  # fmt: skip
"""The five metrics that the plan recommends."""

RECOMMENDED: Final[tuple[Recommended, ...]] = get_args(Recommended)
GROUPS: Final[tuple[MetricGroup, ...]] = get_args(MetricGroup)


class DefinitionsError(Exception):
    """A metrics file that cannot be used; the message is one sentence with the file, the field and the remedy."""


class MetricDefinition(BaseModel):
    """One number that a run or a measurement can have."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    """As in the tables `metrics` (`source` run) and `measurements`."""
    title: Annotated[str, Field(min_length=1)]
    unit: MetricUnit
    """A `share` is between 0 and 1."""
    definition: Annotated[str, Field(min_length=1)]
    group: MetricGroup
    direction: Literal["lower", "higher", "none"]
    """Which way is better; `none` for a number that only explains others."""
    clock_starts: str | None = None
    clock_stops: str | None = None
    source: Literal["run", "measurement"] = "run"
    kind: Literal["number", "rate"] = "number"
    """A rate is 1 or 0 for each run, and is told with Wilson's interval instead of a ratio."""
    temperature: Literal["cold", "warm", "any"] = "any"
    """The starts for which the number means what its definition says."""
    beats: Literal["first", "later", "any"] = "any"
    """The beats of an issue that have it."""
    floor: Annotated[float, Field(ge=0)] = 0.0
    """In `unit`: where a median is below it, no ratio is told."""
    compared: bool = False
    """Whether experiments compare it between runtimes."""
    primary: bool = False
    """The one that decides; others describe, or decide together under Holm's rule."""
    default_margin_ratio: Annotated[float, Field(gt=1)] | None = None
    """How much worse (candidate over baseline) still counts as within, unless an experiment fixes another."""
    margin_reason: str | None = None
    recommended: Recommended | None = None
    """The plan's metric that this number is part of."""

    @model_validator(mode="after")
    def _holds_together(self) -> MetricDefinition:
        if self.unit == "ms" and self.source == "run" and not (self.clock_starts and self.clock_stops):
            raise ValueError("a time needs `clock_starts` and `clock_stops`; say both")
        if self.compared and self.direction == "none":
            raise ValueError("what is compared needs a `direction`; set it to lower or higher, or drop `compared`")
        if self.default_margin_ratio is not None and not (self.compared and self.margin_reason):
            raise ValueError("a `default_margin_ratio` needs `compared = true` and a `margin_reason`; add them")
        if self.default_margin_ratio is not None and (self.kind == "rate" or self.direction == "higher"):
            raise ValueError("a margin is for numbers of which less is better; remove `default_margin_ratio`")
        if self.primary and self.default_margin_ratio is None:
            raise ValueError("what is primary needs a `default_margin_ratio`; add it")
        return self


class _MetricsFile(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    schema_version: Annotated[Literal[1], Field(alias="schema")]
    metric: tuple[MetricDefinition, ...]


@dataclass(frozen=True, slots=True)
class MetricDefinitions:
    """All definitions, in the order of their file."""

    metrics: tuple[MetricDefinition, ...]

    def __iter__(self) -> Iterator[MetricDefinition]:
        return iter(self.metrics)

    def find(self, name: str) -> MetricDefinition | None:
        """The definition of a stored name; None for one that an earlier version wrote."""
        return next((metric for metric in self.metrics if metric.name == name), None)

    def metric(self, name: str) -> MetricDefinition:
        """The definition of this name. Raises DefinitionsError that names the nearest."""
        found = self.find(name)
        if found is None:
            near = get_close_matches(name, [metric.name for metric in self.metrics], n=1)
            raise DefinitionsError(f"there is no metric `{name}`; {_meant(near) or 'see docs/metrics.md'}")
        return found

    @property
    def compared(self) -> tuple[MetricDefinition, ...]:
        """What experiments compare."""
        return tuple(metric for metric in self.metrics if metric.compared)

    @property
    def primary(self) -> tuple[MetricDefinition, ...]:
        """What decides."""
        return tuple(metric for metric in self.metrics if metric.primary)

    def of_group(self, group: MetricGroup) -> tuple[MetricDefinition, ...]:
        """The definitions of one group."""
        return tuple(metric for metric in self.metrics if metric.group == group)

    def recommended(self, plan_metric: Recommended) -> tuple[MetricDefinition, ...]:
        """What one of the plan's five metrics is made of."""
        return tuple(metric for metric in self.metrics if metric.recommended == plan_metric)


@cache
def load_definitions(path: Path = SHIPPED) -> MetricDefinitions:
    """Read and validate a metrics file. Raises DefinitionsError."""
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise DefinitionsError(f"{path}: not TOML: {error}; mend the line that it names") from error
    except UnicodeDecodeError as error:
        raise DefinitionsError(f"{path}: not UTF-8 at byte {error.start}; save it as UTF-8") from error
    except OSError as error:
        raise DefinitionsError(
            f"{path}: cannot be read ({error.strerror}); restore it or reinstall Sidebeat"
        ) from error
    try:
        metrics = _MetricsFile.model_validate(data).metric
    except ValidationError as error:
        raise DefinitionsError(_sentence(path, error)) from error
    _refuse_doubles(path, metrics)
    return MetricDefinitions(metrics)


def _refuse_doubles(path: Path, metrics: Sequence[MetricDefinition]) -> None:
    names = [metric.name for metric in metrics]
    doubled = next((name for name in names if names.count(name) > 1), None)
    if doubled is not None:
        raise DefinitionsError(f"{path}: `name`: {doubled} is defined twice; keep one of the two")


def _sentence(path: Path, error: ValidationError) -> str:
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"]) or "the file"
    if first["type"] == "extra_forbidden":
        known = [*MetricDefinition.model_fields, "schema", "metric"]
        near = get_close_matches(str(first["loc"][-1]), known, n=1)
        return f"{path}: `{place}` is not a key of a metrics file; {_meant(near) or 'remove it'}"
    if first["type"] == "missing":
        return f"{path}: `{place}` is missing; add it"
    if first["type"] == "value_error":
        return f"{path}: `{place}`: {first['msg'].removeprefix('Value error, ')}"
    return f"{path}: `{place}`: {first['msg']}; got {first['input']!r}, so correct that value"


def _meant(near: Sequence[str]) -> str:
    return f"did you mean `{near[0]}`?" if near else ""
