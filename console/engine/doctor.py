"""Is everything there, and what does each adapter say of this machine?"""

from __future__ import annotations

import os
import platform
import shutil
import sys
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from adapters.bridge import AdapterThrewError, BridgeError
from adapters.catalogue import RuntimeDefinition, UnknownPlaceholderError
from adapters.contract import AdapterEnvironmentTestContext
from adapters.model_endpoint import ModelEndpointError, ScriptedTurn
from adapters.node_runtime import NodeInstallError
from adapters.roots import RootKind
from console.engine.beat import BeatOrder, LaneRuntime
from console.engine.beat.preparation import agent_settings, bridge_environment
from console.engine.clock import iso_utc
from store.records import IssueRecord, LaunchRecord

if TYPE_CHECKING:
    from console.engine.engine import Engine

CheckLevel = Literal["info", "warn", "error"]
ROOT_KIND: RootKind = "directory"
UNUSABLE_ERRORS = (
    AdapterThrewError,
    BridgeError,
    ModelEndpointError,
    NodeInstallError,
    OSError,
    UnknownPlaceholderError,
)
"""What keeps one runtime from being tested, and says nothing of the others."""


@dataclass(frozen=True, slots=True)
class DoctorCheck:
    """One line of the doctor's report; `subject` is `sidebeat` or a runtime's key. The texts may be an adapter's."""

    subject: str
    code: str
    level: CheckLevel
    message: str
    hint: str = ""


async def packages_check(engine: Engine) -> DoctorCheck:
    """The Node packages, fetched if they are missing."""
    key = engine.services.node.key
    try:
        await engine.install()
    except NodeInstallError as error:
        return DoctorCheck("sidebeat", "node_packages", "error", f"Node packages {key} are not installed", str(error))
    return DoctorCheck("sidebeat", "node_packages", "info", f"Node packages {key} are installed")


def console_checks(engine: Engine) -> list[DoctorCheck]:
    """What the console itself stands on, less the Node packages."""
    git = shutil.which("git")
    checks = [
        DoctorCheck("sidebeat", "python", "info", f"Python {platform.python_version()} at {sys.executable}"),
        DoctorCheck("sidebeat", "database", "info", f"database {engine.paths.database}"),
        DoctorCheck(
            "sidebeat",
            "git",
            "info" if git else "warn",
            f"git at {git}" if git else "git is not installed",
            "" if git else "install it for execution roots of kind git_worktree",
        ),
    ]
    refused = [*engine.catalogue.refusals, *map(str, engine.scenarios.errors)]
    return checks + [DoctorCheck("sidebeat", "refused_file", "error", text) for text in refused]


async def runtime_checks(engine: Engine, runtime: RuntimeDefinition) -> list[DoctorCheck]:
    """The adapter's own `testEnvironment`, with the configuration that a beat would give it."""
    lane = LaneRuntime(engine.services.node, engine.paths.data / "recorded-models")
    with tempfile.TemporaryDirectory(prefix="sidebeat-doctor-") as folder:
        try:
            return await _adapter_report(engine, runtime, lane, Path(folder))
        except UNUSABLE_ERRORS as error:
            return [DoctorCheck(runtime.key, "adapter_unusable", "error", str(error))]
        finally:
            await lane.close()


async def _adapter_report(
    engine: Engine, runtime: RuntimeDefinition, lane: LaneRuntime, folder: Path
) -> list[DoctorCheck]:
    order = _probe_order(engine, runtime)
    # The agents' own homes stay as their beats left them.
    services = replace(engine.services, paths=replace(engine.paths, data=folder))
    endpoint = await lane.endpoint("scripted", None)
    await endpoint.begin_beat([ScriptedTurn(text="hello")])
    root = folder / "root"
    root.mkdir()
    settings = agent_settings(order, services, root=root, model_base_url=endpoint.base_url)
    environment = bridge_environment(order, services, settings, root=root, temporary=folder / "tmp")
    bridge = await lane.bridge(runtime, environment, root)
    context = AdapterEnvironmentTestContext(
        company_id="sidebeat", adapter_type=runtime.adapter.type, config={**settings.config, "cwd": os.fspath(root)}
    )
    report = await bridge.test_environment(context)
    loaded = bridge.loaded
    version = loaded.package_version if loaded is not None else "unknown"
    head = DoctorCheck(
        runtime.key,
        "adapter",
        "info",
        f"{runtime.adapter.type} {version}, {runtime.agent.family} {runtime.agent.version}: {report.status}",
    )
    levels: dict[str, CheckLevel] = {"info": "info", "warn": "warn", "error": "error"}
    return [
        head,
        *(
            DoctorCheck(runtime.key, check.code, levels.get(check.level, "warn"), check.message, check.hint or "")
            for check in report.checks
        ),
    ]


def _probe_order(engine: Engine, runtime: RuntimeDefinition) -> BeatOrder:
    """A beat that never runs: placeholders are filled from it as for a real one."""
    now = iso_utc(engine.services.clock.epoch_s())
    scenario = next(iter(engine.scenarios.scenarios.values()))
    launch = LaunchRecord(
        id="doctor",
        kind="sequence",
        scenario=scenario.name,
        script_sha256=scenario.script_sha256,
        bridge_mode="cold",
        model_mode="scripted",
        started_at=now,
    )
    issue = IssueRecord(
        id="doctor", identifier="doctor", title="", description="", status="todo", created_at=now, updated_at=now
    )
    return BeatOrder(launch, 0, runtime, scenario, issue, 1, root_kind=ROOT_KIND)
