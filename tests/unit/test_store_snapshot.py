"""A snapshot: one commit for all reads, and a fingerprint of the rows that evidence rests on."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from store import Store, StoreError
from store.records import MeasurementRecord, MetricRecord, ProcessRecord, RunRecord, RuntimeRecord, Write
from store.snapshot import REPORT_SUBJECT, open_snapshot
from tests.unit.store_samples import HOSTILE_TEXT, fixed_clock, sample


async def put(path: Path, *records: Write) -> None:
    async with await Store.open(path, fixed_clock) as store:
        for record in records:
            store.put(record)


async def fingerprint(path: Path) -> str:
    async with open_snapshot(path) as snapshot:
        return snapshot.fingerprint


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a.sqlite"


async def test_a_copy_in_another_folder_has_the_same_fingerprint(path: Path, tmp_path: Path) -> None:
    await put(
        path,
        sample(RunRecord, id="r1", summary=HOSTILE_TEXT),
        MetricRecord(run_id="r1", name="n", value=0.1, unit="ms"),
    )
    copy = tmp_path / "other" / "b.sqlite"
    copy.parent.mkdir()
    shutil.copy(path, copy)
    assert await fingerprint(path) == await fingerprint(copy)


async def test_the_order_of_writing_is_no_difference(path: Path, tmp_path: Path) -> None:
    records: Sequence[Write] = [sample(RunRecord, id="r1"), sample(RunRecord, id="r2")]
    await put(path, *records)
    await put(tmp_path / "b.sqlite", *reversed(records))
    assert await fingerprint(path) == await fingerprint(tmp_path / "b.sqlite")


@pytest.mark.parametrize(
    "record",
    [
        sample(RunRecord, id="r2"),
        sample(RunRecord, id="r1", summary="another"),
        MetricRecord(run_id="r1", name="n", value=0.2, unit="ms"),
        sample(MeasurementRecord, subject="pi_local", name="runtime_packages"),
    ],
)
async def test_other_evidence_is_another_fingerprint(path: Path, record: Write) -> None:
    await put(path, sample(RunRecord, id="r1", summary=None), MetricRecord(run_id="r1", name="n", value=0.1, unit="ms"))
    before = await fingerprint(path)
    await put(path, record)
    assert await fingerprint(path) != before


async def test_what_is_no_evidence_changes_nothing(path: Path) -> None:
    await put(path, sample(RuntimeRecord, key="pi_local", seen_at="2026-01-01T00:00:00.000Z"))
    before = await fingerprint(path)
    await put(
        path,
        sample(RuntimeRecord, key="pi_local", seen_at="2026-02-02T00:00:00.000Z"),
        sample(ProcessRecord, pid=1),
        sample(MeasurementRecord, subject=REPORT_SUBJECT, name="written"),
    )
    assert await fingerprint(path) == before


async def test_reads_do_not_see_what_is_written_meanwhile(path: Path) -> None:
    await put(path, sample(RunRecord, id="r1"))
    async with open_snapshot(path) as snapshot:
        await put(path, sample(RunRecord, id="r2"))
        assert [run.id for run in await snapshot.queries.runs()] == ["r1"]
    assert len(await _runs(path)) == 2


async def _runs(path: Path) -> list[str]:
    async with open_snapshot(path) as snapshot:
        return [run.id for run in await snapshot.queries.runs()]


async def test_a_file_that_is_not_there_is_refused_and_not_made(path: Path) -> None:
    with pytest.raises(StoreError, match="No such file"):
        await fingerprint(path)
    assert [item.name for item in path.parent.glob("*")] == []
