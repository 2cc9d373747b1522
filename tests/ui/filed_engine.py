"""A fake engine that starts nothing, but stores what the operator writes."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from pathlib import Path

from console.engine.clock import iso_utc, utc_time
from store import Queries, Store
from store.records import AnswerRecord, CommentRecord, SignoffRecord, Write
from tests.ui.fake_engine import FakeClock, FakeEngine, close_without_loop, fill
from tests.ui.samples import NOW


class FakeStoringEngine(FakeEngine):
    """Answers, signatures and comments are in the database when a call returns."""

    def __init__(self, database: Path, queries: Queries) -> None:
        super().__init__(database, queries)
        self._clock = FakeClock()

    async def put(self, record: Write) -> None:
        """Store any record."""
        async with await Store.open(self.paths.database, lambda: utc_time(NOW)) as store:
            store.put(record)

    async def comment(self, issue_id: str, body: str) -> CommentRecord:
        """Stored."""
        record = CommentRecord(
            id=f"new-{self._clock.new_id()}",
            issue_id=issue_id,
            author_kind="operator",
            author="Ada",
            body=body,
            created_at=iso_utc(NOW),
        )
        await self.put(record)
        return record

    async def answer(self, subject_id: str, body: str, author: str) -> None:
        """Stored."""
        new_id = f"new-{self._clock.new_id()}"
        await self.put(
            AnswerRecord(id=new_id, subject_id=subject_id, body=body, author=author, written_at=iso_utc(NOW))
        )

    async def sign_off(self, subject_id: str, decision: str, statement: str, signed_by: str) -> None:
        """Stored."""
        await self.put(
            SignoffRecord(
                id=f"new-{self._clock.new_id()}",
                subject_id=subject_id,
                decision=decision,
                statement=statement,
                signed_by=signed_by,
                signed_at=iso_utc(NOW),
            )
        )


def filed_engine(folder: Path, writes: Iterable[Write]) -> Iterator[FakeStoringEngine]:
    """An engine over a new database; closed when the iterator goes on."""
    path = folder / "sidebeat.sqlite"
    fill(path, writes)
    queries = asyncio.run(Queries.open(path))
    yield FakeStoringEngine(path, queries)
    close_without_loop(queries)
