"""What the screens of experiments and metrics read.

Statistics are imported and computed in a thread with a connection of its own, so that keys are answered meanwhile.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Final, TypeVar

from console.engine.experiment.results import ExperimentResult
from console.engine.find import UnknownIdError
from console.engine.measures.definitions import load_definitions
from console.engine.samples.scope import MetricScope, ScopeReading, StoredScope
from console.ui.screens.metrics_words import told
from console.ui.text import SafeText, foreign, join
from store.queries import Queries
from store.records import MeasurementRecord

T = TypeVar("T")

_TOLD_OVERHEADS: Final = ("endpoint_turn_ms", "endpoint_to_row_ms", "parse_line_ms", "pss_sample_ms", "sampling_share")


async def load_statistics() -> None:
    """Import what experiments need, before the engine does."""
    await asyncio.to_thread(import_module, "console.engine.experiment.experiments")


async def read_result(database: Path, experiment_id: str) -> ExperimentResult | None:
    """What is known of an experiment; None when it is gone. Raises StoreError."""
    return await _beside(database, lambda queries: _result(queries, experiment_id))


async def read_scope(database: Path, scope: MetricScope) -> ScopeReading | None:
    """Every metric of a scope; None when its experiment is gone. Raises StoreError."""
    return await _beside(database, lambda queries: _scope(queries, scope))


async def read_stored_scopes(database: Path) -> tuple[StoredScope, ...]:
    """What can be looked at beside experiments. Raises StoreError."""
    return await _beside(database, _stored_scopes) or ()


def overhead_lines(measurements: Sequence[MeasurementRecord]) -> Iterator[SafeText]:
    """What endpoint and console themselves cost, as it was measured last."""
    definitions = load_definitions()
    for name in _TOLD_OVERHEADS:
        definition = definitions.find(name)
        found = next((record for record in measurements if record.name == name), None)
        if found is not None and definition is not None:
            yield join([foreign(definition.title), told(found.value, found.unit)], "  ")


async def _result(queries: Queries, experiment_id: str) -> ExperimentResult:
    from console.engine.experiment.reading import experiment_result

    return await experiment_result(queries, experiment_id)


async def _scope(queries: Queries, scope: MetricScope) -> ScopeReading:
    from console.engine.samples.scope_reading import read_scope

    return await read_scope(queries, scope)


async def _stored_scopes(queries: Queries) -> tuple[StoredScope, ...]:
    from console.engine.samples.scope_reading import stored_scopes

    return await stored_scopes(queries)


async def _beside(database: Path, read: Callable[[Queries], Awaitable[T]]) -> T | None:
    """What `read` gives in a thread; None for an id that there is not."""

    async def opened() -> T | None:
        queries = await Queries.open(database)
        try:
            return await read(queries)
        except UnknownIdError:
            return None
        finally:
            await queries.close()

    return await asyncio.to_thread(lambda: asyncio.run(opened()))
