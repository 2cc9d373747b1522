"""Before `execute`: the root, the endpoint, the bridge, and the session to resume."""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from adapters.bridge import Bridge
from adapters.catalogue import RuntimeSettings, resolve_settings
from adapters.contract import AdapterAgent, AdapterExecutionContext, AdapterRuntime
from adapters.model_endpoint import ModelEndpoint
from adapters.roots import ExecutionRoot, RootRequest, realise_root
from adapters.runtime_packages import agent_command
from adapters.scenario import seed_files
from console.engine.beat.order import BeatOrder, Services
from console.engine.child_environment import child_environment
from console.engine.session_rules import FINGERPRINT_KEY, StoredSession
from store.records import RunRecord


@dataclass(frozen=True, slots=True)
class PreparedBeat:
    """Everything that `execute` needs, in place."""

    root: ExecutionRoot
    endpoint: ModelEndpoint
    bridge: Bridge
    settings: RuntimeSettings
    stored_session: StoredSession | None
    resumed_session: StoredSession | None
    """What is handed to the adapter; None for a fresh start."""
    temporary: Path


async def realise(order: BeatOrder, services: Services) -> ExecutionRoot:
    """The issue's execution root, kept from beat to beat. Raises RootError."""
    issue = order.issue
    slug = re.sub(r"[^a-z0-9]+", "-", issue.title.lower()).strip("-")[:40]
    request = RootRequest(
        kind=order.root_kind,
        directory=order.root_directory or services.paths.root(issue.identifier),
        repository=services.paths.repository(order.scenario.name),
        branch=f"{issue.identifier}-{slug}",
        seed=lambda path: seed_files(path, order.scenario),
    )
    return await realise_root(request)


def agent_settings(order: BeatOrder, services: Services, *, root: Path, model_base_url: str) -> RuntimeSettings:
    """The runtime's configuration for this beat. Raises UnknownPlaceholderError."""
    model_name = services.model_name(order.launch.model_mode)
    command = agent_command(order.runtime, services.node)
    values = {
        "root": str(root),
        "home": str(services.paths.home(order.agent_id)),
        "state": str(services.paths.state(order.agent_id)),
        "command": str(command) if command is not None else "",
        "model_base_url": model_base_url,
        "model_name": model_name,
        "model_ref": f"sidebeat/{model_name}",
    }
    return resolve_settings(order.runtime, values)


def bridge_environment(
    order: BeatOrder, services: Services, settings: RuntimeSettings, *, root: Path, temporary: Path
) -> dict[str, str]:
    """The bridge's whole environment; its folders are made here."""
    home = services.paths.home(order.agent_id)
    for folder in (home, services.paths.state(order.agent_id), temporary):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name, text in settings.home_files.items():
        file = home / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    return child_environment(
        node_bin=services.node.node_bin_dir,
        home=home,
        working_directory=root,
        temporary=temporary,
        extra=settings.environment,
    )


def written_folders(order: BeatOrder, services: Services, prepared: PreparedBeat) -> list[Path]:
    """Everything in which the agent and its adapter may leave files."""
    agent_id = order.agent_id
    return [prepared.root.path, services.paths.home(agent_id), services.paths.state(agent_id), prepared.temporary]


async def load_session(order: BeatOrder, services: Services) -> StoredSession | None:
    """The session of (agent, adapterType, taskKey) as it is stored."""
    record = await services.queries.session(order.agent_id, order.runtime.adapter.type, order.issue.id)
    if record is None:
        return None
    params: dict[str, Any] | None = json.loads(record.session_params_json) if record.session_params_json else None
    fingerprint = params.pop(FINGERPRINT_KEY, None) if params is not None else None
    return StoredSession(params or None, record.session_display_id, fingerprint)


async def deserialized(bridge: Bridge, session: StoredSession | None) -> StoredSession | None:
    """The stored session as the adapter's codec reads it; one that it refuses is none."""
    if session is None or session.params is None:
        return session
    params = await bridge.deserialize_session(session.params)
    return StoredSession(params, session.display_id, session.fingerprint) if params else None


def execution_context(order: BeatOrder, run: RunRecord, prepared: PreparedBeat) -> AdapterExecutionContext:
    """The `ctx` of this beat, as Paperclip's server would fill it for a local run."""
    session = prepared.resumed_session
    params = session.params if session is not None else None
    legacy_id = params.get("sessionId") if params else None
    return AdapterExecutionContext(
        run_id=run.id,
        agent=AdapterAgent(
            id=order.agent_id,
            company_id="sidebeat",
            name=order.runtime.key,
            adapter_type=order.runtime.adapter.type,
            adapter_config=cast("dict[str, Any]", {}),
        ),
        runtime=AdapterRuntime(
            session_id=legacy_id if isinstance(legacy_id, str) else None,
            session_params=params,
            session_display_id=session.display_id if session is not None else None,
            task_key=order.issue.id,
        ),
        config={**prepared.settings.config, "timeoutSec": math.ceil(order.time_limit_s)},
        context={
            "issuePrompt": order.scripted_beat.prompt,
            "issueId": order.issue.id,
            "taskId": order.issue.id,
            "wakeReason": run.wake_reason,
            "paperclipWorkspace": {"cwd": str(prepared.root.path), "source": "project_primary"},
        },
    )
