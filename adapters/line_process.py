"""A child that speaks in lines: one JSON object a line in and out, and its last words when it dies."""

from __future__ import annotations

import asyncio
from asyncio.subprocess import PIPE, Process
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path

from adapters.line_splitter import ByteLineSplitter, OversizeLine
from adapters.process_tree import stop_trees

READ_BYTES = 256 * 1024
MAX_LINE_BYTES = 256 * 1024 * 1024
EXIT_POLL_S = 0.02
DRAIN_S = 1.0
"""How long a dead child's pipes are read: a grandchild may hold them open for ever."""
DIAGNOSTIC_LINES = 200

LineReceiver = Callable[[bytes | OversizeLine], Awaitable[None]]
EndReceiver = Callable[[str], None]


class LineProcess:
    """A running child; it leads a process group of its own, and its standard error is kept as diagnostics.

    `on_line` is awaited for each line of its output, in order. `on_end` is called once, with one sentence, when the
    child or its output has ended and what it said has been read.
    """

    def __init__(self, name: str, process: Process, on_line: LineReceiver, on_end: EndReceiver) -> None:
        self._name = name
        self._process = process
        self._on_line = on_line
        self._on_end = on_end
        self.diagnostics: deque[str] = deque(maxlen=DIAGNOSTIC_LINES)
        self._readers = [asyncio.create_task(self._read_output()), asyncio.create_task(self._read_diagnostics())]
        self._end_watch = asyncio.create_task(self._watch_end())

    @classmethod
    async def spawn(
        cls,
        name: str,
        arguments: Sequence[str | Path],
        *,
        environment: Mapping[str, str],
        working_directory: Path,
        on_line: LineReceiver,
        on_end: EndReceiver,
    ) -> LineProcess:
        """Start it; `name` begins the sentences about it, `environment` is all that it gets. Raises OSError."""
        process = await asyncio.create_subprocess_exec(
            *map(str, arguments),
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            env=dict(environment),
            cwd=working_directory,
            start_new_session=True,
        )
        return cls(name, process, on_line, on_end)

    @property
    def pid(self) -> int:
        """The child; also the id of its process group."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Whether the process still runs."""
        return self._process.returncode is None

    async def send(self, line: str) -> None:
        """Write one line. Raises ConnectionError when the child reads no more."""
        stdin = self._process.stdin
        if stdin is None:
            raise BrokenPipeError(f"{self._name} has no standard input")
        stdin.write(line.encode() + b"\n")
        await stdin.drain()

    async def stop(self, *, grace_s: float) -> None:
        """End its input, which ends a child of ours, and stop its whole tree if that does not."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            async with asyncio.timeout(grace_s):
                await self._exited()
        except TimeoutError:
            await stop_trees([self.pid], grace_s=1.0)
        tasks = [*self._readers, self._end_watch]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        # A grandchild may hold the pipes, and asyncio offers no other way to let go of them.
        self._process._transport.close()  # pyright: ignore[reportPrivateUsage, reportUnknownMemberType, reportAttributeAccessIssue]  # as above

    def how_it_ended(self) -> str:
        """One sentence: its exit, and the last thing that it said on standard error."""
        code = self._process.returncode
        if code is None:
            return f"{self._name} closed its output"
        how = f"signal {-code}" if code < 0 else f"exit code {code}"
        # Node ends the report of a crash with its stack and its own version.
        said = [line for line in self.diagnostics if line.strip() and not line.startswith((" ", "Node.js v"))]
        return f"{self._name} ended with {how}; its last words: {said[-1] if said else 'none'}"

    async def _read_output(self) -> None:
        stdout = self._process.stdout
        if stdout is None:
            return
        splitter = ByteLineSplitter(max_line_bytes=MAX_LINE_BYTES)
        while data := await stdout.read(READ_BYTES):
            for line in splitter.feed(data):
                await self._on_line(line)

    async def _read_diagnostics(self) -> None:
        stderr = self._process.stderr
        if stderr is None:
            return
        splitter = ByteLineSplitter()
        while data := await stderr.read(READ_BYTES):
            for line in splitter.feed(data):
                text = line.head if isinstance(line, OversizeLine) else line
                self.diagnostics.append(text.decode("utf-8", "replace"))

    async def _watch_end(self) -> None:
        exited = asyncio.create_task(self._exited())
        try:
            await asyncio.wait({exited, self._readers[0]}, return_when=asyncio.FIRST_COMPLETED)
            await asyncio.wait({exited, *self._readers}, timeout=DRAIN_S)
        finally:
            exited.cancel()
        self._on_end(self.how_it_ended())

    async def _exited(self) -> None:
        """Until the process has ended; asyncio's own `wait` also waits for its pipes, which others may hold."""
        while self._process.returncode is None:  # noqa: ASYNC110 -- the process offers no event without its pipes
            await asyncio.sleep(EXIT_POLL_S)
