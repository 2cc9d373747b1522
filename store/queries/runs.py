"""Runs, their launches, and what was measured of them."""

from __future__ import annotations

from dataclasses import dataclass

from store.queries.reader import Reader, where
from store.records import (
    BridgeMode,
    LaunchKind,
    LaunchRecord,
    MetricRecord,
    ProcessRecord,
    ProcessSampleRecord,
    RunRecord,
    RunStatus,
)
from store.tables import LAUNCHES, METRICS, PROCESS_SAMPLES, PROCESSES, RUNS, text_from_sql


@dataclass(frozen=True, slots=True)
class LaunchWithRuns:
    """One launch and the runs of its lanes, by lane and beat."""

    launch: LaunchRecord
    runs: tuple[RunRecord, ...]


@dataclass(frozen=True, slots=True)
class RunGroup:
    """How many ended runs a runtime has in a scenario, by how its bridge was started."""

    runtime_key: str
    scenario: str
    bridge_mode: BridgeMode
    experimental: bool
    count: int


class RunQueries(Reader):
    """Reads of `runs`, `launches`, `metrics`, `process_samples` and `processes`."""

    async def run(self, run_id: str) -> RunRecord | None:
        """The run with this id."""
        return await self._record(RUNS, "WHERE id = ?", run_id)

    async def runs(
        self,
        *,
        runtime_key: str | None = None,
        scenario: str | None = None,
        issue_id: str | None = None,
        status: RunStatus | None = None,
        limit: int = 100,
        offset: int = 0,
    ) -> list[RunRecord]:
        """Runs that meet every given condition, newest first."""
        condition, values = where(
            [
                ("runtime_key", runtime_key),
                ("scenario", scenario),
                ("issue_id", issue_id),
                ("status", status),
            ]
        )
        return await self._records(
            RUNS, f"{condition} ORDER BY created_at DESC, rowid DESC LIMIT ? OFFSET ?", *values, limit, offset
        )

    async def run_groups(self) -> list[RunGroup]:
        """Every runtime, scenario and bridge mode that has ended runs, by name."""
        rows = await self._rows(
            "SELECT runtime_key, scenario, bridge_mode, MAX(experimental), COUNT(*) FROM runs "
            "WHERE finished_at IS NOT NULL GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
        )
        return [
            RunGroup(text_from_sql(key) or "", text_from_sql(scenario) or "", mode, bool(flag), count)
            for key, scenario, mode, flag, count in rows
        ]

    async def runs_with_prefix(self, prefix: str) -> list[RunRecord]:
        """Runs whose id begins with this text, newest first."""
        condition = "WHERE substr(id, 1, ?) = ? ORDER BY created_at DESC, rowid DESC"
        return await self._records(RUNS, condition, len(prefix), prefix)

    async def unfinished_runs(self) -> list[RunRecord]:
        """Runs that are queued or running, or were when their console died; oldest first."""
        # Spelt out, as in the partial index that answers it: SQLite matches the two as text, not as parameters.
        return await self._records(RUNS, "WHERE status IN ('queued', 'running') ORDER BY created_at, rowid")

    async def launch(self, launch_id: str) -> LaunchWithRuns | None:
        """The launch with this id and its runs."""
        launch = await self._record(LAUNCHES, "WHERE id = ?", launch_id)
        if launch is None:
            return None
        runs = await self._records(RUNS, "WHERE launch_id = ? ORDER BY lane_index, beat_index, rowid", launch_id)
        return LaunchWithRuns(launch, tuple(runs))

    async def launches(
        self, *, limit: int = 100, offset: int = 0, without_kind: LaunchKind | None = None
    ) -> list[LaunchRecord]:
        """Launches, newest first."""
        return await self._records(
            LAUNCHES,
            "WHERE kind IS NOT ? ORDER BY started_at DESC, rowid DESC LIMIT ? OFFSET ?",
            without_kind,
            limit,
            offset,
        )

    async def metrics(self, run_id: str) -> list[MetricRecord]:
        """The run's derived numbers, by name."""
        return await self._records(METRICS, "WHERE run_id = ? ORDER BY name", run_id)

    async def metrics_named(self, name: str) -> dict[str, MetricRecord]:
        """One derived number of every run that has it, by run id."""
        records = await self._records(METRICS, "WHERE name = ?", name)
        return {record.run_id: record for record in records}

    async def process_samples(self, run_id: str) -> list[ProcessSampleRecord]:
        """The samples of the run's process tree, in order of time."""
        return await self._records(PROCESS_SAMPLES, "WHERE run_id = ? ORDER BY at_ms", run_id)

    async def live_processes(self) -> list[ProcessRecord]:
        """Processes of every console that were not seen to end, oldest first."""
        return await self._records(PROCESSES, "WHERE ended_at IS NULL ORDER BY recorded_at, pid")
