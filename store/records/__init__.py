"""Every record of the store: frozen dataclasses, one table each, read back equal to what was put.

Fields ending in ``_at`` are ISO-8601 UTC text with milliseconds (``2026-01-31T09:30:00.000Z``); ``at_ms`` is
milliseconds since the run's ``execute`` was called (negative for what came before); ``*_json`` is JSON text.
"""

from __future__ import annotations

from store.records.experiment import (
    ExperimentKind,
    ExperimentMarginRecord,
    ExperimentRecord,
    ExperimentState,
    Temperature,
    TrialRecord,
    TrialState,
)
from store.records.measurement import MeasurementRecord
from store.records.plan import (
    AnswerRecord,
    CriterionKind,
    CriterionRecord,
    EvidenceRecord,
    SignoffRecord,
)
from store.records.resume import ChainRecord, ChainStepRecord, ChainStepState, ResumeVerdictRecord, ResumeWord
from store.records.run import (
    UNFINISHED_RUN_STATUSES,
    WITHHELD_BY_OPERATOR,
    BridgeMode,
    LaunchKind,
    LaunchRecord,
    MetricRecord,
    ModelMode,
    ProcessRecord,
    ProcessSampleRecord,
    RunRecord,
    RunStatus,
)
from store.records.session import SessionAction, SessionDeleted, SessionEventRecord, SessionRecord
from store.records.stream import (
    LogChunkRecord,
    ModelReplyRecord,
    ModelRequestRecord,
    TranscriptEntryRecord,
    TranscriptRowRecord,
)
from store.records.work import AgentRecord, AuthorKind, CommentRecord, IssueRecord, RuntimeRecord

__all__ = [
    "UNFINISHED_RUN_STATUSES",
    "WITHHELD_BY_OPERATOR",
    "AgentRecord",
    "AnswerRecord",
    "AuthorKind",
    "BridgeMode",
    "ChainRecord",
    "ChainStepRecord",
    "ChainStepState",
    "CommentRecord",
    "CriterionKind",
    "CriterionRecord",
    "EvidenceRecord",
    "ExperimentKind",
    "ExperimentMarginRecord",
    "ExperimentRecord",
    "ExperimentState",
    "IssueRecord",
    "LaunchKind",
    "LaunchRecord",
    "LogChunkRecord",
    "MeasurementRecord",
    "MetricRecord",
    "ModelMode",
    "ModelReplyRecord",
    "ModelRequestRecord",
    "ProcessRecord",
    "ProcessSampleRecord",
    "Record",
    "ResumeVerdictRecord",
    "ResumeWord",
    "RunRecord",
    "RunStatus",
    "RuntimeRecord",
    "SessionAction",
    "SessionDeleted",
    "SessionEventRecord",
    "SessionRecord",
    "SignoffRecord",
    "Temperature",
    "TranscriptEntryRecord",
    "TranscriptRowRecord",
    "TrialRecord",
    "TrialState",
    "Write",
]

Record = (
    RuntimeRecord
    | AgentRecord
    | IssueRecord
    | CommentRecord
    | LaunchRecord
    | RunRecord
    | LogChunkRecord
    | TranscriptEntryRecord
    | TranscriptRowRecord
    | ModelRequestRecord
    | ProcessSampleRecord
    | SessionRecord
    | SessionEventRecord
    | MetricRecord
    | ProcessRecord
    | CriterionRecord
    | AnswerRecord
    | EvidenceRecord
    | SignoffRecord
    | ModelReplyRecord
    | ResumeVerdictRecord
    | ExperimentRecord
    | ExperimentMarginRecord
    | TrialRecord
    | ChainRecord
    | ChainStepRecord
    | MeasurementRecord
)
"""What a table holds."""

Write = Record | SessionDeleted
"""What `Store.put` takes."""
