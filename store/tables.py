"""How each record lies in its table: columns, key, and the values that SQLite is given and gives back."""

from __future__ import annotations

import types
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from typing import Any, Final, Generic, Literal, TypeVar, cast, get_args, get_origin, get_type_hints

from store import records

SqlValue = str | bytes | int | float | None
RecordT = TypeVar("RecordT")

_INTEGER_LIMIT: Final = 2**63  # SQLite's integers have 64 bits


def text_to_sql(value: str | None) -> SqlValue:
    """Text as SQLite can hold it: TEXT, or BLOB where lone surrogates keep it from being valid UTF-8."""
    if value is None or value.isascii():
        return value
    try:
        value.encode()
    except UnicodeEncodeError:
        return blob_to_sql(value)
    return value


def text_from_sql(value: Any) -> str | None:
    """The text that `text_to_sql` was given."""
    return blob_from_sql(value) if isinstance(value, bytes) else value


def blob_to_sql(value: str) -> bytes:
    """UTF-8 that keeps lone surrogates."""
    return value.encode("utf-8", "surrogatepass")


def blob_from_sql(value: bytes) -> str:
    """The text that `blob_to_sql` was given."""
    return value.decode("utf-8", "surrogatepass")


def _compressed_to_sql(value: str) -> bytes:
    return zlib.compress(blob_to_sql(value))


def _compressed_from_sql(value: bytes | None) -> str:
    return blob_from_sql(zlib.decompress(value)) if value else ""


def _unchanged(value: Any) -> Any:
    return value


def _flag_from_sql(value: Any) -> bool:
    return bool(value)


@dataclass(frozen=True, slots=True)
class Codec:
    """The way of one column's values into SQLite and back."""

    to_sql: Callable[[Any], SqlValue]
    from_sql: Callable[[Any], Any]


_TEXT: Final = Codec(text_to_sql, text_from_sql)
_BLOB: Final = Codec(blob_to_sql, blob_from_sql)
_COMPRESSED: Final = Codec(_compressed_to_sql, _compressed_from_sql)
_NUMBER: Final = Codec(_unchanged, _unchanged)
_FLAG: Final = Codec(int, _flag_from_sql)
_CODEC_OF_TYPE: Final[dict[type, Codec]] = {str: _TEXT, bool: _FLAG, int: _NUMBER, float: _NUMBER}


@dataclass(frozen=True)
class Table(Generic[RecordT]):
    """One table and the record type that it holds; a row's values are in the order of the record's fields."""

    name: str
    record_type: type[RecordT]
    key: tuple[str, ...]
    columns: tuple[str, ...]
    codecs: tuple[Codec, ...]
    numeric_columns: tuple[str, ...]
    upsert_sql: str

    def to_row(self, record: RecordT) -> tuple[SqlValue, ...]:
        """The values to bind to `upsert_sql`."""
        return tuple(
            codec.to_sql(getattr(record, column)) for column, codec in zip(self.columns, self.codecs, strict=True)
        )

    def from_row(self, row: Sequence[Any]) -> RecordT:
        """The record that `to_row` was given."""
        values = {
            column: codec.from_sql(value) for column, codec, value in zip(self.columns, self.codecs, row, strict=True)
        }
        return self.record_type(**values)

    def key_of(self, record: RecordT) -> tuple[Any, ...]:
        """What identifies the record within the table."""
        return tuple(getattr(record, column) for column in self.key)

    def select(self, *, without: str | None = None) -> str:
        """`SELECT ... FROM` this table; the column `without` is left out of what is read and comes back empty."""
        listed = ", ".join("NULL" if column == without else column for column in self.columns)
        return f"SELECT {listed} FROM {self.name}"  # noqa: S608  (names are constants of this module)

    def refuse_bad_numbers(self, record: RecordT) -> None:
        """Raise ValueError for a number that cannot be stored: NaN, infinite, or beyond 64 bits."""
        for column in self.numeric_columns:
            value = getattr(record, column)
            if value is None:
                continue
            if not -_INTEGER_LIMIT <= value < _INTEGER_LIMIT:  # false for NaN as well
                where = f"{type(record).__name__}.{column} of {self.key_of(record)}"
                raise ValueError(f"{where} is {value}, which cannot be stored; give a 64-bit number or None")


def _value_type(hint: Any) -> Any:
    """`str` of `str`, `str | None` and `Literal["a", "b"]`."""
    if get_origin(hint) is types.UnionType:
        hint = next(member for member in get_args(hint) if member is not types.NoneType)
    return str if get_origin(hint) is Literal else hint


def _table(name: str, record_type: type[RecordT], *key: str, codecs: dict[str, Codec] | None = None) -> Table[RecordT]:
    hints = get_type_hints(record_type)
    columns = tuple(field.name for field in fields(cast(Any, record_type)))
    value_types = {column: _value_type(hints[column]) for column in columns}
    special = codecs or {}
    assigned = ", ".join(f"{column} = excluded.{column}" for column in columns if column not in key)
    sql = (
        f"INSERT INTO {name} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"  # noqa: S608
        f" ON CONFLICT ({', '.join(key)}) DO UPDATE SET {assigned}"  # (names are constants of this module)
    )
    return Table(
        name=name,
        record_type=record_type,
        key=key,
        columns=columns,
        codecs=tuple(special.get(column) or _CODEC_OF_TYPE[value_types[column]] for column in columns),
        numeric_columns=tuple(column for column in columns if value_types[column] in (int, float)),
        upsert_sql=sql,
    )


RUNTIMES: Final = _table("runtimes", records.RuntimeRecord, "key")
AGENTS: Final = _table("agents", records.AgentRecord, "id")
ISSUES: Final = _table("issues", records.IssueRecord, "id")
COMMENTS: Final = _table("comments", records.CommentRecord, "id")
LAUNCHES: Final = _table("launches", records.LaunchRecord, "id")
RUNS: Final = _table("runs", records.RunRecord, "id")
LOG_CHUNKS: Final = _table("log_chunks", records.LogChunkRecord, "run_id", "seq", codecs={"chunk": _BLOB})
TRANSCRIPT_ENTRIES: Final = _table("transcript_entries", records.TranscriptEntryRecord, "run_id", "seq")
TRANSCRIPT_ROWS: Final = _table("transcript_rows", records.TranscriptRowRecord, "run_id", "row_no")
MODEL_REQUESTS: Final = _table(
    "model_requests", records.ModelRequestRecord, "run_id", "ordinal", codecs={"body": _COMPRESSED}
)
PROCESS_SAMPLES: Final = _table("process_samples", records.ProcessSampleRecord, "run_id", "at_ms")
SESSIONS: Final = _table("sessions", records.SessionRecord, "agent_id", "adapter_type", "task_key")
SESSION_EVENTS: Final = _table("session_events", records.SessionEventRecord, "id")
METRICS: Final = _table("metrics", records.MetricRecord, "run_id", "name")
PROCESSES: Final = _table("processes", records.ProcessRecord, "pid", "started_at_epoch")
CRITERIA: Final = _table("criteria", records.CriterionRecord, "id")
ANSWERS: Final = _table("answers", records.AnswerRecord, "id")
EVIDENCE: Final = _table("evidence", records.EvidenceRecord, "id")
SIGNOFFS: Final = _table("signoffs", records.SignoffRecord, "id")
MODEL_REPLIES: Final = _table("model_replies", records.ModelReplyRecord, "run_id", "ordinal")
RESUME_VERDICTS: Final = _table("resume_verdicts", records.ResumeVerdictRecord, "run_id")
EXPERIMENTS: Final = _table("experiments", records.ExperimentRecord, "id")
EXPERIMENT_MARGINS: Final = _table(
    "experiment_margins", records.ExperimentMarginRecord, "experiment_id", "metric", "revision"
)
TRIALS: Final = _table("trials", records.TrialRecord, "experiment_id", "pair_no", "attempt", "arm_index")
CHAINS: Final = _table("chains", records.ChainRecord, "id")
CHAIN_STEPS: Final = _table("chain_steps", records.ChainStepRecord, "chain_id", "step_no")
MEASUREMENTS: Final = _table("measurements", records.MeasurementRecord, "id")

TABLES: Final[tuple[Table[Any], ...]] = (
    RUNTIMES, AGENTS, ISSUES, COMMENTS, LAUNCHES, RUNS, LOG_CHUNKS, TRANSCRIPT_ENTRIES, TRANSCRIPT_ROWS,
    MODEL_REQUESTS, PROCESS_SAMPLES, SESSIONS, SESSION_EVENTS, METRICS, PROCESSES, CRITERIA, ANSWERS, EVIDENCE,
    SIGNOFFS, MODEL_REPLIES, RESUME_VERDICTS, EXPERIMENTS, EXPERIMENT_MARGINS, TRIALS, CHAINS, CHAIN_STEPS,
    MEASUREMENTS,
)  # fmt: skip
"""Every table that holds records."""

TABLE_OF: Final[dict[type, Table[Any]]] = {table.record_type: table for table in TABLES}
"""The table of a record type."""
