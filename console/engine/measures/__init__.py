"""What is measured of a run and beside the runs: each metric's unit, definition and clock, as data."""

from console.engine.measures.definitions import (
    GROUPS,
    RECOMMENDED,
    DefinitionsError,
    MetricDefinition,
    MetricDefinitions,
    MetricGroup,
    MetricUnit,
    Recommended,
    load_definitions,
)

__all__ = [
    "GROUPS",
    "RECOMMENDED",
    "DefinitionsError",
    "MetricDefinition",
    "MetricDefinitions",
    "MetricGroup",
    "MetricUnit",
    "Recommended",
    "load_definitions",
]
