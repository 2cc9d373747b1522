"""`sidebeat report`: its files, its JSON, and what `--check` says to CI."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from console.cli.common import EXIT_FAILED, EXIT_IMPOSSIBLE, Refusal
from console.cli.main import cli
from store.records import ExperimentRecord
from tests.unit.report_samples import fill
from tests.unit.store_samples import sample


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A filled one; the operator's own folders are the test's."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    path = tmp_path / "evidence.sqlite"
    asyncio.run(fill(path))
    return path


def report(database: Path, *words: str) -> Result:
    return CliRunner().invoke(cli, ["--db", str(database), "report", *words])


def test_both_files_are_written_beside_the_database_and_named(database: Path) -> None:
    result = report(database)
    folder = database.parent / "evidence-report"
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [str(folder / "report.md"), str(folder / "report.html")]
    assert sorted(path.name for path in folder.iterdir()) == ["report.html", "report.md"]


def test_one_format_is_one_file_in_the_folder_that_was_named(database: Path, tmp_path: Path) -> None:
    result = report(database, "--format", "html", "--out", str(tmp_path / "out"))
    assert result.exit_code == 0
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["report.html"]


def test_a_second_report_has_the_same_bytes_but_for_its_date(database: Path) -> None:
    path = database.parent / "evidence-report" / "report.md"
    report(database)
    first = path.read_text("utf-8").splitlines()
    report(database)
    second = path.read_text("utf-8").splitlines()
    different = [line for line, other in zip(first, second, strict=True) if line != other]
    assert all(line.startswith("Written ") for line in different)


def test_a_check_names_the_required_criteria_that_are_not_met(database: Path) -> None:
    result = report(database, "--check")
    assert isinstance(result.exception, Refusal)
    assert result.exception.exit_code == EXIT_FAILED
    assert "phase-1.exit.1" in str(result.exception)
    assert "awaiting signature: explicit recommendation: continue, pause, or abandon" in result.stderr


def test_json_tells_files_criteria_and_findings(database: Path) -> None:
    told = json.loads(report(database, "--json", "--format", "md").stdout)
    assert told["noted"] is True
    assert len(told["fingerprint"]) == 64
    assert {item["id"]: item["state"] for item in told["criteria"]}["phase-1.exit.3"] == "awaiting signature"
    assert "phase-1.exit.3" in told["failing"]
    grave = [item for item in told["findings"] if item["severity"] == "high"]
    assert any(item["runs"] == ["run:r2-beat-2"] for item in grave)


def test_a_running_experiment_is_not_disturbed_without_a_word(database: Path) -> None:
    running = sample(
        ExperimentRecord, id="e3", number=3, state="running", scenarios_json="[]", runtime_keys_json='["a"]'
    )
    asyncio.run(fill(database, iter([running])))
    result = report(database, "--format", "md")
    assert result.exit_code == 0
    assert "Experiment 3 is marked as running" in result.stderr


def test_without_a_database_there_is_no_report_and_no_database_is_made(tmp_path: Path, database: Path) -> None:
    missing = tmp_path / "missing.sqlite"
    result = report(missing)
    assert isinstance(result.exception, Refusal)
    assert result.exception.exit_code == EXIT_IMPOSSIBLE
    assert not missing.exists()


def test_a_run_opens_by_the_name_that_the_report_gives_it(database: Path) -> None:
    result = CliRunner().invoke(cli, ["--db", str(database), "show", "run:r2-beat-2"])
    assert result.exit_code == 0
    assert result.stdout.startswith("run r2-beat-2\n")
