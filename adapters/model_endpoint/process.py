"""The endpoint's Node process: commands out, reports in, and its last words when it dies."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from adapters.line_process import LineProcess
from adapters.line_splitter import OversizeLine
from adapters.model_endpoint import messages as m
from adapters.model_endpoint.errors import ModelEndpointError

STOP_GRACE_S = 2.0

RequestReceiver = Callable[[m.ModelRequest], Awaitable[None]]


class EndpointProcess:
    """A running `endpoint.mjs`. It ends with its standard input, so it cannot outlive this process."""

    def __init__(self, on_request: RequestReceiver) -> None:
        self._process: LineProcess | None = None
        self._on_request = on_request
        self._waiting: dict[str, asyncio.Future[m.EndpointReport]] = {}
        self._failure: ModelEndpointError | None = None
        self.hello: asyncio.Future[m.Hello] = asyncio.get_running_loop().create_future()

    @classmethod
    async def spawn(
        cls, node: Path, script: Path, environment: Mapping[str, str], on_request: RequestReceiver
    ) -> EndpointProcess:
        """Start Node in a process group of its own; `environment` is all that it gets."""
        endpoint = cls(on_request)
        endpoint._process = await LineProcess.spawn(
            "the model endpoint",
            [node, script],
            environment=environment,
            working_directory=script.parent,
            on_line=endpoint._take_line,
            on_end=lambda sentence: endpoint._fail(ModelEndpointError(sentence)),
        )
        return endpoint

    @property
    def pid(self) -> int:
        """The Node process; it leads its own process group."""
        return self._child.pid

    @property
    def is_alive(self) -> bool:
        """Whether the process still runs and its protocol is intact."""
        return self._child.is_alive and self._failure is None

    @property
    def _child(self) -> LineProcess:
        if self._process is None:
            raise ModelEndpointError("the model endpoint has not been started")
        return self._process

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
        await self._child.stop(grace_s=STOP_GRACE_S)
        self._fail(ModelEndpointError("the model endpoint was closed"))

    async def _send(self, command: m.EndpointCommand) -> None:
        try:
            await self._child.send(command.model_dump_json())
        except ConnectionError as error:
            raise ModelEndpointError(self._child.how_it_ended()) from error

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

    def _fail(self, error: ModelEndpointError) -> None:
        if self._failure is None:
            self._failure = error
        for future in (self.hello, *self._waiting.values()):
            if not future.done():
                future.set_exception(error)
                # Nobody may be waiting any more; the failure is kept in `_failure` for the next caller.
                future.exception()
