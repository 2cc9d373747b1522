"""What leaves the console as files: every number once, harmless in a spreadsheet and a terminal."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from click.testing import CliRunner

from console.cli.main import cli
from console.engine.samples.files import SamplesNotWrittenError, as_csv, as_json, write_files
from console.engine.samples.table import SampleTable, sample_table
from console.engine.samples.trial_runs import stored_runs, trial_runs
from store import Queries, Store
from store.records import ExperimentRecord, LaunchRecord, MetricRecord, RunRecord, TrialRecord
from tests.unit.store_samples import HOSTILE_TEXT, fixed_clock, sample

FORMULA = '=HYPERLINK("x"&A1)'
EXPERIMENT = sample(ExperimentRecord, id="e-1", number=3, title=FORMULA, scenarios_json='["hello-tool"]')


def trial(pair_no: int, arm_index: int, run_id: str, **given: object) -> TrialRecord:
    known: dict[str, object] = {"state": "finished", "is_warmup": False, "position": arm_index, "attempt": 1}
    return sample(
        TrialRecord,
        experiment_id="e-1",
        pair_no=pair_no,
        arm_index=arm_index,
        run_ids_json=json.dumps([run_id]),
        **(known | given),
    )


def run(run_id: str, runtime_key: str, **given: object) -> RunRecord:
    known: dict[str, object] = {
        "status": "succeeded",
        "scenario": "hello-tool",
        "finished_at": "2026",
        "launch_id": "l",
    }
    return sample(RunRecord, id=run_id, runtime_key=runtime_key, **(known | given))


TRIALS = [trial(1, 0, "r-a", is_warmup=True), trial(2, 0, "r-b"), trial(2, 1, "r-c"), trial(3, 0, "r-gone")]
STORED = [
    EXPERIMENT,
    *TRIALS,
    run("r-a", "pi_local"),
    run("r-b", "pi_local", provenance_json=json.dumps({"agent": HOSTILE_TEXT, "capabilities": ["a"], "cpu_count": 2})),
    run("r-c", "other", provenance_json="no json"),
    MetricRecord(run_id="r-b", name="execute_ms", value=12.5, unit="ms"),
    MetricRecord(run_id="r-b", name="cpu_seconds", value=-1.0, unit="s"),
    MetricRecord(run_id="r-c", name="execute_ms", value=20.0, unit="ms"),
]


@pytest_asyncio.fixture
async def queries(tmp_path: Path) -> AsyncIterator[Queries]:
    path = tmp_path / "s.sqlite"
    async with await Store.open(path, fixed_clock) as store:
        for record in STORED:
            store.put(record)
    opened = await Queries.open(path)
    yield opened
    await opened.close()


async def table_of(queries: Queries) -> SampleTable:
    return await sample_table(queries, await trial_runs(queries, TRIALS), EXPERIMENT)


async def test_there_is_a_row_for_each_run_and_metric_with_its_provenance(queries: Queries) -> None:
    table = await table_of(queries)
    shown = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    assert [(row["pair_no"], row["run_id"], row["metric"], row["value"]) for row in shown] == [
        (2, "r-b", "cpu_seconds", -1.0),
        (2, "r-b", "execute_ms", 12.5),
        (2, "r-c", "execute_ms", 20.0),
    ]
    assert shown[0]["provenance_capabilities"] == '["a"]'
    assert shown[2]["provenance_unreadable"] == "no json"
    assert {row["experiment"] for row in shown} == {3}


async def test_a_formula_is_text_and_hostile_text_is_quoted_on_one_line(queries: Queries) -> None:
    text = as_csv(await table_of(queries))
    lines = list(csv.reader(io.StringIO(text)))
    assert len(lines) == 4
    assert {line[2] for line in lines[1:]} == {f"'{FORMULA}"}
    assert text.count("\n") == 4
    assert "\x1b" not in text
    assert "\x00" not in text
    assert lines[1][lines[0].index("value")] == "-1.0"


@pytest.mark.parametrize("text", ["=1", "+1", "-x", "@a", "  =1", "\uff1d1", "\t=1"])
def test_no_cell_begins_as_a_formula(text: str) -> None:
    cell = next(csv.reader(io.StringIO(as_csv(SampleTable(("a",), ((text,),))).splitlines()[1])))[0]
    assert cell.startswith("'")


async def test_json_keeps_every_text_as_it_is(queries: Queries) -> None:
    content = json.loads(as_json(await table_of(queries), EXPERIMENT))
    assert content["experiment"]["title"] == FORMULA
    assert content["samples"][0]["provenance_agent"] == HOSTILE_TEXT


def test_files_are_written_into_a_new_folder_or_it_is_said_why_not(tmp_path: Path) -> None:
    paths = write_files(tmp_path / "a" / "b", "samples", {"csv": "x\n", "json": "{}\n"})
    assert [path.read_text("utf-8") for path in paths] == ["x\n", "{}\n"]
    with pytest.raises(SamplesNotWrittenError, match="name another folder"):
        write_files(paths[0], "samples", {"csv": ""})


async def test_runs_of_one_launch_and_beat_are_a_pair_and_races_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "t.sqlite"
    async with await Store.open(path, fixed_clock) as store:
        for number, kind in enumerate(("sequence", "race", "sequence")):
            store.put(sample(LaunchRecord, id=f"l-{number}", kind=kind))
            for key in ("a", "b") if number < 2 else ("a",):
                started = f"2026-01-0{number + 1}T0{ord(key) - 97}"
                store.put(run(f"r-{number}{key}", key, launch_id=f"l-{number}", started_at=started))
    opened = await Queries.open(path)
    found = await stored_runs(opened, ("a", "b"), "hello-tool", "cold")
    assert [(item.run.id, item.pair_no, item.position) for item in found] == [
        ("r-0a", 1, 0),
        ("r-0b", 1, 1),
        ("r-2a", 0, 0),
    ]
    await opened.close()


def test_the_command_prints_or_writes_the_rows(queries: Queries, tmp_path: Path) -> None:
    database = str(tmp_path / "s.sqlite")
    printed = CliRunner().invoke(cli, ["--db", database, "samples", "--experiment", "3"])
    assert printed.exit_code == 0
    assert printed.output.startswith('"experiment","experiment_id"')
    out = tmp_path / "out.json"
    written = CliRunner().invoke(
        cli, ["--db", database, "samples", "--experiment", "3", "--format", "json", "--out", str(out)]
    )
    assert written.exit_code == 0
    assert len(json.loads(out.read_text("utf-8"))["samples"]) == 3


def test_an_unknown_experiment_is_refused_with_a_remedy(queries: Queries, tmp_path: Path) -> None:
    refused = CliRunner().invoke(cli, ["--db", str(tmp_path / "s.sqlite"), "samples", "--experiment", "9"])
    assert "there is no experiment 9" in str(refused.exception)
