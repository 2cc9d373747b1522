"""Durations as an operator types them: `90s`, `10m`, `72h`, `30d`."""

from __future__ import annotations

import re

_UNITS_S = {"s": 1.0, "m": 60.0, "h": 3_600.0, "d": 86_400.0}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*([smhd]?)")


def duration_s(text: str) -> float | None:
    """Seconds; a bare number is seconds; None for what is no duration."""
    found = _DURATION.fullmatch(text.strip().lower())
    return float(found[1]) * _UNITS_S[found[2] or "s"] if found else None
