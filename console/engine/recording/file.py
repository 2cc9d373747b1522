"""The recording file: gzipped JSON lines, a header and then one stored record a line."""

from __future__ import annotations

import gzip
import io
import json
import zlib
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, cast

from store import records as r

FORMAT = "sidebeat-recording"
VERSION = 1

RecordedRecord = (
    r.LaunchRecord
    | r.IssueRecord
    | r.RunRecord
    | r.LogChunkRecord
    | r.TranscriptEntryRecord
    | r.TranscriptRowRecord
    | r.ModelRequestRecord
    | r.ProcessSampleRecord
    | r.MetricRecord
    | r.SessionEventRecord
    | r.CommentRecord
    | r.ModelReplyRecord
    | r.ResumeVerdictRecord
)
RECORD_TYPES: dict[str, type[RecordedRecord]] = {
    "launch": r.LaunchRecord,
    "issue": r.IssueRecord,
    "run": r.RunRecord,
    "log_chunk": r.LogChunkRecord,
    "transcript_entry": r.TranscriptEntryRecord,
    "transcript_row": r.TranscriptRowRecord,
    "model_request": r.ModelRequestRecord,
    "process_sample": r.ProcessSampleRecord,
    "metric": r.MetricRecord,
    "session_event": r.SessionEventRecord,
    "comment": r.CommentRecord,
    "model_reply": r.ModelReplyRecord,
    "resume_verdict": r.ResumeVerdictRecord,
}
_NAMES = {record_type: name for name, record_type in RECORD_TYPES.items()}


class RecordingError(Exception):
    """A recording that cannot be played; the message is one sentence."""


@dataclass(frozen=True, slots=True)
class Recording:
    """Everything that some launches left in a store, in the order in which it was exported."""

    records: tuple[RecordedRecord, ...]

    def of(self, record_type: type[Any]) -> list[Any]:
        """The records of one kind."""
        return [record for record in self.records if isinstance(record, record_type)]


def write_recording(path: Path, recording: Recording) -> None:
    """Write the file; the same records give the same bytes."""
    lines = [json.dumps({"format": FORMAT, "version": VERSION})]
    lines += [_line(record) for record in recording.records]
    # A fixed time stamp and no file name in the gzip header keep the bytes the same.
    buffer = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=buffer, mtime=0) as stream:
        stream.write("\n".join(lines).encode("utf-8") + b"\n")
    path.write_bytes(buffer.getvalue())


def _line(record: RecordedRecord) -> str:
    # ASCII escapes keep lone surrogates, which UTF-8 cannot hold.
    return json.dumps({"record": _NAMES[type(record)], **asdict(record)})


def read_recording(path: Path) -> Recording:
    """Read a file back. Raises RecordingError that names the file, the line and the remedy."""
    try:
        lines = gzip.decompress(path.read_bytes()).decode("utf-8").splitlines()
    except (OSError, EOFError, UnicodeDecodeError, zlib.error) as error:
        raise RecordingError(f"{path}: not a readable recording ({error}); export it again") from error
    header = _object(path, 1, lines[0] if lines else "")
    if header.get("format") != FORMAT:
        raise RecordingError(f"{path}: not a Sidebeat recording; make one with `sidebeat export`")
    if header.get("version") != VERSION:
        raise RecordingError(
            f"{path}: has version {header.get('version')}, this Sidebeat plays {VERSION}; "
            "export it again with this version"
        )
    return Recording(tuple(_record(path, number, line) for number, line in enumerate(lines[1:], start=2)))


def _object(path: Path, number: int, line: str) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except ValueError as error:
        raise RecordingError(f"{path}, line {number}: not JSON; export the recording again") from error
    if not isinstance(value, dict):
        raise RecordingError(f"{path}, line {number}: not a record; export the recording again")
    return cast("dict[str, Any]", value)


def _record(path: Path, number: int, line: str) -> RecordedRecord:
    value = _object(path, number, line)
    name = value.pop("record", None)
    record_type = RECORD_TYPES.get(str(name))
    if record_type is None:
        raise RecordingError(f"{path}, line {number}: unknown record `{name}`; play it with a newer Sidebeat")
    known = {field.name for field in fields(record_type)}
    try:
        return record_type(**{key: item for key, item in value.items() if key in known})
    except TypeError as error:
        raise RecordingError(f"{path}, line {number}: {error}; export the recording again") from error
