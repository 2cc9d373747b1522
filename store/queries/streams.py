"""What a run said: its raw log, its transcript, its model requests."""

from __future__ import annotations

from store.queries.reader import Reader
from store.records import (
    LogChunkRecord,
    ModelReplyRecord,
    ModelRequestRecord,
    TranscriptEntryRecord,
    TranscriptRowRecord,
)
from store.tables import LOG_CHUNKS, MODEL_REPLIES, MODEL_REQUESTS, TRANSCRIPT_ENTRIES, TRANSCRIPT_ROWS, blob_from_sql

_NO_LIMIT = -1  # SQLite's


class StreamQueries(Reader):
    """Reads of `log_chunks`, `transcript_entries`, `transcript_rows`, `model_requests` and `model_replies`."""

    async def log_chunks(
        self, run_id: str, *, first_seq: int | None = None, limit: int | None = None, stream: str | None = None
    ) -> list[LogChunkRecord]:
        """The run's raw log by `seq`: all of it, or at most `limit` chunks from `first_seq` on, or of one stream."""
        bounds: dict[str, str | int | None] = {"seq >= ?": first_seq, "stream = ?": stream}
        asked = {condition: value for condition, value in bounds.items() if value is not None}
        where = " AND ".join(["run_id = ?", *asked])
        return await self._records(
            LOG_CHUNKS,
            f"WHERE {where} ORDER BY seq LIMIT ?",
            run_id,
            *asked.values(),
            _NO_LIMIT if limit is None else limit,
        )

    async def log_text(self, run_id: str, *, stream: str | None = None) -> str:
        """The run's chunks joined in order; of one stream when `stream` is given."""
        rows = await self._rows(
            "SELECT chunk FROM log_chunks WHERE run_id = ?1 AND (?2 IS NULL OR stream = ?2) ORDER BY seq",
            run_id,
            stream,
        )
        return "".join(blob_from_sql(chunk) for (chunk,) in rows)

    async def transcript_entries(self, run_id: str) -> list[TranscriptEntryRecord]:
        """Upstream's entries, by `seq`."""
        return await self._records(TRANSCRIPT_ENTRIES, "WHERE run_id = ? ORDER BY seq", run_id)

    async def transcript_rows(self, run_id: str) -> list[TranscriptRowRecord]:
        """The whole transcript, by `row_no`; a screen pages it with `TranscriptPager`."""
        return await self._records(TRANSCRIPT_ROWS, "WHERE run_id = ? ORDER BY row_no", run_id)

    async def model_requests(self, run_id: str, *, with_bodies: bool = False) -> list[ModelRequestRecord]:
        """The requests that reached the run's model endpoint, by `ordinal`; `body` is empty unless asked for."""
        return await self._records(
            MODEL_REQUESTS,
            "WHERE run_id = ? ORDER BY ordinal",
            run_id,
            without=None if with_bodies else "body",
        )

    async def model_request(self, run_id: str, ordinal: int) -> ModelRequestRecord | None:
        """One request, with its body."""
        return await self._record(MODEL_REQUESTS, "WHERE run_id = ? AND ordinal = ?", run_id, ordinal)

    async def model_replies(self, run_id: str) -> list[ModelReplyRecord]:
        """What the scripted model answered, by `ordinal` of the request; none where a real model did."""
        return await self._records(MODEL_REPLIES, "WHERE run_id = ? ORDER BY ordinal", run_id)
