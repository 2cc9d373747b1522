"""What can go wrong between Sidebeat and an adapter."""

from __future__ import annotations


class BridgeError(Exception):
    """The bridge itself failed: it did not start, died, or broke its protocol."""


class AdapterThrewError(Exception):
    """The adapter's own code threw; `during` is the command it threw in."""

    def __init__(self, message: str, *, during: str, stack: str | None) -> None:
        super().__init__(message)
        self.during = during
        self.stack = stack
