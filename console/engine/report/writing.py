"""Writing a report: read one snapshot, write the files, and note in the database that it was written."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from console.engine.clock import Clock, iso_utc, utc_time
from console.engine.plan.measures.report import REPORT_SUBJECT, REPORT_WRITTEN
from console.engine.plan.status import PlanStatus
from console.engine.report.blocks import Document
from console.engine.report.document import report_document
from console.engine.report.errors import ReportError
from console.engine.report.gathering import gather
from console.engine.report.html import write_html
from console.engine.report.links import ShortIds
from console.engine.report.markdown import write_markdown
from store import Store, StoreError
from store.records import MeasurementRecord
from store.snapshot import open_snapshot

ReportFormat = Literal["md", "html"]
FORMATS: Final[tuple[ReportFormat, ...]] = ("md", "html")

Note = Callable[[MeasurementRecord], Awaitable[None]]
"""Stores the row that says that a report was written; raises StoreError."""


@dataclass(frozen=True, slots=True)
class WrittenReport:
    """What was written where, and what it says. `not_noted` is why the database does not know of it."""

    files: tuple[Path, ...]
    fingerprint: str
    document: Document
    status: PlanStatus
    not_noted: str | None = None


def report_folder(database: Path) -> Path:
    """Where reports go unless the operator names a folder: beside the database."""
    return database.with_name(f"{database.stem}-report")


async def write_report(
    database: Path, folder: Path, clock: Clock, note: Note, *, formats: Sequence[ReportFormat] = FORMATS
) -> WrittenReport:
    """Write `report.md` and `report.html` into `folder`, which is made. Raises StoreError and ReportError."""
    began_epoch_s = clock.epoch_s()
    async with open_snapshot(database) as snapshot:
        facts = await gather(snapshot)
    document = report_document(facts, date_line=date_line(began_epoch_s))
    short_ids = ShortIds.of(item.id for item in facts.runs)
    writers = {"md": write_markdown, "html": write_html}
    files: list[Path] = []
    for form in formats:
        text = writers[form](document, short_ids)
        path = folder / f"report.{form}"
        await asyncio.to_thread(_replace, path, text)
        files.append(path)
    not_noted = await _noted(note, _record(clock, began_epoch_s, snapshot.fingerprint, formats))
    return WrittenReport(tuple(files), snapshot.fingerprint, document, facts.status, not_noted)


def date_line(epoch_s: float) -> str:
    """The one line that differs between two reports of the same database."""
    return f"Written {utc_time(epoch_s):%Y-%m-%d %H:%M:%S} UTC."


def note_by_opening(database: Path, clock: Clock) -> Note:
    """A note for who has no open store: the database is opened for this one row."""

    async def note(record: MeasurementRecord) -> None:
        store = await Store.open(database, lambda: utc_time(clock.epoch_s()))
        try:
            store.put(record)
        finally:
            await store.close()

    return note


async def _noted(note: Note, record: MeasurementRecord) -> str | None:
    try:
        await note(record)
    except StoreError as error:
        # The report stands without it; the operator is told what the file will not know.
        return str(error)
    return None


def _record(clock: Clock, began_epoch_s: float, fingerprint: str, formats: Sequence[str]) -> MeasurementRecord:
    """`measured_at` is before the snapshot, so that a run that ends meanwhile is newer than the report."""
    return MeasurementRecord(
        id=clock.new_id(),
        subject=REPORT_SUBJECT,
        name=REPORT_WRITTEN,
        value=1.0,
        unit="count",
        sample_count=1,
        statement=f"A report was written as {' and '.join(formats)}.",
        detail_json=json.dumps({"fingerprint": fingerprint, "formats": list(formats)}),
        provenance_json="{}",
        measured_at=iso_utc(began_epoch_s),
    )


def _replace(path: Path, text: str) -> None:
    """Write beside and rename, so that a reader never sees half a report. Raises ReportError."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            beside.write_bytes(text.encode("utf-8"))
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        reason = error.strerror or str(error)
        raise ReportError(
            f"cannot write {path}: {reason}; make it yours to write, or use `sidebeat report --out FOLDER`"
        ) from error
