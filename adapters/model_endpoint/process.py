"""The endpoint's Node process: commands out, reports in, and its last words when it dies."""

from __future__ import annotations

import asyncio
import contextlib
from asyncio.subprocess import PIPE, Process
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from adapters.line_splitter import ByteLineSplitter, OversizeLine
from adapters.model_endpoint import messages as m
from adapters.model_endpoint.errors import ModelEndpointError
from adapters.process_tree import stop_trees

READ_BYTES = 256 * 1024
MAX_REPORT_BYTES = 256 * 1024 * 1024
STOP_GRACE_S = 2.0
DIAGNOSTIC_LINES = 50

RequestReceiver = Callable[[m.ModelRequest], Awaitable[None]]


class EndpointProcess:
    """A running `endpoint.mjs`. It ends with its standard input, so it cannot outlive this process."""

    def __init__(self, process: Process, on_request: RequestReceiver) -> None:
        self._process = process
        self._on_request = on_request
        self._waiting: dict[str, asyncio.Future[m.EndpointReport]] = {}
        self._diagnostics: deque[str] = deque(maxlen=DIAGNOSTIC_LINES)
        self._failure: ModelEndpointError | None = None
        self.hello: asyncio.Future[m.Hello] = asyncio.get_running_loop().create_future()
        self._readers = [asyncio.create_task(self._read_reports()), asyncio.create_task(self._read_diagnostics())]

    @classmethod
    async def spawn(
        cls, node: Path, script: Path, environment: Mapping[str, str], on_request: RequestReceiver
    ) -> EndpointProcess:
        """Start Node in a process group of its own; `environment` is all that it gets."""
        process = await asyncio.create_subprocess_exec(
            str(node),
            str(script),
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            env=dict(environment),
            cwd=script.parent,
            start_new_session=True,
        )
        return cls(process, on_request)

    @property
    def pid(self) -> int:
        """The Node process; it leads its own process group."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Whether the process still runs and its protocol is intact."""
        return self._process.returncode is None and self._failure is None

    async def ask(self, command: m.EndpointCommand) -> m.EndpointReport:
        """Send a command and wait for its answer. Raises ModelEndpointError."""
        if self._failure is not None:
            raise self._failure
        waiting: asyncio.Future[m.EndpointReport] = asyncio.get_running_loop().create_future()
        self._waiting[command.id] = waiting
        try:
            await self._send(command)
            answer = await waiting
        finally:
            self._waiting.pop(command.id, None)
        if isinstance(answer, m.Failed):
            raise ModelEndpointError(f"the model endpoint refused `{command.type}`: {answer.message}")
        return answer

    async def stop(self) -> None:
        """Close its standard input, and stop it by force if that does not end it."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            async with asyncio.timeout(STOP_GRACE_S):
                await self._process.wait()
        except TimeoutError:
            await stop_trees([self.pid], grace_s=1.0)
        for reader in self._readers:
            reader.cancel()
        await asyncio.gather(*self._readers, return_exceptions=True)
        self._fail(ModelEndpointError("the model endpoint was closed"))

    async def _send(self, command: m.EndpointCommand) -> None:
        stdin = self._process.stdin
        if stdin is None:
            raise ModelEndpointError("the model endpoint has no standard input")
        try:
            stdin.write(command.model_dump_json().encode() + b"\n")
            await stdin.drain()
        except (BrokenPipeError, ConnectionResetError) as error:
            raise self._died() from error

    async def _read_reports(self) -> None:
        stdout = self._process.stdout
        if stdout is None:
            return
        splitter = ByteLineSplitter(max_line_bytes=MAX_REPORT_BYTES)
        while data := await stdout.read(READ_BYTES):
            for line in splitter.feed(data):
                await self._take_line(line)
        await self._process.wait()
        self._fail(self._died())

    async def _take_line(self, line: bytes | OversizeLine) -> None:
        if isinstance(line, OversizeLine):
            self._fail(ModelEndpointError(f"the model endpoint sent a line of {line.size_bytes} bytes"))
            return
        try:
            report = m.parse_report(line)
        except ValueError as error:
            self._fail(ModelEndpointError(f"the model endpoint broke its protocol: {error}"))
            return
        await self._dispatch(report)

    async def _dispatch(self, report: m.EndpointReport) -> None:
        if isinstance(report, m.Hello):
            self.hello.set_result(report)
        elif isinstance(report, m.RequestReport):
            await self._on_request(report.request)
        elif isinstance(report, m.Listening | m.BeatBegun | m.BeatEnded | m.Failed):
            waiting = self._waiting.get(report.id or "")
            if waiting is not None and not waiting.done():
                waiting.set_result(report)

    async def _read_diagnostics(self) -> None:
        stderr = self._process.stderr
        if stderr is None:
            return
        splitter = ByteLineSplitter()
        while data := await stderr.read(READ_BYTES):
            for line in splitter.feed(data):
                text = line.head if isinstance(line, OversizeLine) else line
                self._diagnostics.append(text.decode("utf-8", "replace"))

    def _died(self) -> ModelEndpointError:
        code = self._process.returncode
        how = f"signal {-code}" if code is not None and code < 0 else f"exit code {code}"
        last = next((line for line in reversed(self._diagnostics) if line.strip()), "it said nothing")
        return ModelEndpointError(f"the model endpoint ended with {how}; its last words: {last}")

    def _fail(self, error: ModelEndpointError) -> None:
        if self._failure is None:
            self._failure = error
        for future in (self.hello, *self._waiting.values()):
            if not future.done():
                future.set_exception(error)
                with contextlib.suppress(ModelEndpointError):
                    # Nobody may be waiting any more; the failure is kept in `_failure` for the next caller.
                    future.exception()
