"""The metrics' screen: what it says of a number, and that by keys alone a number leads to a run and its rows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from console.engine.events import MeasurementTaken
from console.ui.modals.document import DocumentModal
from console.ui.modals.picker import PickerModal
from console.ui.screens.metrics import MetricsScreen
from console.ui.screens.metrics_pairs import PairsScreen
from console.ui.screens.metrics_waterfall import WaterfallScreen
from console.ui.screens.run_detail import RunDetailScreen
from console.ui.widgets.words import Words
from store.records import MetricRecord
from tests.ui.driving import NARROW, WIDE, Driver, app_over, ready, until
from tests.ui.evidence_samples import CHANGED, PLANNED, SELF_CHECK, evidence, hostile_evidence, made_up, measured
from tests.ui.filed_driving import document_text, go_to, item_list, items, on_top, press_all, summary
from tests.ui.filed_engine import FakeStoringEngine, filed_engine
from tests.ui.gallery import EVERY_LOOK, Gallery
from tests.ui.samples import finished, launch, run

FIRST_REQUEST = "metric:execute_to_first_request_ms"


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[FakeStoringEngine]:
    yield from filed_engine(tmp_path, [*made_up(SELF_CHECK), *made_up(CHANGED), *made_up(PLANNED), *measured()])


@pytest.fixture
def short(tmp_path: Path) -> Iterator[FakeStoringEngine]:
    yield from filed_engine(
        tmp_path, [*made_up(replace(CHANGED, pairs=6, failing_pair=3, outlier_pair=5)), *measured()]
    )


@pytest.fixture
def all_of_it(tmp_path: Path) -> Iterator[FakeStoringEngine]:
    yield from filed_engine(tmp_path, evidence())


@pytest.fixture
def hostile_engine(tmp_path: Path) -> Iterator[FakeStoringEngine]:
    yield from filed_engine(tmp_path, hostile_evidence())


@pytest.fixture
def only_runs(tmp_path: Path) -> Iterator[FakeStoringEngine]:
    """Two launches of two lanes, and a run without a partner; no experiment."""
    pairs = [row for row in made_up(replace(CHANGED, pairs=3, failing_pair=None)) if isinstance(row, MetricRecord)]
    runs = [
        finished(
            run(lane, key),
            2.0,
            id=f"run-2-{number:02d}-{'ab'[lane]}",
            launch_id=f"launch-{number}",
            scenario="hello-tool",
            beat_index=1,
        )
        for number in (2, 3)
        for lane, key in enumerate(("pi_local", "agentos_local/pi"))
    ]
    alone = finished(run(0, "pi_local"), 2.0, id="run-alone", launch_id="launch-2", scenario="hello-tool", beat_index=2)
    stored = [replace(launch(scenario="hello-tool"), id=f"launch-{number}") for number in (2, 3)]
    yield from filed_engine(tmp_path, [*stored, *runs, alone, *pairs])


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[FakeStoringEngine]:
    yield from filed_engine(tmp_path, [])


@EVERY_LOOK
async def test_every_part_of_the_metrics(
    snapshot: SnapshotAssertion, engine: FakeStoringEngine, size: tuple[int, int], theme: str
) -> None:
    async with app_over(engine, theme).run_test(size=size) as pilot:
        gallery = Gallery(snapshot, pilot)
        await open_metrics(pilot)
        await gallery.look("metrics")
        for key, name in (
            ("metric:succeeded", "rate"),
            ("measured:vm_create_ms:agent-os", "claim"),
            ("measured:adapter_code_lines", "complexity"),
        ):
            await go_to(pilot, key)
            await press_all(pilot, [])
            await gallery.look(name)
        await go_to(pilot, FIRST_REQUEST)
        await press_all(pilot, ["enter", "right"])
        await gallery.look("pairs")
        await press_all(pilot, ["escape", "y"])
        await gallery.look("memory")
        await press_all(pilot, ["escape", "w"])
        await gallery.look("waterfall")
        await press_all(pilot, ["escape"])
        await pilot.press("s")
        await until(pilot, lambda: isinstance(pilot.app.screen, PickerModal))
        await gallery.look("scopes")
    assert gallery.differing == []


@EVERY_LOOK
async def test_without_any_number_it_says_where_they_come_from(
    snapshot: SnapshotAssertion, empty: FakeStoringEngine, size: tuple[int, int], theme: str
) -> None:
    async with app_over(empty, theme).run_test(size=size) as pilot:
        gallery = Gallery(snapshot, pilot)
        await ready(pilot)
        await pilot.press("m")
        await until(pilot, lambda: pilot.app.screen.has_class("-none"))
        await press_all(pilot, [])
        await gallery.look("none")
    assert gallery.differing == []


async def test_nothing_is_said_to_be_missing_before_the_rows_are_read(
    empty: FakeStoringEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never_comes(_screen: MetricsScreen) -> None: ...

    monkeypatch.setattr(MetricsScreen, "_read_scopes", never_comes)
    async with app_over(empty).run_test(size=WIDE) as pilot:
        await ready(pilot)
        await pilot.press("m")
        await until(pilot, lambda: isinstance(pilot.app.screen, MetricsScreen) and pilot.app.screen.size.width > 0)
        await pilot.pause()
        assert not pilot.app.screen.has_class("-none")


async def test_hostile_text_in_a_measurement_is_shown_and_does_nothing(
    snapshot: SnapshotAssertion, hostile_engine: FakeStoringEngine
) -> None:
    async with app_over(hostile_engine).run_test(size=WIDE) as pilot:
        gallery = Gallery(snapshot, pilot)
        await open_metrics(pilot)
        await press_all(pilot, ["G"])
        await gallery.look("hostile")
    assert gallery.differing == []


async def test_by_keys_alone_a_number_leads_to_a_run_and_its_rows(engine: FakeStoringEngine) -> None:
    async with app_over(engine).run_test(size=NARROW) as pilot:
        await ready(pilot)
        await press_all(pilot, ["m"])
        await until(pilot, lambda: isinstance(pilot.app.screen, MetricsScreen) and len(items(pilot)) > 10)
        number = items(pilot)[1]
        assert "1,812 ms" in number
        await press_all(pilot, ["enter"])
        pairs = on_top(pilot, PairsScreen)
        assert [line.split()[0] for line in items(pilot)] == [str(pair_no) for pair_no in range(2, 22)]
        chosen = items(pilot)[2].split()
        await press_all(pilot, ["down", "down", "right", "enter"])
        await until(pilot, lambda: isinstance(pilot.app.screen, RunDetailScreen) and summary(pilot))
        await press_all(pilot, ["8"])
        value = chosen[5].replace(",", "")
        title = "Cold start: to the first model request"
        shown = next(line for line in document_text(pilot).splitlines() if line.startswith(title))
        assert round(float(shown.split()[-2].replace(",", ""))) == int(value)
        await press_all(pilot, ["escape"])
        assert pilot.app.screen is pairs


async def test_every_number_of_the_list_opens_its_rows(short: FakeStoringEngine) -> None:
    async with app_over(short).run_test(size=NARROW) as pilot:
        await open_metrics(pilot)
        shown = item_list(pilot)
        keys = [str(shown.get_option_at_index(index).id) for index in range(shown.option_count)]
        numbers = [key for key in keys if not key.startswith("group:")]
        assert len(numbers) > 20
        for key in numbers:
            await go_to(pilot, key)
            await press_all(pilot, ["enter"])
            expected = PairsScreen if key.startswith("metric:") else DocumentModal
            on_top(pilot, expected)
            await press_all(pilot, ["escape"])


async def test_a_number_says_what_it_means_and_what_became_of_it(engine: FakeStoringEngine) -> None:
    async with app_over(engine).run_test(size=WIDE) as pilot:
        await open_metrics(pilot)
        await go_to(pilot, FIRST_REQUEST)
        text = document_text(pilot)
        assert "clock starts the console hands execute to the bridge" in text
        assert "of 19 pairs   ✔ within 1.5\N{MULTIPLICATION SIGN} ⚑" in text
        assert "p95 n too small" in text
        assert "only one arm has the number: 1 of the pairs" in text


async def test_a_measurement_opens_its_samples_and_the_claim_beside_it(short: FakeStoringEngine) -> None:
    async with app_over(short).run_test(size=NARROW) as pilot:
        await open_metrics(pilot)
        await go_to(pilot, "measured:vm_create_ms:agent-os")
        await press_all(pilot, ["enter"])
        on_top(pilot, DocumentModal)
        text = document_text(pilot)
        assert "samples 9.1  9.4  9.4  10.2  14" in text
        assert "published 6.1 ms “6.1 ms p50”   measured / published 1.54" in text
        assert '"system": "Linux 6.1 x86_64"' in text


async def test_a_measurement_that_was_made_of_runs_leads_to_them(short: FakeStoringEngine) -> None:
    record = replace(
        next(measured()),
        id="of-runs",
        subject="pi_local",
        name="running_processes",
        unit="processes",
        detail_json=json.dumps({"newest_runs": ["run-2-02-a"]}),
    )
    await short.put(record)
    async with app_over(short).run_test(size=NARROW) as pilot:
        await open_metrics(pilot)
        await go_to(pilot, "measured:running_processes")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, PickerModal))
        await press_all(pilot, ["down", "enter"])
        await until(pilot, lambda: isinstance(pilot.app.screen, RunDetailScreen) and summary(pilot))


async def test_a_phase_of_the_waterfall_opens_its_pairs(short: FakeStoringEngine) -> None:
    async with app_over(short).run_test(size=NARROW) as pilot:
        await open_metrics(pilot)
        await press_all(pilot, ["w"])
        on_top(pilot, WaterfallScreen)
        assert any("Runtime start" in item and "-8" in item for item in items(pilot))
        await press_all(pilot, ["down", "enter"])
        assert "Execution root" in on_top(pilot, PairsScreen).title_ends()[0].plain


async def test_memory_follows_the_pair_under_the_cursor(short: FakeStoringEngine) -> None:
    async with app_over(short).run_test(size=NARROW) as pilot:
        await open_metrics(pilot)
        await press_all(pilot, ["y"])
        await until(pilot, lambda: "pair 2 · peak" in text_of(pilot, ".plot"))
        await press_all(pilot, ["down"])
        await until(pilot, lambda: "pair 3 · peak" in text_of(pilot, ".plot"))
        assert "PSS" in text_of(pilot, ".plot")


async def test_an_outlier_is_flagged_and_stays(all_of_it: FakeStoringEngine) -> None:
    async with app_over(all_of_it).run_test(size=WIDE) as pilot:
        await open_metrics(pilot)
        await pilot.press("s")
        await until(pilot, lambda: isinstance(pilot.app.screen, PickerModal))
        await press_all(pilot, [*"Experiment 2", "enter"])
        await until(pilot, lambda: "Experiment 2" in text_of(pilot, ".scope"))
        await go_to(pilot, FIRST_REQUEST)
        await press_all(pilot, ["enter"])
        assert [line.split()[0] for line in items(pilot) if "○ outlier" in line] == ["5"]
        assert any("no beat" in line or "✖ failed" in line for line in items(pilot))


async def test_stored_runs_are_pairs_by_launch_without_a_verdict(only_runs: FakeStoringEngine) -> None:
    async with app_over(only_runs).run_test(size=WIDE) as pilot:
        await open_metrics(pilot)
        said = text_of(pilot, ".scope")
        assert "All stored runs · A pi_local ⇄ B agentos_local/pi · hello-tool · cold · beat 1 · 2 pairs" in said
        assert "no verdict is told; 1 runs had no partner" in said
        await go_to(pilot, FIRST_REQUEST)
        assert "not an experiment: no verdict" in document_text(pilot)
        await press_all(pilot, ["enter", "enter"])
        await until(pilot, lambda: isinstance(pilot.app.screen, RunDetailScreen) and summary(pilot))


async def test_both_files_are_written_beside_the_database_and_named(short: FakeStoringEngine, tmp_path: Path) -> None:
    async with app_over(short).run_test(size=WIDE) as pilot:
        await open_metrics(pilot)
        await press_all(pilot, ["x"])
        table = tmp_path / "sidebeat-experiment-2-samples.csv"
        await until(pilot, lambda: any(str(table) in str(note.message) for note in pilot.app._notifications))  # pyright: ignore[reportPrivateUsage]  # there is no public way to them
        content = json.loads(table.with_suffix(".json").read_text("utf-8"))
        assert content["experiment"]["number"] == 2
        assert len(content["samples"]) == len(table.read_text("utf-8").splitlines()) - 1 == 14 * 19


async def test_what_is_measured_meanwhile_is_shown(short: FakeStoringEngine) -> None:
    async with app_over(short).run_test(size=WIDE) as pilot:
        await open_metrics(pilot)
        newer = replace(next(measured()), id="newer", value=7.7, measured_at="2040-01-01T00:00:00.000Z")
        await short.put(newer)
        short.say([MeasurementTaken(newer)])
        await until(pilot, lambda: any("7.7 ms" in item for item in items(pilot)))


async def open_metrics(pilot: Driver) -> None:
    await ready(pilot)
    await pilot.press("m")
    await until(pilot, lambda: isinstance(pilot.app.screen, MetricsScreen) and item_list(pilot).option_count > 0)
    await press_all(pilot, [])


def text_of(pilot: Driver, selector: str) -> str:
    return pilot.app.screen.query_one(selector, Words).shown.plain
