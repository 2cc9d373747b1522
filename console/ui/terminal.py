"""The terminal: refused when there is none, and given back as it was however the console ends."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from typing import Final, Protocol

ENDING_SIGNALS: Final = (signal.SIGTERM, signal.SIGHUP)
"""Signals on which Textual alone would leave the alternate screen and mouse reporting on."""


class TextFile(Protocol):
    """As much of a stream as is asked here."""

    def isatty(self) -> bool:
        """Whether it is a terminal."""
        ...


def require_terminal(
    streams: tuple[TextFile, ...] | None = None, environment: Mapping[str, str] | None = None
) -> str | None:
    """Why the screen cannot be opened, in one sentence with the remedy; None when it can.

    `streams` are standard input, output and error (Textual draws on standard error).
    """
    checked = (sys.stdin, sys.stdout, sys.stderr) if streams is None else streams
    term = (os.environ if environment is None else environment).get("TERM", "")
    if not all(stream.isatty() for stream in checked):
        reason = "Sidebeat's screen needs a terminal, and standard input, output or error is not one"
    elif term == "dumb":
        reason = "Sidebeat's screen needs a terminal that can place text, and TERM is `dumb`"
    else:
        return None
    return f"{reason}; without a screen use `sidebeat beat`, `sidebeat runs` or `sidebeat show`."


@contextmanager
def leaving_on_signals(leave: Callable[[int], object]) -> Generator[None, None, None]:
    """Within, SIGTERM and SIGHUP call `leave(exit_code)` in the running loop instead of killing the process."""
    loop = asyncio.get_running_loop()
    for number in ENDING_SIGNALS:
        loop.add_signal_handler(number, leave, 128 + number)
    try:
        yield
    finally:
        for number in ENDING_SIGNALS:
            loop.remove_signal_handler(number)
