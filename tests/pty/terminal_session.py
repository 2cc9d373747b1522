"""A process in a pseudo-terminal: what it wrote, and what a terminal would show of it."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pyte

REPOSITORY = Path(__file__).parents[2]
DEADLINE_S = 40.0

ENTERED, LEFT = b"\x1b[?1049h", b"\x1b[?1049l"
MOUSE_ON, MOUSE_OFF = b"\x1b[?1000h", b"\x1b[?1000l"


class TerminalSession:
    """Runs `python <arguments>` in a terminal of 24 lines and 80 columns; close it with `end`."""

    def __init__(self, arguments: Sequence[str], environment: Mapping[str, str]) -> None:
        self.output = b""
        self._screen = pyte.Screen(80, 24)
        self._stream = pyte.ByteStream(self._screen)
        self._terminal, child_end = pty.openpty()
        fcntl.ioctl(child_end, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        self.process = subprocess.Popen(
            [sys.executable, *arguments],
            stdin=child_end,
            stdout=child_end,
            stderr=child_end,
            cwd=REPOSITORY,
            env={**os.environ, "TERM": "xterm-256color", "COLUMNS": "80", "LINES": "24", **environment},
            start_new_session=True,
        )
        os.close(child_end)

    @property
    def shown(self) -> str:
        """The screen as text."""
        return "\n".join(self._screen.display)

    def wait_for(self, condition: Callable[[], object]) -> None:
        """Read until the condition holds."""
        deadline = time.monotonic() + DEADLINE_S
        while not condition():
            assert time.monotonic() < deadline, f"not reached; the screen shows:\n{self.shown}"
            self._read(0.1)

    def press(self, keys: str) -> None:
        """Type."""
        os.write(self._terminal, keys.encode())

    def send(self, number: signal.Signals) -> None:
        """Send the process a signal."""
        os.kill(self.process.pid, number)

    def end(self) -> int:
        """Read to the end; returns the exit code, after killing what would not leave by itself."""
        deadline = time.monotonic() + DEADLINE_S
        while self.process.poll() is None and time.monotonic() < deadline:
            self._read(0.1)
        if self.process.poll() is None:
            self.process.kill()
        while self._read(0.2):
            pass
        os.close(self._terminal)
        return self.process.wait()

    def _read(self, timeout_s: float) -> bool:
        if not select.select([self._terminal], [], [], timeout_s)[0]:
            return False
        try:
            data = os.read(self._terminal, 65536)
        except OSError:  # Linux: the other end is closed
            return False
        self.output += data
        self._stream.feed(data)
        return bool(data)


def assert_given_back(output: bytes) -> None:
    """The alternate screen and mouse reporting were left after they were entered, and the cursor is seen again."""
    assert output.count(ENTERED) == output.count(LEFT) == 1
    assert output.rindex(LEFT) > output.rindex(ENTERED)
    assert output.rindex(MOUSE_OFF) > output.rindex(MOUSE_ON)
    assert b"\x1b[?25h" in output[output.rindex(LEFT) - 200 :]
