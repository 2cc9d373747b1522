"""One Node process that holds one adapter: started, asked, listened to, and stopped with all its children."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, cast

from pydantic import ValidationError

from adapters.bridge import messages as m
from adapters.bridge.answers import resolve, validated
from adapters.bridge.errors import AdapterThrewError, BridgeError
from adapters.contract import (
    AdapterEnvironmentTestContext,
    AdapterEnvironmentTestResult,
    AdapterExecutionContext,
    AdapterExecutionResult,
)
from adapters.line_process import LineProcess
from adapters.line_splitter import AssembledLine, OversizeLine

START_TIMEOUT_S = 30.0
STOP_GRACE_S = 5.0

RunReport = m.Meta | m.Spawn | m.Log | m.Event
RunListener = Callable[[RunReport], Awaitable[None]]


class Bridge:
    """A running bridge with its adapter loaded. Use `Bridge.start`, then `close` (or `async with`)."""

    def __init__(self) -> None:
        self._process: LineProcess | None = None
        self._waiting: dict[str, asyncio.Future[m.BridgeReport]] = {}
        self._parses: deque[asyncio.Future[m.Entries]] = deque()
        self._listeners: dict[str, RunListener] = {}
        self._ready: asyncio.Future[m.Ready] = asyncio.get_running_loop().create_future()
        self._failure: BridgeError | None = None
        self._next_id = 0
        self._closing = False
        self.loaded: m.Loaded | None = None

    @classmethod
    async def start(
        cls,
        *,
        node: Path,
        script: Path,
        package: str,
        environment: Mapping[str, str],
        working_directory: Path,
    ) -> Bridge:
        """Start the bridge in a process group of its own and load an adapter into it.

        `package` is an npm package name or a package folder; `environment` is all that the child gets.
        Raises BridgeError if it does not start, AdapterThrewError if the adapter cannot be loaded.
        """
        bridge = cls()
        bridge._process = await LineProcess.spawn(
            "the bridge",
            [node, script],
            environment=environment,
            working_directory=working_directory,
            on_line=bridge._take_line,
            on_end=lambda sentence: bridge._fail(BridgeError(sentence)),
        )
        async with contextlib.AsyncExitStack() as until_loaded:
            until_loaded.push_async_callback(bridge.close)
            bridge.loaded = await bridge._load(package)
            until_loaded.pop_all()
        return bridge

    async def _load(self, package: str) -> m.Loaded:
        try:
            async with asyncio.timeout(START_TIMEOUT_S):
                ready = await self._ready
                if ready.protocol != m.PROTOCOL_VERSION:
                    raise BridgeError(
                        f"the bridge speaks protocol {ready.protocol}, this Sidebeat speaks {m.PROTOCOL_VERSION}: "
                        "remove the cache folder and start again"
                    )
                answer = await self._ask(m.Load(id=self._new_id(), package=package))
        except TimeoutError as error:
            raise BridgeError(f"the bridge did not start in {START_TIMEOUT_S:.0f} s") from error
        if not isinstance(answer, m.Loaded):
            raise BridgeError(f"the bridge answered `load` with `{answer.type}`")
        return answer

    async def __aenter__(self) -> Bridge:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    @property
    def pid(self) -> int:
        """The Node process; it leads its own process group."""
        return self._child.pid

    @property
    def is_alive(self) -> bool:
        """Whether the process still runs and its protocol is intact."""
        return self._child.is_alive and self._failure is None

    @property
    def diagnostics(self) -> list[str]:
        """The last lines that the bridge, its adapter or their children wrote to the bridge's own stderr."""
        return list(self._child.diagnostics)

    @property
    def _child(self) -> LineProcess:
        if self._process is None:
            raise BridgeError("the bridge has not been started")
        return self._process

    async def execute(
        self, run_id: str, context: AdapterExecutionContext, listener: RunListener
    ) -> tuple[AdapterExecutionResult, float]:
        """Run one heartbeat; the listener gets each report in order, and must ask the bridge nothing itself.

        Returns the result and the milliseconds from `execute` to it. Raises AdapterThrewError when `execute` rejects,
        BridgeError when the process dies under it.
        """
        self._listeners[run_id] = listener
        try:
            answer = await self._ask(m.Execute(id=run_id, context=context.to_wire()))
        finally:
            del self._listeners[run_id]
        if not isinstance(answer, m.Executed):
            raise BridgeError(f"the bridge answered `execute` with `{answer.type}`")
        return validated(AdapterExecutionResult, answer.result, during="execute"), answer.at_ms

    async def cancel(self, run_id: str) -> None:
        """Abort the run's signal; has no effect on adapters that do not watch it."""
        if self.is_alive:
            await self._send(m.Cancel(id=run_id))

    async def parse(self, run_id: str, lines: list[AssembledLine]) -> list[m.ParsedLine]:
        """Upstream's own UI parser on complete log lines, in order."""
        waiting: asyncio.Future[m.Entries] = asyncio.get_running_loop().create_future()
        self._parses.append(waiting)
        wire = [m.LogLine(text=line.text, ts=line.ts, log_seq=line.log_seq) for line in lines]
        await self._send(m.Parse(id=run_id, lines=wire))
        return (await waiting).lines

    async def test_environment(self, context: AdapterEnvironmentTestContext) -> AdapterEnvironmentTestResult:
        """The adapter's own checks of this machine. Raises AdapterThrewError if they throw or are none."""
        command = m.TestEnvironment(id=self._new_id(), context=context.to_wire())
        return validated(AdapterEnvironmentTestResult, await self._answer(command), during=command.type)

    async def deserialize_session(self, stored: Any) -> dict[str, Any] | None:
        """Stored session JSON to params, by the adapter's codec. Raises AdapterThrewError if it gives no params."""
        return await self._apply_codec("deserialize", stored)

    async def serialize_session(self, params: dict[str, Any] | None) -> dict[str, Any] | None:
        """Session params to what is stored, by the adapter's codec. Raises AdapterThrewError if it gives no params."""
        return await self._apply_codec("serialize", params)

    async def close(self) -> None:
        """Let the adapter clean up, then stop the whole tree; safe to call twice."""
        if self._closing:
            return
        self._closing = True
        with contextlib.suppress(BridgeError):
            await self._send(m.Shutdown())
        await self._child.stop(grace_s=STOP_GRACE_S)
        self._fail(BridgeError("the bridge was closed"))

    async def _answer(self, command: m.TestEnvironment | m.ApplyCodec) -> Any:
        answer = await self._ask(command)
        if not isinstance(answer, m.Answer):
            raise BridgeError(f"the bridge answered `{command.type}` with `{answer.type}`")
        return answer.value

    async def _apply_codec(self, operation: Literal["deserialize", "serialize"], value: Any) -> dict[str, Any] | None:
        answer = await self._answer(m.ApplyCodec(id=self._new_id(), operation=operation, value=value))
        if answer is None or isinstance(answer, dict):
            return cast("dict[str, Any] | None", answer)
        raise AdapterThrewError(
            f"the adapter's codec gives {answer!r} where session params belong", during="apply_codec", stack=None
        )

    async def _ask(self, command: m.Load | m.Execute | m.TestEnvironment | m.ApplyCodec) -> m.BridgeReport:
        waiting: asyncio.Future[m.BridgeReport] = asyncio.get_running_loop().create_future()
        self._waiting[command.id] = waiting
        try:
            await self._send(command)
            return await waiting
        finally:
            self._waiting.pop(command.id, None)

    async def _send(self, command: m.BridgeCommand) -> None:
        if self._failure is not None:
            raise self._failure
        try:
            await self._child.send(command.model_dump_json())
        except ConnectionError as error:
            raise BridgeError(self._child.how_it_ended()) from error

    def _new_id(self) -> str:
        self._next_id += 1
        return f"command-{self._next_id}"

    async def _take_line(self, line: bytes | OversizeLine) -> None:
        if isinstance(line, OversizeLine):
            self._fail(BridgeError(f"the bridge sent a line of {line.size_bytes} bytes"))
            return
        try:
            report = m.REPORTS.validate_json(line)
        except ValidationError as error:
            self._fail(BridgeError(f"the bridge broke its protocol: {error.errors()[0]['msg']}"))
            return
        try:
            await self._dispatch(report)
        except Exception as error:  # noqa: BLE001 -- a listener's failure ends the call that it listens to
            failure = BridgeError(f"a `{report.type}` report could not be taken: {error}")
            failure.__cause__ = error
            self._fail(failure)

    async def _dispatch(self, report: m.BridgeReport) -> None:
        if isinstance(report, m.Ready):
            resolve(self._ready, report)
        elif isinstance(report, m.Entries):
            if self._parses:
                resolve(self._parses.popleft(), report)
        elif isinstance(report, m.Failed):
            self._throw(report)
        elif isinstance(report, m.Loaded | m.Executed | m.Answer):
            if waiting := self._waiting.get(report.id):
                resolve(waiting, report)
        elif listener := self._listeners.get(report.id):
            await listener(report)

    def _throw(self, report: m.Failed) -> None:
        error = AdapterThrewError(report.message, during=report.during, stack=report.stack)
        is_parse = report.during == "parse" and self._parses
        waiting = self._parses.popleft() if is_parse else self._waiting.get(report.id or "")
        if waiting is not None and not waiting.done():
            waiting.set_exception(error)
            return
        self._child.diagnostics.append(f"{report.during}: {report.message}")

    def _fail(self, error: BridgeError) -> None:
        if self._failure is None:
            self._failure = error
        pending: list[asyncio.Future[Any]] = [self._ready, *self._waiting.values(), *self._parses]
        self._parses.clear()
        for future in pending:
            if not future.done():
                future.set_exception(error)
                # Nobody may be waiting any more; the failure is kept in `_failure` for the next caller.
                future.exception()
