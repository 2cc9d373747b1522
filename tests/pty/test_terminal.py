"""The console in a real terminal: given back as it was, and never written to by an agent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pty.terminal_session import LEFT, REPOSITORY, TerminalSession, assert_given_back
from tests.ui.fake_engine import fill
from tests.ui.samples import stored


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pty") / "sidebeat.sqlite"
    fill(path, stored())
    return path


@pytest.fixture
def session(database: Path, request: pytest.FixtureRequest) -> Iterator[TerminalSession]:
    how: list[str] = getattr(request, "param", [])
    started = TerminalSession(["-m", "tests.pty.console_child", str(database), *how], {})
    yield started
    if started.process.poll() is None:
        started.process.kill()
        started.process.wait()


def test_the_terminal_is_given_back_after_q(session: TerminalSession) -> None:
    session.wait_for(lambda: "q quit" in session.shown)
    session.press("q")
    assert session.end() == 0
    assert_given_back(session.output)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_the_terminal_is_given_back_after_a_signal(session: TerminalSession, number: signal.Signals) -> None:
    session.wait_for(lambda: "q quit" in session.shown)
    session.send(number)
    assert session.end() == 128 + number
    assert_given_back(session.output)


@pytest.mark.parametrize("session", [["crash"]], indirect=True)
def test_the_terminal_is_given_back_after_a_crash_that_is_told(session: TerminalSession) -> None:
    assert session.end() == 1
    assert_given_back(session.output)
    assert b"a bug in the console" in session.output[session.output.rindex(LEFT) :]


def test_nothing_that_an_agent_wrote_reaches_the_terminal_as_a_command(session: TerminalSession) -> None:
    session.wait_for(lambda: "[@click=app.quit]" in session.shown)
    session.press("G")
    session.press("q")
    session.end()
    for command in (b"]52;", b"]0;owned", b"\xc2\x9b", b"\x00", "\u202e".encode(), b"\\ud83d", b"\xed\xa0\xbd"):
        assert command not in session.output, command


def test_without_a_terminal_a_sentence_says_what_to_use_instead(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", "from console.cli import main; main()"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        cwd=REPOSITORY,
        env={**os.environ, "HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)},
        check=False,
    )
    assert ended.returncode != 0
    assert "needs a terminal" in ended.stderr
    assert "`sidebeat beat`" in ended.stderr
    assert "\x1b" not in ended.stdout + ended.stderr
