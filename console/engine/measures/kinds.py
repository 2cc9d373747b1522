"""What can be measured beside the runs."""

from __future__ import annotations

from typing import Final, Literal, get_args

MeasurementKind = Literal["claims", "population", "complexity", "operations", "overhead"]
KINDS: Final[tuple[MeasurementKind, ...]] = get_args(MeasurementKind)
