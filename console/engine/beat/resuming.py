"""What a beat resumed: judged when its first request comes, and for good when it has ended."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass

from console.engine.beat.order import BeatOrder, Services
from console.engine.events import EngineEvent, OperatorWarned, RequestSeen, ResumeJudged
from console.engine.resume.evidence import Marker
from console.engine.resume.judging import judge_run, stored_canaries
from store import StoreError
from store.records import ResumeVerdictRecord, RunRecord


def script_fields(order: BeatOrder) -> dict[str, str]:
    """What of the script a run keeps, so that its resume can be judged from the file alone."""
    canaries = [Marker(item.text, item.beat, item.planted_in) for item in order.scenario.canaries]
    return {"prompt": order.scripted_beat.prompt, "canaries_json": stored_canaries(canaries)}


async def store_verdict(services: Services, run: RunRecord) -> ResumeVerdictRecord | None:
    """Judge a beat by its committed rows, store what was found and tell it; None for a first beat."""
    verdict = await judge_run(services.queries, run) if run.beat_index > 1 else None
    if verdict is not None:
        services.store.put(verdict)
        services.feed.publish(ResumeJudged(verdict))
    return verdict


@contextlib.asynccontextmanager
async def judged_at_its_first_request(services: Services, run: Callable[[], RunRecord]) -> AsyncGenerator[None]:
    """While a beat runs: told what it resumed as soon as its first request has come. `run` gives the run as it stands.

    The agent waits for the model's answer, and not for this.
    """
    judge = _FirstRequestJudge(services, run)
    unsubscribe = services.feed.subscribe(judge.take)
    try:
        yield
    finally:
        unsubscribe()
        await judge.close()


@dataclass(slots=True)
class _FirstRequestJudge:
    services: Services
    run: Callable[[], RunRecord]
    _judging: asyncio.Task[None] | None = None
    _is_told: bool = False

    def take(self, event: EngineEvent) -> None:
        if isinstance(event, ResumeJudged) and event.verdict.run_id == self.run().id:
            self._is_told = True
        if self._judging is not None or not isinstance(event, RequestSeen) or event.request.auxiliary:
            return
        run = self.run()
        if event.request.run_id == run.id and run.beat_index > 1:
            self._judging = asyncio.create_task(self._judge(), name=f"resume verdict of run {run.id}")

    async def close(self) -> None:
        if self._judging is not None:
            await self._judging

    async def _judge(self) -> None:
        try:
            await self.services.store.flush()
            verdict = await judge_run(self.services.queries, self.run())
        except StoreError as error:
            # The beat goes on, and is judged again when it has ended.
            sentence = f"run {self.run().id[:8]}: what it resumed is not told yet: {error}"
            self.services.feed.publish(OperatorWarned(sentence))
            return
        # The beat may have ended meanwhile; its last word stands.
        if verdict is not None and not self._is_told:
            self.services.feed.publish(ResumeJudged(verdict))
