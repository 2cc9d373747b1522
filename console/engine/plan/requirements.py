"""What has to hold before a criterion is met: a number, a text, or a person's decision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from console.engine.plan.measures.measure import MeasureArguments

Confidence = Literal["none", "wilson", "interval"]
"""What is held against the threshold: the value, Wilson's 95% interval of a rate, or the measure's own interval."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A measure whose value must be at least, or at most, a threshold. Facts (yes or no) have no threshold."""

    id: str
    measure: str
    arguments: MeasureArguments
    at_least: float | None = None
    at_most: float | None = None
    min_n: int = 1
    confidence: Confidence = "none"
    added_by: str = ""
    """Name of the plan file that added or replaced it; empty where it stands with its criterion."""

    @property
    def threshold(self) -> float | None:
        """The number that the value is held against."""
        return self.at_least if self.at_least is not None else self.at_most


@dataclass(frozen=True, slots=True)
class Documented:
    """A text that must exist: the newest answer on `subject_id`, or the file `document`."""

    id: str
    subject_id: str
    document: Path | None = None
    min_characters: int = 1
    parts: tuple[str, ...] = ()
    """Words that the text must have, in any case; each names a part of it."""
    added_by: str = ""


@dataclass(frozen=True, slots=True)
class Signed:
    """A person's decision on `subject_id`, with name and reason; any of `decisions` will do."""

    id: str
    subject_id: str
    decisions: tuple[str, ...]
    added_by: str = ""


def one_of(names: Sequence[str]) -> str:
    """`continue, pause or abandon`."""
    return " or ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


Requirement = Measured | Documented | Signed
