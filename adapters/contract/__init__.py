"""A pydantic mirror of what Sidebeat uses of Paperclip's adapter contract, at the pinned version.

Source: `@paperclipai/adapter-utils` 2026.916.1, `dist/types.d.ts`. Unknown fields and unknown transcript kinds are
kept, never refused: a newer adapter must not lose what it says.
"""

from adapters.contract.base import ContractModel
from adapters.contract.context import AdapterAgent, AdapterExecutionContext, AdapterRuntime
from adapters.contract.environment import (
    AdapterEnvironmentCheck,
    AdapterEnvironmentTestContext,
    AdapterEnvironmentTestResult,
)
from adapters.contract.invocation import AdapterInvocationMeta, AdapterRuntimeEvent, ProcessSpawn
from adapters.contract.result import AdapterExecutionResult, UsageSummary
from adapters.contract.transcript import TranscriptEntry

__all__ = [
    "AdapterAgent",
    "AdapterEnvironmentCheck",
    "AdapterEnvironmentTestContext",
    "AdapterEnvironmentTestResult",
    "AdapterExecutionContext",
    "AdapterExecutionResult",
    "AdapterInvocationMeta",
    "AdapterRuntime",
    "AdapterRuntimeEvent",
    "ContractModel",
    "ProcessSpawn",
    "TranscriptEntry",
    "UsageSummary",
]
