"""The key that writes the report: both files beside the database, and a sentence when it cannot."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from store.records import ExperimentRecord
from tests.ui.driving import NARROW, Driver, app_over, until
from tests.ui.filed_driving import open_with_key
from tests.ui.filed_engine import FakeStoringEngine, filed_engine
from tests.ui.filed_samples import filed, hostile
from tests.unit.store_samples import sample


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[FakeStoringEngine]:
    yield from filed_engine(tmp_path, [*filed(), *hostile()])


def notices(pilot: Driver) -> list[str]:
    """What the corner of the screen says."""
    return [notice.message for notice in pilot.app._notifications]  # pyright: ignore[reportPrivateUsage]  # Textual has no other way to them


async def press_w(pilot: Driver, awaited: str) -> str:
    """Press the key on the plan's screen, and wait for a notice with these words."""
    await open_with_key(pilot, "p")
    await pilot.press("w")
    await until(pilot, lambda: any(awaited in notice for notice in notices(pilot)), timeout_s=60)
    return next(notice for notice in notices(pilot) if awaited in notice)


async def test_the_report_is_written_beside_the_database_and_the_place_is_told(engine: FakeStoringEngine) -> None:
    folder = engine.paths.database.with_name("sidebeat-report")
    async with app_over(engine).run_test(size=NARROW) as pilot:
        said = await press_w(pilot, "are in")
    assert said.endswith(str(folder))
    assert sorted(path.name for path in folder.iterdir()) == ["report.html", "report.md"]
    assert len(await engine.queries.measurements(subject="report", name="written")) == 1


async def test_nothing_is_written_while_an_experiment_runs(engine: FakeStoringEngine) -> None:
    await engine.put(sample(ExperimentRecord, state="running", scenarios_json="[]", runtime_keys_json='["pi_local"]'))
    async with app_over(engine).run_test(size=NARROW) as pilot:
        await press_w(pilot, "An experiment runs")
    assert not engine.paths.database.with_name("sidebeat-report").exists()


async def test_a_folder_that_cannot_be_written_is_told(engine: FakeStoringEngine) -> None:
    engine.paths.database.with_name("sidebeat-report").write_text("in the way")
    async with app_over(engine).run_test(size=NARROW) as pilot:
        assert "make it yours to write" in await press_w(pilot, "cannot write")


async def test_a_recording_has_no_report_of_its_own(engine: FakeStoringEngine) -> None:
    engine.paths = replace(engine.paths, label="recording remember")
    async with app_over(engine).run_test(size=NARROW) as pilot:
        await press_w(pilot, "A recording goes with its report")
