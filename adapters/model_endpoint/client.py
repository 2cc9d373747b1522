"""One lane's model endpoint, as the heartbeat uses it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from adapters.model_endpoint import messages as m
from adapters.model_endpoint.errors import ModelEndpointError
from adapters.model_endpoint.journal import ModelRequest
from adapters.model_endpoint.process import EndpointProcess, RequestReceiver
from adapters.model_endpoint.real_model import API_KEY_VARIABLE, RealModel
from adapters.model_endpoint.script import ScriptedTurn

START_TIMEOUT_S = 30.0
SETTLE_MS = 1_000
WAY_OUT_VARIABLES = (
    "HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY", "https_proxy", "http_proxy", "no_proxy",
    "SSL_CERT_FILE", "SSL_CERT_DIR", "NODE_EXTRA_CA_CERTS",
)  # fmt: skip
"""What a request to a real provider may need on its way; a scripted endpoint goes nowhere."""


async def _ignore(_request: ModelRequest) -> None:
    return None


class ModelEndpoint:
    """A server on 127.0.0.1 that answers an agent's model calls; use `async with ModelEndpoint.start(...)`."""

    def __init__(self, on_request: RequestReceiver) -> None:
        self._on_request = on_request
        self._beat_requests: list[ModelRequest] = []
        self._beat_key: str | None = None
        self._next_id = 0
        self._process: EndpointProcess | None = None
        self._listening: m.Listening | None = None

    @classmethod
    @asynccontextmanager
    async def start(
        cls,
        *,
        node_executable: Path,
        script: Path,
        preferred_port: int | None = None,
        on_request: RequestReceiver = _ignore,
        mode: m.EndpointMode = "scripted",
        real_model: RealModel | None = None,
        recording_folder: Path | None = None,
    ) -> AsyncGenerator[ModelEndpoint]:
        """Start Node with `script` (`endpoint.mjs`, beside its `node_modules`) and stop it on leaving.

        A taken `preferred_port` falls back to a free one: see `preferred_port_taken`. `on_request` is awaited for each
        request twice, as it arrives and when its response has ended, and must ask the endpoint nothing itself.
        `record` and `pass-through` need `real_model`; `record` writes aimock fixtures into `recording_folder`. Raises
        ModelEndpointError.
        """
        if mode != "scripted" and real_model is None:
            raise ModelEndpointError(f"mode `{mode}` needs a real model: see RealModel.from_environment")
        if mode == "record" and recording_folder is None:
            raise ModelEndpointError("mode `record` needs a folder to write its recordings to")
        endpoint = cls(on_request)
        environment = {"PATH": os.defpath}
        if mode != "scripted" and real_model is not None:
            environment |= {name: os.environ[name] for name in WAY_OUT_VARIABLES if name in os.environ}
            environment |= {"NODE_USE_ENV_PROXY": "1", API_KEY_VARIABLE: real_model.api_key.get_secret_value()}
        command = m.Start(
            id="start",
            mode=mode,
            preferred_port=preferred_port,
            provider_base_url=real_model.base_url if real_model else None,
            recording_folder=str(recording_folder) if recording_folder else None,
        )
        process = await EndpointProcess.spawn(node_executable, script, environment, endpoint._take_request)
        endpoint._process = process
        try:
            await endpoint._listen(process, command)
            yield endpoint
        finally:
            await endpoint.close()

    async def _listen(self, process: EndpointProcess, command: m.Start) -> None:
        try:
            async with asyncio.timeout(START_TIMEOUT_S):
                hello = await process.hello
                if hello.protocol != m.PROTOCOL_VERSION:
                    raise ModelEndpointError(
                        f"the model endpoint speaks protocol {hello.protocol}, this Sidebeat speaks "
                        f"{m.PROTOCOL_VERSION}: remove the cache folder and start again"
                    )
                answer = await process.ask(command)
        except TimeoutError as error:
            raise ModelEndpointError(f"the model endpoint did not start in {START_TIMEOUT_S:.0f} s") from error
        if not isinstance(answer, m.Listening):
            raise ModelEndpointError(f"the model endpoint answered `start` with `{answer.type}`")
        self._listening = answer

    @property
    def port(self) -> int:
        """The TCP port on 127.0.0.1."""
        return self._started().port

    @property
    def base_url(self) -> str:
        """`http://127.0.0.1:<port>`, without `/v1`."""
        return f"http://{self._started().host}:{self._started().port}"

    @property
    def preferred_port_taken(self) -> bool:
        """Whether another program held the preferred port, so that a free one was used instead."""
        return self._started().preferred_port_taken

    @property
    def pid(self) -> int:
        """The Node process; it leads its own process group."""
        return self._running().pid

    @property
    def beat_key(self) -> str | None:
        """Names the newest beat in its requests; None before the first one."""
        return self._beat_key

    @property
    def is_alive(self) -> bool:
        """Whether the endpoint can still answer."""
        return self._process is not None and self._process.is_alive

    async def begin_beat(self, turns: Sequence[ScriptedTurn]) -> None:
        """Play these turns, already in the agent's dialect, until `end_beat`. Raises ModelEndpointError."""
        self._beat_requests = []
        self._beat_key = self._new_id()
        await self._running().ask(m.BeginBeat(id=self._beat_key, turns=tuple(turns)))

    async def end_beat(self, *, settle_ms: int = SETTLE_MS) -> list[ModelRequest]:
        """Close the beat and return its requests in the order of arrival. Raises ModelEndpointError.

        Requests in flight get `settle_ms` to finish; one that is slower is not in the list, but still reaches
        `on_request` when it ends.
        """
        await self._running().ask(m.EndBeat(id=self._new_id(), settle_ms=settle_ms))
        return sorted(self._beat_requests, key=lambda request: request.index)

    async def close(self) -> None:
        """Stop the process; safe to call twice."""
        process, self._process = self._process, None
        if process is not None:
            await process.stop()

    async def _take_request(self, request: ModelRequest) -> None:
        if request.is_answered and request.beat_key is not None and request.beat_key == self._beat_key:
            self._beat_requests.append(request)
        await self._on_request(request)

    def _new_id(self) -> str:
        self._next_id += 1
        return f"command-{self._next_id}"

    def _running(self) -> EndpointProcess:
        if self._process is None:
            raise ModelEndpointError("the model endpoint is closed")
        return self._process

    def _started(self) -> m.Listening:
        if self._listening is None:
            raise ModelEndpointError("the model endpoint has not started")
        return self._listening
