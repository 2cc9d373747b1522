"""What a slip on the command line is answered with: what is wrong, and the nearest that is right."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from click.testing import CliRunner

from console.cli.common import Choices, Refusal
from console.cli.measure import measure
from console.cli.runs import runs
from console.cli.samples import samples
from console.engine.paths import ConsolePaths
from store import Store
from tests.unit.store_samples import fixed_clock


@pytest.fixture
def choices(tmp_path: Path) -> Choices:
    async def begin() -> None:
        async with await Store.open(tmp_path / "s.sqlite", fixed_clock):
            pass

    asyncio.run(begin())
    return Choices(
        ConsolePaths(tmp_path / "s.sqlite", tmp_path / "data", tmp_path / "config", tmp_path / "cache"), False
    )


def test_a_kind_of_measurement_that_is_not_known_is_refused_with_the_nearest(choices: Choices) -> None:
    result = CliRunner().invoke(measure, ["complexty"], obj=choices)
    assert result.exit_code == 2
    assert "there is no kind `complexty`; did you mean `complexity`?" in result.output


def test_a_filter_that_fits_no_run_does_not_say_that_there_are_none(choices: Choices) -> None:
    filtered = CliRunner().invoke(runs, ["--runtime", "pi_locl"], obj=choices)
    assert "No stored run fits --runtime pi_locl" in filtered.output
    assert "No runs yet" in CliRunner().invoke(runs, obj=choices).output


def test_an_unknown_experiment_is_refused_with_the_command_that_lists_them(choices: Choices) -> None:
    refusal = CliRunner().invoke(samples, ["--experiment", "4"], obj=choices).exception
    assert isinstance(refusal, Refusal)
    assert str(refusal) == "there is no experiment 4; see `sidebeat experiment --list`"
