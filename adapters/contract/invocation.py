"""What an adapter tells its host while it works: the invocation, the process, structured events."""

from __future__ import annotations

from typing import Any

from adapters.contract.base import ContractModel


class AdapterInvocationMeta(ContractModel):
    """`onMeta`: how the agent is invoked, once, before it starts; `env` comes redacted."""

    adapter_type: str
    command: str
    cwd: str | None = None
    command_args: list[str] | None = None
    command_notes: list[str] | None = None
    env: dict[str, str] | None = None
    prompt: str | None = None
    prompt_metrics: dict[str, float] | None = None
    context: dict[str, Any] | None = None


class AdapterRuntimeEvent(ContractModel):
    """`onEvent`: a structured event of the run; `stream` is system, stdout or stderr."""

    event_type: str
    stream: str | None = None
    level: str | None = None
    color: str | None = None
    message: str | None = None
    payload: dict[str, Any] | None = None


class ProcessSpawn(ContractModel):
    """`onSpawn`: the process that now works for the run; `process_group_id` is null when it leads no group."""

    pid: int
    process_group_id: int | None
    started_at: str
