"""What `execute(ctx)` resolves to."""

from __future__ import annotations

from typing import Any

from adapters.contract.base import ContractModel


class UsageSummary(ContractModel):
    """Tokens as the adapter reports them; what they cover is `AdapterExecutionResult.usage_basis`."""

    input_tokens: int
    output_tokens: int
    cached_input_tokens: int | None = None


class AdapterExecutionResult(ContractModel):
    """The end of one heartbeat as the adapter sees it.

    `usage_basis` is `per_run` or `session_cumulative`; absent means unknown, and upstream then applies its delta
    rule. `error_family` decides upstream's retries. String fields stay open, since upstream adds values.
    """

    exit_code: int | None
    signal: str | None
    timed_out: bool
    error_message: str | None = None
    error_code: str | None = None
    error_family: str | None = None
    retry_not_before: str | None = None
    error_meta: dict[str, Any] | None = None
    usage: UsageSummary | None = None
    usage_basis: str | None = None
    session_id: str | None = None
    session_params: dict[str, Any] | None = None
    session_display_id: str | None = None
    clear_session: bool | None = None
    provider: str | None = None
    biller: str | None = None
    model: str | None = None
    billing_type: str | None = None
    cost_usd: float | None = None
    result_json: dict[str, Any] | None = None
    summary: str | None = None
