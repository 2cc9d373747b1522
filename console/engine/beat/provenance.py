"""Under what circumstances a beat ran: versions, machine, load, and what was scripted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from adapters.agent_inside import agent_inside
from adapters.node_runtime import NodeInstallError
from adapters.node_runtime.closure import installed_version
from adapters.runtime_packages import agent_command, runtime_packages
from console.engine.beat.machine import console_facts, machine_facts
from console.engine.beat.order import BeatOrder, Services
from console.engine.beat.preparation import PreparedBeat


def provenance(order: BeatOrder, services: Services, prepared: PreparedBeat) -> dict[str, Any]:
    """One record with the load as it is now, so before `execute`; `packages` maps names to installed versions.

    `agent_inside` was read from what is installed in the lane, `agent` is what the runtime's file says.
    """
    loaded, runtime = prepared.bridge.loaded, order.runtime
    inside = agent_inside(runtime, services.node, agent_command(runtime, services.node))
    return {
        **console_facts(),
        "node_packages": services.node.key,
        "node_app": services.node.app_files.content_hash,
        "adapter_package": runtime.adapter.package,
        "adapter_version": loaded.package_version if loaded is not None else None,
        "adapter_capabilities": loaded.capabilities if loaded is not None else [],
        "agent": f"{runtime.agent.family} {runtime.agent.version}",
        "agent_inside": inside.version,
        "agent_inside_source": inside.source,
        "packages": _versions(order, services),
        "runtime_fingerprint": order.fingerprint,
        "named_options": {name: value for name, value in runtime.config.items() if isinstance(value, bool)},
        "script_sha256": order.scenario.script_sha256,
        "bridge_mode": order.launch.bridge_mode,
        "root_kind": prepared.root.kind,
        "root_was_reused": prepared.root.was_reused,
        "branch": prepared.root.branch,
        **machine_facts(),
    }


def _versions(order: BeatOrder, services: Services) -> dict[str, str]:
    """Adapter, agent, and what shares their scopes, as they lie on the disk; and the model endpoint's server."""
    try:
        found = runtime_packages(order.runtime, services.node).key_packages
    except NodeInstallError:
        # A foreign adapter's lock that cannot be read keeps no beat from running.
        found = ()
    folders: dict[str, Path] = {package.name: package.folder for package in found}
    folders["@copilotkit/aimock"] = services.node.node_modules / "@copilotkit" / "aimock"
    versions = {name: installed_version(folder) for name, folder in sorted(folders.items())}
    return {name: version for name, version in versions.items() if version is not None}
