"""Launches out of a store, with this machine's paths taken out."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, TypeVar

from console.engine.find import UnknownIdError
from console.engine.paths import ConsolePaths
from console.engine.recording.file import RecordedRecord, Recording
from store import Queries
from store.records import RunRecord, Write

RECORDED_CONSOLE_PID = 1


async def export_launches(queries: Queries, launch_ids: Sequence[str], paths: ConsolePaths) -> Recording:
    """All that these launches left, oldest first. Raises UnknownIdError for an unknown launch."""
    clean = portable(paths)
    records = [clean(record) async for record in _records(queries, launch_ids)]
    return Recording(tuple(records))


async def _records(queries: Queries, launch_ids: Sequence[str]) -> AsyncIterator[RecordedRecord]:
    for launch_id in launch_ids:
        found = await queries.launch(launch_id)
        if found is None:
            raise UnknownIdError(f"there is no launch {launch_id} in this database; see `sidebeat runs`")
        yield found.launch
        for run in found.runs:
            async for record in _run_records(queries, run):
                yield record


async def _run_records(queries: Queries, run: RunRecord) -> AsyncIterator[RecordedRecord]:
    issue = await queries.issue(run.issue_id)
    if issue is not None:
        yield issue
    # The console that recorded it means nothing elsewhere.
    yield replace(run, console_pid=RECORDED_CONSOLE_PID, console_started_at_epoch=0.0)
    for record in (
        *await queries.log_chunks(run.id),
        *await queries.transcript_entries(run.id),
        *await queries.transcript_rows(run.id),
        *await queries.model_requests(run.id, with_bodies=True),
        *await queries.model_replies(run.id),
        *await queries.process_samples(run.id),
        *await queries.metrics(run.id),
    ):
        yield record
    verdict = await queries.resume_verdict(run.id)
    if verdict is not None:
        yield verdict
    for change in await queries.session_events(run.agent_id, run.adapter_type, run.task_key):
        if change.run_id == run.id:
            yield change
    for comment in await queries.comments(run.issue_id):
        if comment.run_id == run.id:
            yield comment


RecordT = TypeVar("RecordT", bound=Write)


def portable(paths: ConsolePaths) -> Callable[[RecordT], RecordT]:
    """Replaces this machine's folders, the longest first, by what they would be for anyone."""
    folders = {
        str(paths.data): "~/.local/share/sidebeat",
        str(paths.cache): "~/.cache/sidebeat",
        str(Path.home()): "~",
    }
    longest_first = sorted((folder for folder in folders if folder != "/"), key=len, reverse=True)
    pattern = re.compile("(" + "|".join(map(re.escape, longest_first)) + r")(?![\w.-])")

    def clean(text: str) -> str:
        return pattern.sub(lambda found: folders[found[1]], text)

    def cleaned(record: RecordT) -> RecordT:
        changed: dict[str, Any] = {
            field.name: clean(value)
            for field in fields(record)
            if isinstance(value := getattr(record, field.name), str) and clean(value) != value
        }
        return replace(record, **changed) if changed else record

    return cleaned
