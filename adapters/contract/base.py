"""What every mirrored type shares: camelCase on the wire, unknown fields kept, absent told apart from null."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel


class ContractModel(BaseModel):
    """A frozen mirror of one TypeScript interface; `python_name` here is `pythonName` there."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        populate_by_name=True,
        extra="allow",
        frozen=True,
        protected_namespaces=(),
    )

    def has(self, field: str) -> bool:
        """Whether the other side said anything about this field, null included.

        Upstream tells absent from null: absent session fields keep the previous session, null clears it
        (`server/services/heartbeat.js`, resolveNextSessionState).
        """
        return field in self.model_fields_set

    def to_wire(self) -> dict[str, Any]:
        """The JSON object as the adapter knows it: camelCase, and only the fields that were set."""
        return self.model_dump(mode="json", by_alias=True, exclude_unset=True)
