"""`testEnvironment(ctx)`: an adapter's own opinion of the machine it stands on."""

from __future__ import annotations

from typing import Any

from adapters.contract.base import ContractModel


class AdapterEnvironmentTestContext(ContractModel):
    """What the adapter is asked to test: a configuration, on this host."""

    company_id: str
    adapter_type: str
    config: dict[str, Any]


class AdapterEnvironmentCheck(ContractModel):
    """One check; `level` is `info`, `warn` or `error`, `hint` what the operator can do."""

    code: str
    level: str
    message: str
    detail: str | None = None
    hint: str | None = None


class AdapterEnvironmentTestResult(ContractModel):
    """All checks of one adapter; `status` is `pass`, `warn` or `fail`."""

    adapter_type: str
    status: str
    checks: list[AdapterEnvironmentCheck]
    tested_at: str
