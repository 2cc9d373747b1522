"""One metric across experiments with the same runtimes, temperature and scenario."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from console.engine.experiment.results import ExperimentResult
from console.engine.samples.scope import ScopeReading, Subject
from console.ui.plots.history import PastInterval
from console.ui.run_words import moment
from console.ui.screens.experiment_lines import listed
from console.ui.screens.experiment_reading import read_result
from console.ui.text import join, words
from store.queries import Queries


async def related_results(queries: Queries, database: Path, reading: ScopeReading) -> list[ExperimentResult]:
    """Experiments that compare with this baseline at this temperature, the oldest first."""
    record = reading.rows.experiment
    baseline = reading.rows.runtime_keys[0]
    results: list[ExperimentResult] = []
    for other in reversed(await queries.experiments()):
        keys = listed(other.runtime_keys_json)
        is_related = other.kind == "comparison" and other.temperature == record.temperature and keys[:1] == [baseline]
        if is_related and set(listed(other.scenarios_json)) & set(reading.rows.scenarios):
            result = await read_result(database, other.id)
            results += [result] if result is not None else []
    return results


def past_intervals(
    results: Sequence[ExperimentResult], subject: Subject, reading: ScopeReading
) -> tuple[PastInterval, ...]:
    """What each of them found of the metric between these two runtimes; nothing where there is only one."""
    candidate = reading.rows.runtime_keys[subject.candidate_arm]
    found: list[PastInterval] = []
    for result in results:
        arms = {arm.index: arm.runtime_key for arm in result.arms}
        for item in result.comparisons:
            is_same = (item.metric, item.beat_index) == (subject.metric, subject.beat_index)
            if is_same and arms.get(item.candidate_arm) == candidate and item.scenario in (subject.scenario, None):
                record = result.experiment
                day = moment((record.started_at or record.created_at)[:10])
                label = join([words("#{n}", n=record.number), day], " ")
                margin = item.margin.ratio if item.margin is not None else None
                is_current = record.id == reading.rows.experiment.id
                pairing = item.pairing
                found.append(PastInterval(label, pairing.ratio, pairing.ratio_interval, margin, is_current))
    return tuple(found) if any(not item.is_current for item in found) else ()
