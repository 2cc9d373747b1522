"""What the screens of experiments and metrics read. The statistics are imported off the event loop, when first used."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Final, cast

from console.engine.experiment.results import ExperimentResult
from console.engine.find import UnknownIdError
from console.engine.measures.definitions import load_definitions
from console.engine.samples.scope import MetricScope, ScopeReading, StoredScope
from console.ui.screens.metrics_words import told
from console.ui.text import SafeText, foreign, join
from store.queries import Queries
from store.records import MeasurementRecord

if TYPE_CHECKING:
    import console.engine.experiment.reading as experiment_module
    import console.engine.samples.scope_reading as scope_module

_TOLD_OVERHEADS: Final = ("endpoint_turn_ms", "endpoint_to_row_ms", "parse_line_ms", "pss_sample_ms", "sampling_share")


async def load_statistics() -> None:
    """Import what experiments need, so that the screen goes on meanwhile."""
    await asyncio.to_thread(import_module, "console.engine.experiment.experiments")


async def read_result(queries: Queries, experiment_id: str) -> ExperimentResult | None:
    """What is known of an experiment; None when it is gone."""
    loaded = await asyncio.to_thread(import_module, "console.engine.experiment.reading")
    try:
        return await cast("experiment_module", loaded).experiment_result(queries, experiment_id)
    except UnknownIdError:
        return None


async def read_scope(queries: Queries, scope: MetricScope) -> ScopeReading | None:
    """Every metric of a scope; None when its experiment is gone."""
    loaded = await asyncio.to_thread(import_module, "console.engine.samples.scope_reading")
    try:
        return await cast("scope_module", loaded).read_scope(queries, scope)
    except UnknownIdError:
        return None


async def read_stored_scopes(queries: Queries) -> tuple[StoredScope, ...]:
    """What can be looked at beside experiments."""
    loaded = await asyncio.to_thread(import_module, "console.engine.samples.scope_reading")
    return await cast("scope_module", loaded).stored_scopes(queries)


def overhead_lines(measurements: Sequence[MeasurementRecord]) -> Iterator[SafeText]:
    """What endpoint and console themselves cost, as it was measured last."""
    definitions = load_definitions()
    for name in _TOLD_OVERHEADS:
        definition = definitions.find(name)
        found = next((record for record in measurements if record.name == name), None)
        if found is not None and definition is not None:
            yield join([foreign(definition.title), told(found.value, found.unit)], "  ")
