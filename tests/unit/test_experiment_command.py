"""`sidebeat experiment` on what is stored, and what it refuses to begin."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from console.cli.common import Refusal
from console.cli.experiment_progress import shown_duration
from console.cli.main import cli
from store import Store
from tests.unit.experiment_samples import FIRST_REQUEST, StoredExperiment, first_requests
from tests.unit.store_samples import fixed_clock
from tests.unit.test_experiment_results import SELF_CHECK, times

COMPARISON = StoredExperiment(first_requests(times(3), times(4, middle=1500)), 20)


async def fill(path: Path, *stored: StoredExperiment) -> None:
    async with await Store.open(path, fixed_clock) as store:
        for record in (record for experiment in stored for record in experiment.records()):
            store.put(record)


def invoke(path: Path, *arguments: str) -> Result:
    return CliRunner().invoke(cli, ["--db", str(path), "experiment", *arguments])


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("command") / "sidebeat.sqlite"
    asyncio.run(fill(path, COMPARISON, SELF_CHECK))
    return path


def test_the_table_has_the_ratio_the_verdict_the_rates_and_the_checks(database: Path) -> None:
    shown = invoke(database, "--show", "1")
    assert shown.exit_code == 0
    head, headings, row, legend, *foot = shown.output.splitlines()
    assert head.split(" · ") == [
        "Experiment 1   hello-tool",
        "A pi_local against B agentos_local/pi",
        "cold",
        "ABBA seed 1",
        "20 of 20 pairs",
        "finished",
    ]
    assert headings.split() == ["METRIC", "BEAT", "A", "P50", "B", "P50", "RATIO", "(95%)", "DIFFERENCE", "(95%)",
                                "VERDICT", "CHECKS"]  # fmt: skip
    assert row == (
        f"{FIRST_REQUEST} *  1     ~997 ms  ~1,506 ms  1.51 (1.49 to 1.52)  +506 ms (+492 ms to +520 ms)  over 1.25  ok"
    )
    assert legend.startswith("* decides; ")
    assert foot[0] == "success A pi_local: 20/20 (at least 84%), for 95%: 53 more in a row"
    assert foot[2].startswith("check   ok self-check: A/A (experiment 9): no difference (")
    assert [line.split(":")[0] for line in foot[3:]] == [
        "check   ok first pair", "check   ok trend", "check   ok order", "check   ok outliers",
    ]  # fmt: skip


def test_without_a_self_check_no_verdict_is_printed(tmp_path: Path) -> None:
    path = tmp_path / "sidebeat.sqlite"
    asyncio.run(fill(path, COMPARISON))
    shown = invoke(path, "--show", "1").output
    assert "over 1.25" not in shown
    assert shown.splitlines()[-1].startswith("verdict no verdict is shown before pi_local was run against itself")


def test_the_list_is_newest_first_and_is_json_too(database: Path) -> None:
    lines = invoke(database, "--list").output.splitlines()
    assert [line.split()[:4] for line in lines[1:]] == [
        ["9", "self-check", "finished", "20"], ["1", "comparison", "finished", "20"],
    ]  # fmt: skip
    told = json.loads(invoke(database, "--list", "--json").output)["experiments"]
    assert [(item["number"], item["finished_pairs"], item["runtime_keys"][0]) for item in told] == [
        (9, 20, "pi_local"), (1, 20, "pi_local"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--show", "4"), "there is no experiment 4; see `sidebeat experiment --list`"),
        (("--resume",), "no experiment is paused or planned; see `sidebeat experiment --list`"),
        (("--resume", "4"), "there is no experiment 4; see `sidebeat experiment --list`"),
        (("--resume", "1"), "experiment 1 is finished; only a paused one can be resumed"),
        (("--runtime", "pi_local"), "a comparison takes 2 to 4 runtimes, not 1; the first is the baseline"),
        (("--runtime", "pi_local", "--runtime", "pi_locl"), "there is no runtime `pi_locl`; did you mean `pi_local`?"),
        (("--runtime", "pi_local", "--self-check", "--scenario", "helo-tool"), "did you mean `hello-tool`?"),
    ],
)
def test_what_cannot_begin_says_why(
    database: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], sentence: str
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(database.parent / "config"))
    monkeypatch.setattr("console.engine.engine.Engine.install", nothing)
    monkeypatch.setattr("console.engine.engine.Engine.node_packages_ready", True)
    refused = invoke(database, *arguments)
    assert isinstance(refused.exception, Refusal)
    assert sentence in str(refused.exception)
    assert refused.exception.exit_code == 2


async def nothing(_engine: object) -> None:
    """The packages are there."""


@pytest.mark.parametrize(
    ("margin", "complaint"),
    [("bridge_ms", "has no `=RATIO`"), ("bridge_ms=", "has no number after `=`"), ("bridge_ms=x", "has no number")],
)
def test_a_margin_is_a_metric_and_a_ratio(database: Path, margin: str, complaint: str) -> None:
    refused = invoke(database, "--margin", margin)
    assert refused.exit_code == 2
    assert complaint in refused.output


def test_without_a_database_there_is_nothing_to_show(tmp_path: Path) -> None:
    path = tmp_path / "none.sqlite"
    assert isinstance(invoke(path, "--show", "1").exception, Refusal)
    assert invoke(path, "--list").output == "No experiments yet: see `sidebeat experiment --help`.\n"
    assert not path.exists()


@pytest.mark.parametrize(("seconds", "shown"), [(0.4, "0 s"), (89, "89 s"), (600, "10 min"), (6_000, "1 h 40 min")])
def test_the_time_left_is_told_as_a_person_would(seconds: float, shown: str) -> None:
    assert shown_duration(seconds) == shown
