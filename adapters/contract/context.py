"""What a host hands to `execute(ctx)`, less its callbacks, which the bridge provides."""

from __future__ import annotations

from typing import Any

from adapters.contract.base import ContractModel


class AdapterAgent(ContractModel):
    """The Paperclip agent on whose behalf the heartbeat runs."""

    id: str
    company_id: str
    name: str
    adapter_type: str | None
    adapter_config: Any


class AdapterRuntime(ContractModel):
    """The session that the last beat left, as the adapter's own codec deserialised it."""

    session_id: str | None
    session_params: dict[str, Any] | None
    session_display_id: str | None
    task_key: str | None


class AdapterExecutionContext(ContractModel):
    """The data of one heartbeat; `config` is the adapter's configuration with secrets already in place."""

    run_id: str
    agent: AdapterAgent
    runtime: AdapterRuntime
    config: dict[str, Any]
    context: dict[str, Any]
    auth_token: str | None = None
