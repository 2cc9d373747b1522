"""Criteria, and what was written, shown and signed for them."""

from __future__ import annotations

from store.queries.reader import Reader, where
from store.records import AnswerRecord, CriterionRecord, EvidenceRecord, SignoffRecord
from store.tables import ANSWERS, CRITERIA, EVIDENCE, SIGNOFFS


class PlanQueries(Reader):
    """Reads of `criteria`, `answers`, `evidence` and `signoffs`."""

    async def criteria(self, *, phase: str | None = None) -> list[CriterionRecord]:
        """The criteria of one phase or of all, by phase and position."""
        condition, values = where([("phase", phase)])
        return await self._records(CRITERIA, f"{condition} ORDER BY phase, position, rowid", *values)

    async def latest_answers(self) -> dict[str, AnswerRecord]:
        """The newest answer of every subject, by subject id."""
        answers = await self._records(ANSWERS, "ORDER BY written_at, rowid")
        return {answer.subject_id: answer for answer in answers}

    async def answers(self, subject_id: str) -> list[AnswerRecord]:
        """Every answer for the subject, newest first."""
        return await self._records(ANSWERS, "WHERE subject_id = ? ORDER BY written_at DESC, rowid DESC", subject_id)

    async def all_answers(self) -> list[AnswerRecord]:
        """Every answer for every subject, oldest first."""
        return await self._records(ANSWERS, "ORDER BY written_at, rowid")

    async def evidence(self, criterion_id: str | None = None) -> list[EvidenceRecord]:
        """The evidence for one criterion or for all, oldest first."""
        condition, values = where([("criterion_id", criterion_id)])
        return await self._records(EVIDENCE, f"{condition} ORDER BY recorded_at, rowid", *values)

    async def signoffs(self, subject_id: str | None = None) -> list[SignoffRecord]:
        """The signed decisions on one subject or on all, newest first."""
        condition, values = where([("subject_id", subject_id)])
        return await self._records(SIGNOFFS, f"{condition} ORDER BY signed_at DESC, rowid DESC", *values)
