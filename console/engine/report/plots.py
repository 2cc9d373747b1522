"""What the report's plots show, as data; `console.engine.report.svg` draws them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

RateTone = Literal["good", "bad", "neutral"]


@dataclass(frozen=True, slots=True)
class Whisker:
    """One comparison: the ratio and both ends of its interval, against the margin that was fixed for it."""

    label: str
    low: float
    ratio: float
    high: float
    margin: float | None
    verdict: str
    """Empty where it must not be told."""


@dataclass(frozen=True, slots=True)
class WhiskerPlot:
    """Ratios of candidate to baseline on a logarithmic axis; 1 is "as the baseline"."""

    baseline: str
    candidate: str
    whiskers: tuple[Whisker, ...]


@dataclass(frozen=True, slots=True)
class Strip:
    """The single values of one arm."""

    label: str
    arm: int
    values: tuple[float, ...]
    median: float | None


@dataclass(frozen=True, slots=True)
class StripPlot:
    """Distributions of one metric in one unit, one under the other."""

    unit: str
    strips: tuple[Strip, ...]


@dataclass(frozen=True, slots=True)
class Phase:
    """One step of a beat, beginning where the one before it ended."""

    name: str
    duration_ms: float


@dataclass(frozen=True, slots=True)
class PhaseBar:
    """One runtime's beat cut into steps; medians of single steps need not add up to the median beat."""

    label: str
    phases: tuple[Phase, ...]


@dataclass(frozen=True, slots=True)
class WaterfallPlot:
    """Where the time of a beat goes, each runtime on the same axis."""

    bars: tuple[PhaseBar, ...]


@dataclass(frozen=True, slots=True)
class Curve:
    """Memory of one run's processes: (ms since `execute` was called, bytes)."""

    label: str
    arm: int
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class MemoryPlot:
    """Memory over time."""

    what: str
    """PSS or RSS."""
    curves: tuple[Curve, ...]


@dataclass(frozen=True, slots=True)
class RateBar:
    """So many of so many with Wilson's interval; shares from 0 to 1."""

    label: str
    successes: int
    n: int
    low: float
    high: float
    tone: RateTone = "neutral"


@dataclass(frozen=True, slots=True)
class RatePlot:
    """Shares of beats."""

    bars: tuple[RateBar, ...]


Plot = WhiskerPlot | StripPlot | WaterfallPlot | MemoryPlot | RatePlot
