"""The `sidebeat` command: exit codes, and one sentence when it says no."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from console.cli.main import cli
from tests.adapters.adapter_packages import SUCCESS, write_adapter
from tests.engine.consoles import CommandLine, add_runtime, opened

pytestmark = pytest.mark.real


@pytest.fixture
def own_command(command: CommandLine, tmp_path: Path) -> CommandLine:
    """A command with folders that no other test has."""
    return CommandLine(tmp_path, command.layout)


@pytest.mark.parametrize("arguments", [[], *([name] for name in sorted(cli.commands))])
def test_every_command_has_help(arguments: list[str]) -> None:
    result = CliRunner().invoke(cli, [*arguments, "--help"])
    assert result.exit_code == 0
    assert result.output.startswith("Usage: ")


async def test_a_beat_that_did_not_succeed_is_1_and_its_table_is_there(own_command: CommandLine) -> None:
    add_runtime(own_command.paths, "silent", write_adapter(own_command.folder / "package", f"return {SUCCESS};"))
    result = await own_command.run("beat", "--runtime", "silent")
    assert result.exit_code == 1
    assert result.sentences[-1] == "sidebeat: not every beat succeeded"
    assert "failed (the run ended without one request to the model endpoint)" in result.said
    assert result.output.splitlines()[0].split()[:3] == ["RUN", "ISSUE", "RUNTIME"]
    run_id, *cells = result.output.splitlines()[1].split()
    assert cells[:6] == ["SB-1", "silent", "hello-tool", "1", "failed", "succeeded"]
    shown = await own_command.run("show", run_id)
    assert "they differ      upstream's rule says succeeded, but the run ended without one request" in shown.output


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["beat", "--runtime", "pi_locl"], "there is no runtime `pi_locl`; did you mean `pi_local`?"),
        (["beat", "--runtime", "pi_local", "--scenario", "x"], "there is no scenario `x`; known are: "),
        (["beat", *["--runtime", "pi_local"] * 5], "a launch takes 1 to 4 lanes, not 5"),
        (["beat", "--runtime", "pi_local", "--model", "real"], "SIDEBEAT_MODEL"),
        (["doctor", "--runtime", "nope"], "there is no runtime `nope`; known are: "),
    ],
)
async def test_a_refused_order_is_2(own_command: CommandLine, arguments: list[str], sentence: str) -> None:
    result = await own_command.run(*arguments)
    assert result.exit_code == 2
    assert sentence in result.said
    assert len(result.sentences) == 1
    assert result.sentences[0].startswith("sidebeat: ")
    assert result.output == ""


async def test_what_is_not_stored_is_2(own_command: CommandLine) -> None:
    async with opened(own_command.paths, own_command.layout):
        pass
    for arguments in (["show", "r9"], ["export", "r9", "--output", str(own_command.folder / "x.gz")]):
        result = await own_command.run(*arguments)
        assert (result.exit_code, result.sentences) == (2, ["sidebeat: there is no run r9; see `sidebeat runs`"])
    listed = await own_command.run("runs")
    assert (listed.exit_code, listed.output) == (0, "")
    assert listed.sentences == ["No runs yet: start one with `sidebeat beat --runtime pi_local`."]


async def test_options_that_make_no_sense_are_2(own_command: CommandLine) -> None:
    for arguments in (["beat"], ["beat", "--runtime", "pi_local", "--time-limit", "0"], ["dance"]):
        result = await own_command.run(*arguments)
        assert result.exit_code == 2
        assert "Usage: " in result.said


async def test_a_file_that_does_not_allow_it_is_3(own_command: CommandLine) -> None:
    own_command.database.write_text("this is no database, but it is long enough to be read as one\n" * 20, "utf-8")
    for arguments in (["runs"], ["beat", "--runtime", "pi_local"]):
        result = await own_command.run(*arguments)
        assert result.exit_code == 3
        assert len(result.sentences) == 1
        assert str(own_command.database) in result.said


async def test_settings_that_cannot_be_read_are_3(own_command: CommandLine) -> None:
    own_command.paths.config.mkdir(parents=True)
    (own_command.paths.config / "config.toml").write_text("experimentl = true\n", "utf-8")
    result = await own_command.run("beat", "--runtime", "pi_local")
    assert result.exit_code == 3
    (sentence,) = result.sentences
    assert sentence.endswith("config.toml: `experimentl` is not a setting; did you mean `experimental`?")


async def test_a_recording_that_cannot_be_written_is_3(own_command: CommandLine) -> None:
    add_runtime(own_command.paths, "silent", write_adapter(own_command.folder / "package", f"return {SUCCESS};"))
    beat = await own_command.run("beat", "--runtime", "silent")
    run_id = beat.output.splitlines()[1].split()[0]
    result = await own_command.run("export", run_id, "--output", str(own_command.folder / "none" / "x.gz"))
    assert result.exit_code == 3
    assert result.sentences[0].endswith("x.gz: cannot be written: No such file or directory; choose another file")


async def test_the_setting_enables_experimental_runtimes(own_command: CommandLine) -> None:
    own_command.paths.config.mkdir(parents=True)
    (own_command.paths.config / "config.toml").write_text("experimental = true\n", "utf-8")
    result = await own_command.run("beat", "--runtime", "agentos_local/pi", "--scenario", "x")
    assert "there is no scenario `x`" in result.said


async def test_the_screens_need_a_terminal(own_command: CommandLine) -> None:
    for arguments in ([], ["replay", "x.gz"]):
        result = await own_command.run(*arguments)
        assert result.exit_code == 2
        assert len(result.sentences) == 1
