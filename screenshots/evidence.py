"""The stored rows of real experiments and chains behind some screenshots: taken out of a database, put into another.

    python -m screenshots.evidence DATABASE     write screenshots/evidence.rows.gz

Logs, transcripts and request bodies are left out, but for what the resume bench shows of chains, and for errors.
"""

from __future__ import annotations

import asyncio
import gzip
import io
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Final

from console.engine.clock import utc_time
from console.engine.paths import ConsolePaths
from console.engine.recording.export import portable
from store import Queries, Store
from store import tables as t
from store.records import ChainStepRecord, RunRecord, Write

ROWS: Final = Path(__file__).with_name("evidence.rows.gz")
WHOLE_TABLES: Final = (
    "agents", "issues", "comments", "sessions", "launches", "runs", "metrics", "process_samples", "session_events",
    "resume_verdicts", "experiments", "experiment_margins", "trials", "chains", "chain_steps", "measurements",
)  # fmt: skip
_TABLE_OF_NAME: Final[dict[str, t.Table[Any]]] = {table.name: table for table in t.TABLES}
_UNSHOWN: Final = {"invocation_json": None, "result_json": None, "console_pid": 1, "console_started_at_epoch": 0.0}


async def taken_out(database: Path) -> list[str]:
    """The rows as lines of JSON, without this machine's folders."""
    clean = portable(ConsolePaths.default(database))
    async with await Queries.open(database) as queries:
        records: list[Any] = []
        for name in WHOLE_TABLES:
            records += await queries.whole_table(_TABLE_OF_NAME[name])
        chained = {record.run_id for record in records if isinstance(record, ChainStepRecord)}
        for run in [record for record in records if isinstance(record, RunRecord)]:
            records += await queries.model_requests(run.id, with_bodies=run.id in chained)
            records += [row for row in await queries.transcript_rows(run.id) if row.kind == "error"]
    return [_line(clean(_shown(record))) for record in records]


def write_rows(lines: Sequence[str], file: Path) -> None:
    """The same lines give the same bytes."""
    buffer = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=buffer, mtime=0) as stream:
        stream.write("\n".join(lines).encode())
    file.write_bytes(buffer.getvalue())


def _shown(record: Any) -> Any:
    return replace(record, **_UNSHOWN) if isinstance(record, RunRecord) else record


def _line(record: Any) -> str:
    return json.dumps({"table": t.TABLE_OF[type(record)].name, **asdict(record)})


def read_rows(file: Path = ROWS) -> Iterator[Write]:
    """The records in the file."""
    for line in gzip.decompress(file.read_bytes()).decode().splitlines():
        values: dict[str, Any] = json.loads(line)
        yield _TABLE_OF_NAME[values.pop("table")].record_type(**values)


async def fill(database: Path, epoch_s: float) -> None:
    """A new database with these rows."""
    async with await Store.open(database, lambda: utc_time(epoch_s)) as store:
        for record in read_rows():
            store.put(record)


def main(arguments: Sequence[str]) -> int:
    """Write the file; returns the exit code."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m screenshots.evidence DATABASE\n")
        return 2
    lines = asyncio.run(taken_out(Path(arguments[0])))
    write_rows(lines, ROWS)
    sys.stdout.write(f"{len(lines)} rows, {ROWS.stat().st_size:,} bytes\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
