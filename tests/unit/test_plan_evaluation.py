"""The plan evaluated from a database, and how seldom experiments have to be read for that."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from console.engine.plan import Plan, evaluate_plan, load_plan, phases_complete
from console.engine.plan.measures.facts import Facts
from store import Queries, Store
from store.records import EvidenceRecord, MeasurementRecord, SignoffRecord, Write
from tests.unit.plan_rows import PI_VM, Shelf, beats, failure, metrics, runtimes, verdict
from tests.unit.store_samples import fixed_clock, sample
from tests.unit.test_plan_measures_experiments import experiment, margin

PLAN = load_plan()


@pytest.fixture
async def shelf(tmp_path: Path) -> AsyncGenerator[Shelf]:
    path = tmp_path / "sidebeat.db"
    async with await Store.open(path, fixed_clock) as store, await Queries.open(path) as queries:
        shelf = Shelf(store, queries)
        await shelf.keep(*runtimes())
        yield shelf


def signed(subject_id: str, decision: str) -> SignoffRecord:
    return sample(
        SignoffRecord, id=f"{subject_id} {decision}", subject_id=subject_id, decision=decision, signed_by="Ada"
    )


def all_signed(plan: Plan, phase: str) -> list[Write]:
    return [signed(item.id, item.decisions[-2 if "override" in item.decisions else 0])
            for item in plan.criteria() if item.phase == phase]  # fmt: skip


async def test_a_database_of_beats_decides_what_it_can(shelf: Shelf) -> None:
    await shelf.keep(*beats(80), *(write for number in range(80) for write in metrics(number, sidebeat_recall=1.0)))
    await shelf.keep(*beats(40, first=100, beat_index=2), *(verdict(number, "recap") for number in range(100, 140)))
    status = await evaluate_plan(PLAN, shelf.queries)
    states = {item.criterion.id: item.state for item in status.phases[1].criteria}
    assert states == {
        "phase-1.verify.1": "met",
        "phase-1.verify.2": "not met",
        "phase-1.verify.3": "met",
        "phase-1.verify.4": "no evidence",
        "phase-1.exit.1": "met",
        "phase-1.exit.2": "no evidence",
        "phase-1.exit.3": "awaiting signature",
    }


async def test_the_shipped_definitions_of_metrics_are_the_document_that_phase_0_asks_for(shelf: Shelf) -> None:
    found = (await evaluate_plan(PLAN, shelf.queries)).criterion("phase-0.deliverable.3")
    assert found is not None
    assert found.requirements[0].state == "met"


async def test_margins_that_an_experiment_fixed_meet_the_criterion_once_they_are_agreed_on(shelf: Shelf) -> None:
    await shelf.keep(experiment(3, state="planned"), margin())
    found = (await evaluate_plan(PLAN, shelf.queries)).criterion("phase-0.exit.2")
    assert found is not None
    assert [item.state for item in found.requirements] == ["met", "awaiting signature"]
    await shelf.keep(signed("phase-0.exit.2", "agreed"))
    agreed = (await evaluate_plan(PLAN, shelf.queries)).criterion("phase-0.exit.2")
    assert agreed is not None
    assert (agreed.state, agreed.override) == ("met", None)


async def test_evidence_that_an_older_console_stored_is_still_read(shelf: Shelf) -> None:
    old = sample(EvidenceRecord, id="e1", criterion_id="phase-1.exit.1", kind="run", statement="succeeded")
    await shelf.keep(old)
    found = (await evaluate_plan(PLAN, shelf.queries)).criterion("phase-1.exit.1")
    assert found is not None
    assert (found.evidence, found.state) == ((old,), "no evidence")


async def test_counting_complete_phases_reads_no_experiment_that_cannot_decide(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(_self: Facts, experiment_id: str) -> None:
        raise AssertionError(f"{experiment_id} was read")

    monkeypatch.setattr(Facts, "experiment_result", refuse)
    await shelf.keep(experiment(3), *beats(3), *all_signed(PLAN, "phase-0"))
    assert await phases_complete(PLAN, shelf.queries) == (1, 5)
    others = all_signed(PLAN, "phase-1")
    await shelf.keep(*(row for row in others if getattr(row, "subject_id", "") != "phase-1.exit.2"))
    assert await phases_complete(PLAN, shelf.queries) == (1, 5)


async def test_a_burden_counts_against_phases_that_would_be_complete(shelf: Shelf) -> None:
    await shelf.keep(*all_signed(PLAN, "phase-2"))
    assert await phases_complete(PLAN, shelf.queries) == (1, 5)
    for subject, value in (("pi_local", 100.0), (PI_VM, 900.0)):
        name = "runtime_packages"
        await shelf.keep(sample(MeasurementRecord, id=subject, subject=subject, name=name, value=value))
    assert await phases_complete(PLAN, shelf.queries) == (0, 5)


async def test_500_beats_are_evaluated_without_a_query_for_each(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    await shelf.keep(*beats(450), *(write for number in range(450, 500) for write in failure(number)))
    asked: list[str] = []
    inner = shelf.queries._rows  # pyright: ignore[reportPrivateUsage]  # every read passes it

    async def counted(sql: str, *parameters: str) -> list[object]:
        asked.append(sql)
        return await inner(sql, *parameters)

    monkeypatch.setattr(shelf.queries, "_rows", counted)
    await evaluate_plan(PLAN, shelf.queries)
    assert len(asked) < 30


def test_opening_the_console_on_beats_alone_brings_no_scipy(tmp_path: Path) -> None:
    probe = f"""
import asyncio, sys
from pathlib import Path
from console.engine.plan import load_plan, phases_complete
from store import Queries, Store
from tests.unit.plan_rows import beats, runtimes
from tests.unit.store_samples import fixed_clock

async def main():
    path = Path({str(tmp_path / "s.sqlite")!r})
    async with await Store.open(path, fixed_clock) as store:
        for write in (*runtimes(), *beats(3)):
            store.put(write)
    async with await Queries.open(path) as queries:
        await phases_complete(load_plan(), queries)
    print("scipy" in sys.modules)

asyncio.run(main())
"""
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
