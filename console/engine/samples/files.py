"""A table of samples as CSV and JSON. Any text in it may come from a file, an agent or a person."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final, Literal

from console.engine.plain_text import one_line
from console.engine.samples.table import SampleTable, Value
from store.records import ExperimentMarginRecord, ExperimentRecord

SampleFormat = Literal["csv", "json"]

_FORMULA_SIGNS: Final = "=+-@\uff1d\uff0b\uff0d\uff20"
"""What a spreadsheet takes for the beginning of a formula, full-width signs included."""


class SamplesNotWrittenError(Exception):
    """The files cannot be written; the message is one sentence with the folder and the remedy."""


def as_csv(table: SampleTable) -> str:
    """Text is quoted, on one line and harmless; what a spreadsheet would run begins with an apostrophe instead."""
    lines = io.StringIO()
    writer = csv.writer(lines, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n")
    writer.writerow([_cell(name) for name in table.columns])
    writer.writerows([_cell(value) for value in row] for row in table.rows)
    return lines.getvalue()


def as_json(
    table: SampleTable,
    experiment: ExperimentRecord | None = None,
    margins: tuple[ExperimentMarginRecord, ...] = (),
) -> str:
    """All texts as they are stored, escaped to ASCII."""
    samples = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    content: dict[str, Any] = {
        "schema": 1,
        "experiment": None if experiment is None else asdict(experiment),
        "margins": [asdict(margin) for margin in margins],
        "samples": samples,
    }
    return json.dumps(content, indent=1) + "\n"


def write_files(folder: Path, stem: str, texts: dict[SampleFormat, str]) -> list[Path]:
    """Write `stem.csv` and the like into the folder, which is made. Raises SamplesNotWrittenError."""
    paths: list[Path] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for suffix, text in texts.items():
            path = folder / f"{stem}.{suffix}"
            path.write_text(text, "utf-8", newline="")
            paths.append(path)
    except OSError as error:
        reason = error.strerror or str(error)
        raise SamplesNotWrittenError(f"{folder}: cannot be written ({reason}); name another folder") from error
    return paths


def _cell(value: Value) -> str | int | float | None:
    if isinstance(value, bool):
        return int(value)
    if not isinstance(value, str):
        return value
    text = one_line(value)
    return f"'{text}" if text.lstrip()[:1] in _FORMULA_SIGNS and text.strip() else text
