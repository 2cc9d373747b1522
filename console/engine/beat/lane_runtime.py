"""What a lane keeps between its beats: its model endpoint, and in warm mode its bridge."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

from adapters.bridge import Bridge
from adapters.catalogue import RuntimeDefinition
from adapters.model_endpoint import EndpointMode, ModelEndpoint, ModelEndpointError, ModelRequest, RealModel
from adapters.node_runtime import NPM_PREFIX, NodeRuntimeLayout, ensure_npm_package
from adapters.process_tree import stop_orphans
from store.records import ModelMode

ORPHAN_GRACE_S = 1.0
RequestReceiver = Callable[[ModelRequest], Awaitable[None]]

ENDPOINT_MODES: dict[ModelMode, EndpointMode] = {
    "scripted": "scripted",
    "record": "record",
    "real": "pass-through",
}


async def _ignore(_request: ModelRequest) -> None:
    return None


@dataclass(frozen=True, slots=True)
class BridgeKey:
    """What a bridge got when it started, and keeps: a beat that needs anything else needs another bridge."""

    runtime: RuntimeDefinition
    environment: Mapping[str, str]
    """Without `TMPDIR`, which each beat names anew."""
    root: Path

    @classmethod
    def of(cls, runtime: RuntimeDefinition, environment: Mapping[str, str], root: Path) -> BridgeKey:
        """The key of a bridge with this whole environment."""
        return cls(runtime, {name: value for name, value in environment.items() if name != "TMPDIR"}, root)


@dataclass(slots=True)
class LaneRuntime:
    """One lane's long-lived children. `close` stops them all."""

    node: NodeRuntimeLayout
    recordings: Path
    on_request: RequestReceiver = _ignore
    """Who hears of requests now: the beat that runs."""
    stopped_orphan_count: int = 0
    """How many processes this lane has had to stop because nobody else did."""
    _endpoint: ModelEndpoint | None = None
    _endpoint_mode: ModelMode | None = None
    _endpoint_stack: AsyncExitStack = field(default_factory=AsyncExitStack)
    _bridge: Bridge | None = None
    _bridge_key: BridgeKey | None = None
    _temporary: Path | None = None
    """The bridge's `TMPDIR`, which all that it starts inherits; it is removed with the bridge."""

    @property
    def bridge_pid(self) -> int | None:
        """The Node process that is kept for the next beat; None where there is none."""
        return self._bridge.pid if self._bridge is not None and self._bridge.is_alive else None

    async def endpoint(self, mode: ModelMode, real_model: RealModel | None) -> ModelEndpoint:
        """The lane's endpoint, started when first needed. Raises ModelEndpointError."""
        if self._endpoint is not None and self._endpoint.is_alive and self._endpoint_mode == mode:
            return self._endpoint
        await self._endpoint_stack.aclose()
        self._endpoint_stack = AsyncExitStack()
        self._endpoint = await self._endpoint_stack.enter_async_context(
            ModelEndpoint.start(
                node_executable=self.node.node_executable,
                script=self.node.app_dir / "endpoint.mjs",
                on_request=self._take_request,
                mode=ENDPOINT_MODES[mode],
                real_model=real_model,
                recording_folder=self.recordings if mode == "record" else None,
            )
        )
        self._endpoint_mode = mode
        return self._endpoint

    async def bridge(self, runtime: RuntimeDefinition, environment: Mapping[str, str], root: Path) -> Bridge:
        """A bridge with the runtime's adapter: the warm one if it has just this environment and root, else a new one.

        The environment's `TMPDIR` is the bridge's from then on; the warm one keeps its own, and the folder is removed.
        Raises BridgeError, AdapterThrewError and NodeInstallError.
        """
        key, temporary = BridgeKey.of(runtime, environment, root), Path(environment["TMPDIR"])
        if self._bridge is not None and self._bridge.is_alive and self._bridge_key == key:
            await _remove(temporary)
            return self._bridge
        await self.close_bridge()
        self._temporary = temporary
        self._bridge = await Bridge.start(
            node=self.node.node_executable,
            script=self.node.app_dir / "bridge.mjs",
            package=await self._package(runtime),
            environment=environment,
            working_directory=root,
        )
        self._bridge_key = key
        return self._bridge

    async def end_beat(self) -> None:
        """Close the beat at the endpoint and stop what the agent left running, however the beat ended."""
        await self._stop_orphans()
        if self._endpoint is None or not self._endpoint.is_alive:
            return
        # An endpoint that dies meanwhile has no open beat either.
        with contextlib.suppress(ModelEndpointError):
            await self._endpoint.end_beat(settle_ms=0)

    async def close_bridge(self) -> None:
        """Stop the bridge and all that its adapter started, and remove its `TMPDIR`."""
        bridge, self._bridge, self._bridge_key = self._bridge, None, None
        if bridge is not None:
            await bridge.close()
        await self._stop_orphans()
        temporary, self._temporary = self._temporary, None
        if temporary is not None:
            await _remove(temporary)

    async def _stop_orphans(self) -> None:
        """An agent's tools may outlive it: pi starts them in groups of their own, and upstream stops only pi's."""
        if self._temporary is None:
            return
        spared = self._bridge.pid if self._bridge is not None else None
        stopped = await stop_orphans("TMPDIR", str(self._temporary), but_not_below=spared, grace_s=ORPHAN_GRACE_S)
        self.stopped_orphan_count += len(stopped)

    async def close(self) -> None:
        """Stop everything of this lane."""
        await self.close_bridge()
        await self._endpoint_stack.aclose()
        self._endpoint = None

    async def _package(self, runtime: RuntimeDefinition) -> str:
        """What the bridge is to load: a package's name, or its folder."""
        package = runtime.adapter.package
        if package.startswith(NPM_PREFIX):
            return os.fspath(await ensure_npm_package(self.node, package))
        if package.startswith("./"):
            return os.fspath(self.node.app_dir / package.removeprefix("./"))
        return os.path.expanduser(package)  # noqa: ASYNC240, PTH111 -- a package's name is not a path, and nothing is read

    async def _take_request(self, request: ModelRequest) -> None:
        await self.on_request(request)


async def _remove(folder: Path) -> None:
    """What cannot be removed now is swept at the next start."""
    await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
