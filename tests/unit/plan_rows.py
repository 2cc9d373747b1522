"""Rows of beats as the engine leaves them, for tests of what criteria read from them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from console.engine.plan.measures import MEASURES
from console.engine.plan.measures.facts import Facts
from console.engine.plan.measures.measure import Finding
from store import Queries, Store
from store.records import (
    ChainRecord,
    ChainStepRecord,
    CommentRecord,
    IssueRecord,
    MetricRecord,
    ModelRequestRecord,
    ResumeVerdictRecord,
    ResumeWord,
    RunRecord,
    RuntimeRecord,
    TranscriptRowRecord,
    Write,
)
from tests.unit.store_samples import sample

PI_VM, OPENCODE_VM = "agentos_local/pi", "agentos_local/opencode"
FAMILIES = {"pi_local": "pi", "opencode_local": "opencode", PI_VM: "pi", OPENCODE_VM: "opencode"}


class Shelf:
    """A store and its queries on one file."""

    def __init__(self, store: Store, queries: Queries) -> None:
        self.store = store
        self.queries = queries

    async def keep(self, *writes: Write) -> None:
        """Store these records."""
        for write in writes:
            self.store.put(write)
        await self.store.flush()

    async def find(self, measure: str, facts: Facts | None = None, /, **arguments: Any) -> Finding:
        """What a measure finds with these arguments."""
        entry = MEASURES[measure]
        return await entry.take(entry.arguments.model_validate(arguments), facts or Facts(self.queries))


def moment(number: int) -> str:
    """Time stamps in order."""
    return f"2026-01-31T{9 + number // 3600:02}:{number // 60 % 60:02}:{number % 60:02}.000Z"


def runtimes() -> list[Write]:
    """The catalogue as the engine stores it."""
    return [
        sample(
            RuntimeRecord,
            key=key,
            experimental=key.startswith("agentos"),
            definition_json=json.dumps({"agent": {"family": family}}),
        )
        for key, family in FAMILIES.items()
    ]


def run(number: int, runtime: str = PI_VM, **changes: Any) -> RunRecord:
    """A succeeded first beat on an issue of its own, checked out."""
    values: dict[str, Any] = {
        "id": f"run-{number}",
        "issue_id": f"issue-{number}",
        "runtime_key": runtime,
        "experimental": runtime.startswith("agentos"),
        "scenario": "remember",
        "status": "succeeded",
        "created_at": moment(number),
        "finished_at": moment(number),
        "execution_root": "/root",
    }
    return sample(RunRecord, **{**values, **changes})


def beat(number: int, runtime: str = PI_VM, **changes: Any) -> Iterator[Write]:
    """A run with everything that a beat leaves: a free issue, a request that reached the model, a comment."""
    record = run(number, runtime, **changes)
    yield record
    yield sample(IssueRecord, id=record.issue_id, identifier=f"SB-{number}")
    yield sample(ModelRequestRecord, run_id=record.id, ordinal=0, auxiliary=False)
    yield comment(number)


def beats(count: int, runtime: str = PI_VM, first: int = 0, **changes: Any) -> list[Write]:
    """So many of them."""
    return [write for number in range(first, first + count) for write in beat(number, runtime, **changes)]


def failure(number: int, runtime: str = PI_VM, **changes: Any) -> Iterator[Write]:
    """A failed beat that says so everywhere."""
    yield from beat(number, runtime, **{"status": "failed", "error_code": "adapter_failed", **changes})
    yield error_row(number)


def comment(number: int) -> CommentRecord:
    """A run's comment on its issue."""
    return sample(CommentRecord, id=f"comment-{number}", issue_id=f"issue-{number}", run_id=f"run-{number}")


def error_row(number: int, kind: str = "error") -> TranscriptRowRecord:
    """A row of a run's transcript."""
    return sample(TranscriptRowRecord, run_id=f"run-{number}", row_no=0, kind=kind, is_error=True)


def verdict(number: int, word: ResumeWord) -> ResumeVerdictRecord:
    """What a run resumed."""
    return sample(ResumeVerdictRecord, run_id=f"run-{number}", verdict=word)


def metrics(number: int, **values: float) -> list[Write]:
    """Derived numbers of a run."""
    return [MetricRecord(run_id=f"run-{number}", name=name, value=value, unit="ms") for name, value in values.items()]


def chain(*steps: tuple[str, int | None]) -> list[Write]:
    """A chain of one lane: each step's action, and the number of its run."""
    stored: list[Write] = [sample(ChainRecord, id="chain-1")]
    for step_no, (action, number) in enumerate(steps, start=1):
        stored.append(
            sample(
                ChainStepRecord,
                chain_id="chain-1",
                step_no=step_no,
                lane_index=0,
                action=action,
                state="done",
                run_id=f"run-{number}" if number is not None else None,
            )
        )
    return stored
