"""Experiments, their margins and trials, and what was measured beside the runs."""

from __future__ import annotations

from store.queries.reader import Reader, where
from store.records import (
    ExperimentMarginRecord,
    ExperimentRecord,
    ExperimentState,
    MeasurementRecord,
    MetricRecord,
    RunRecord,
    TrialRecord,
)
from store.tables import EXPERIMENT_MARGINS, EXPERIMENTS, MEASUREMENTS, METRICS, RUNS, TRIALS

_RUN_IDS = "SELECT ids.value FROM trials, json_each(trials.run_ids_json) AS ids WHERE trials.experiment_id = ?"


class ExperimentQueries(Reader):
    """Reads of `experiments`, `experiment_margins`, `trials` and `measurements`."""

    async def experiment(self, experiment_id: str) -> ExperimentRecord | None:
        """The experiment with this id."""
        return await self._record(EXPERIMENTS, "WHERE id = ?", experiment_id)

    async def experiment_numbered(self, number: int) -> ExperimentRecord | None:
        """The experiment that a person calls by this number."""
        return await self._record(EXPERIMENTS, "WHERE number = ?", number)

    async def experiments(self) -> list[ExperimentRecord]:
        """All experiments, newest first."""
        return await self._records(EXPERIMENTS, "ORDER BY number DESC")

    async def experiments_in_state(self, state: ExperimentState) -> list[ExperimentRecord]:
        """Experiments that stand so, oldest first."""
        return await self._records(EXPERIMENTS, "WHERE state = ? ORDER BY number", state)

    async def next_experiment_number(self) -> int:
        """The number of the next experiment."""
        return await self._value("SELECT COALESCE(MAX(number), 0) + 1 FROM experiments")

    async def experiment_margins(self, experiment_id: str) -> list[ExperimentMarginRecord]:
        """Every margin that was ever set, by metric and revision; the last revision of a metric counts."""
        return await self._records(
            EXPERIMENT_MARGINS, "WHERE experiment_id = ? ORDER BY metric, revision", experiment_id
        )

    async def trials(self, experiment_id: str) -> list[TrialRecord]:
        """All trials, discarded ones too, by pair, attempt and position."""
        return await self._records(TRIALS, "WHERE experiment_id = ? ORDER BY pair_no, attempt, position", experiment_id)

    async def trial_runs(self, experiment_id: str) -> list[RunRecord]:
        """The runs of all its trials, in order of creation."""
        return await self._records(RUNS, f"WHERE id IN ({_RUN_IDS}) ORDER BY created_at, rowid", experiment_id)

    async def trial_metrics(self, experiment_id: str) -> list[MetricRecord]:
        """The derived numbers of the runs of all its trials."""
        return await self._records(METRICS, f"WHERE run_id IN ({_RUN_IDS}) ORDER BY run_id, name", experiment_id)

    async def measurements(self, *, subject: str | None = None, name: str | None = None) -> list[MeasurementRecord]:
        """Measurements, newest first."""
        condition, values = where([("subject", subject), ("name", name)])
        return await self._records(MEASUREMENTS, f"{condition} ORDER BY measured_at DESC, rowid DESC", *values)

    async def latest_measurements(self) -> list[MeasurementRecord]:
        """The newest measurement of each subject and name, by subject and name."""
        newest = {(item.subject, item.name): item for item in reversed(await self.measurements())}
        return [newest[key] for key in sorted(newest)]
