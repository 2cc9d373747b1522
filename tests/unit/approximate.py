"""pytest's `approx` with types."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest


def approx(expected: float | Sequence[float] | None, *, rel: float | None = None, abs: float | None = None) -> Any:  # noqa: A002 -- as pytest has it
    """Equal to what is near to it."""
    return pytest.approx(expected, rel=rel, abs=abs)  # pyright: ignore[reportUnknownMemberType]  # annotated in part
