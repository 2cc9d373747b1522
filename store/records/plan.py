"""The plan's criteria and what was written, shown and signed for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

CriterionKind = Literal["exit", "verify", "deliverable", "question", "success", "guardrail"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionRecord:
    """One item of a phase that has to be shown or delivered. Key: `id`; `position` orders a phase."""

    id: str
    phase: str
    kind: CriterionKind
    text: str
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRecord:
    """Free text for a question or a deliverable. Key: `id`; the newest of a subject counts, all are kept."""

    id: str
    subject_id: str
    body: str
    author: str
    written_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceRecord:
    """One statement that supports a criterion, and the run it was read from. Key: `id`."""

    id: str
    criterion_id: str
    kind: str
    statement: str
    run_id: str | None = None
    recorded_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignoffRecord:
    """A decision that a person signed on a criterion, a phase or the plan. Key: `id`; all are kept."""

    id: str
    subject_id: str
    decision: str
    statement: str
    signed_by: str
    signed_at: str
