"""`sidebeat replay` in a real terminal."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pty.terminal_session import TerminalSession, assert_given_back

COMMAND = "from console.cli import main; main()"
RECORDING = "console/engine/recordings/remember.recording.gz"


@pytest.fixture
def replay(tmp_path: Path) -> Iterator[TerminalSession]:
    folders = {f"XDG_{kind}_HOME": str(tmp_path / kind.lower()) for kind in ("DATA", "CONFIG", "CACHE")}
    environment = {"HOME": str(tmp_path), "SIDEBEAT_CACHE_DIR": str(tmp_path / "cache"), **folders}
    started = TerminalSession(["-c", COMMAND, "replay", RECORDING, "--speed", "0"], environment)
    yield started
    if started.process.poll() is None:
        started.process.kill()
        started.process.wait()


def test_a_replay_shows_how_both_lanes_ended_and_gives_the_terminal_back(replay: TerminalSession) -> None:
    replay.wait_for(lambda: replay.shown.count("■ result") == 2)
    lines = replay.shown.splitlines()
    halves = ("\n".join(line[:39] for line in lines), "\n".join(line[40:] for line in lines))
    for half, last_row in zip(halves, ("■ result end · ", "■ result end_turn · "), strict=True):
        assert "✔ succeeded" in half
        assert last_row in half
    replay.press("q")
    assert replay.end() == 0
    assert_given_back(replay.output)
