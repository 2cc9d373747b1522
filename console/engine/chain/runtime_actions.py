"""Manipulations of where and on what a lane runs: its root, its bridge, its sidecar, the console, time."""

from __future__ import annotations

import asyncio
from pathlib import Path

from adapters.named_process import kill_process, named_below
from console.engine.chain.durations import duration_s
from console.engine.chain.manipulation import Done, LaneAtRest, Refused

SIDECAR_NAME = "agentos-sidecar"
LONGEST_WAIT_S = 24 * 3_600.0


async def move_root(lane: LaneAtRest, argument: str | None) -> Done:
    """Rename the execution root, so that the next beat works in another place with the same files."""
    name = (argument or "").strip()
    if "/" in name or name in {".", ".."}:
        raise Refused(f"`{name}` is no name of a folder; give one without slashes, or none")
    if not lane.root.is_dir():
        raise Refused(f"the execution root {lane.root} of lane {lane.letter} is not there; beat first")
    target = lane.root.with_name(name) if name else _free_name(lane.root)
    if target.exists():
        raise Refused(f"{target} is there already; give another name")
    try:
        await asyncio.to_thread(lane.root.rename, target)
    except OSError as error:
        raise Refused(f"{lane.root} cannot be renamed to {target.name}: {error.strerror}") from error
    return Done(
        f"moved the execution root of lane {lane.letter} from {lane.root.name} to {target.name}",
        {"root": str(lane.root)},
        {"root": str(target)},
    )


async def restart_bridge(lane: LaneAtRest, argument: str | None) -> Done:
    """Stop the Node process that is kept for the lane, with all that its adapter started."""
    _no_argument("restart-bridge", argument)
    runtime, pid = lane.host.launches.lane_runtime(lane.lane.lane_index), _bridge_pid(lane)
    if runtime is not None:
        await runtime.close_bridge()
    return Done(
        f"stopped the bridge of lane {lane.letter} (process {pid}); the next beat starts another",
        {"bridge_pid": pid},
        {"bridge_pid": None},
    )


async def kill_sidecar(lane: LaneAtRest, argument: str | None) -> Done:
    """SIGKILL to the agent-os sidecar below the lane's warm bridge, which stays."""
    _no_argument("kill-sidecar", argument)
    bridge_pid = _bridge_pid(lane)
    pids = await asyncio.to_thread(named_below, bridge_pid, SIDECAR_NAME)
    if not pids:
        raise Refused(f"lane {lane.letter} ({lane.runtime.key}) runs no {SIDECAR_NAME}: its agent works on the host")
    for pid in pids:
        await kill_process(pid)
    killed = ", ".join(map(str, pids))
    return Done(
        f"killed the VM's sidecar of lane {lane.letter} (SIGKILL to {killed}); its bridge {bridge_pid} lives on",
        {"bridge_pid": bridge_pid, "sidecar_pids": pids},
        {"bridge_pid": bridge_pid, "sidecar_pids": await asyncio.to_thread(named_below, bridge_pid, SIDECAR_NAME)},
    )


async def restart_console(lane: LaneAtRest, argument: str | None) -> Done:
    """Close the engine with all its children and open it again on the same database."""
    _no_argument("restart-console", argument)
    bridges = _bridge_pids(lane)
    await lane.host.restart()
    return Done(
        "closed the console's engine with its bridges and model endpoints, and opened it again on the same database",
        {"bridge_pids": bridges},
        {"bridge_pids": _bridge_pids(lane)},
    )


async def wait(lane: LaneAtRest, argument: str | None) -> Done:
    """Let time pass."""
    seconds = duration_s(argument or "")
    if seconds is None or seconds > LONGEST_WAIT_S:
        raise Refused(f"say how long to wait, at most a day, such as wait:30s; `{argument or ''}` is no such duration")
    began_s = lane.services.clock.epoch_s()
    await asyncio.sleep(seconds)
    return Done(f"waited {argument}", {"epoch_s": began_s}, {"epoch_s": lane.services.clock.epoch_s()})


def _bridge_pid(lane: LaneAtRest) -> int:
    """The lane's warm bridge. Raises Refused."""
    if lane.view.chain.bridge_mode == "cold":
        raise Refused(
            "each beat of this chain starts a bridge of its own, and nothing of it is left; begin a warm chain for this"
        )
    runtime = lane.host.launches.lane_runtime(lane.lane.lane_index)
    pid = runtime.bridge_pid if runtime is not None else None
    if pid is None:
        raise Refused(f"lane {lane.letter} has no bridge now; its next beat starts one")
    return pid


def _bridge_pids(lane: LaneAtRest) -> dict[str, int | None]:
    launches = lane.host.launches
    runtimes = {other.runtime_key: launches.lane_runtime(other.lane_index) for other in lane.view.lanes}
    return {key: runtime.bridge_pid if runtime is not None else None for key, runtime in runtimes.items()}


def _free_name(root: Path) -> Path:
    base = root.name.partition("-moved")[0]
    number = 1
    while (target := root.with_name(f"{base}-moved-{number}")).exists():
        number += 1
    return target


def _no_argument(key: str, argument: str | None) -> None:
    if argument:
        raise Refused(f"`{key}` takes no argument; leave `:{argument}` out")
