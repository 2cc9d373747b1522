"""Numbers in words: rounded to what their sample can bear, the same on every machine."""

from __future__ import annotations

import math
from typing import Final

_KIB: Final = 1024
_SIGNIFICANT: Final = 3
_SECOND_MS: Final = 1_000.0
_LONG_S: Final = 120.0


def quantity(value: float, unit: str) -> str:
    """A value with its unit: times as ms, s or min, bytes as KiB, MiB or GiB, anything else to three digits."""
    if unit == "ms":
        return _duration(value)
    if unit == "bytes":
        return _size(value)
    if unit == "s":
        return f"{significant(value)} s" if abs(value) < _LONG_S else f"{significant(value / 60)} min"
    if unit == "share":
        return share_text(value)
    number = significant(value)
    return f"{number} {_unit(number, unit)}".rstrip()


def _unit(number: str, unit: str) -> str:
    """`1 process`, `2 processes`; a bare count has no unit."""
    if unit == "count":
        return ""
    return _SINGULAR.get(unit, unit.removesuffix("s")) if number in ("1", "-1") else unit


_SINGULAR: Final = {"processes": "process", "s": "s"}


def significant(value: float) -> str:
    """Three significant digits, whole numbers whole, thousands separated."""
    if value == 0 or not math.isfinite(value):
        return "0" if value == 0 else "—"
    digits = max(0, _SIGNIFICANT - 1 - math.floor(math.log10(abs(value))))
    text = f"{value:,.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def ratio_text(value: float) -> str:
    """A ratio: two decimals below ten."""
    return f"{value:.2f}x" if value < 10 else f"{significant(value)}x"


def share_text(value: float) -> str:
    """A share from 0 to 1 as whole percents; what is not quite all or none does not round to it."""
    percent = value * 100
    if 0 < percent < 1:
        return "<1%"
    if 99 < percent < 100:
        return ">99%"
    return f"{percent:.0f}%"


def counted(n: int, one: str, many: str | None = None) -> str:
    """`1 run`, `2 runs`, `no runs`."""
    word = one if n == 1 else many or f"{one}s"
    return f"{n:,} {word}" if n else f"no {word}"


def binary_unit(bytes_: float) -> float:
    """The largest of byte, KiB, MiB and GiB that this many bytes are one of."""
    return next((float(factor) for factor in (_KIB**3, _KIB**2, _KIB) if bytes_ >= factor), 1.0)


def _duration(value_ms: float) -> str:
    if abs(value_ms) < _SECOND_MS:
        return f"{significant(value_ms)} ms"
    seconds = value_ms / _SECOND_MS
    return f"{significant(seconds)} s" if abs(seconds) < _LONG_S else f"{significant(seconds / 60)} min"


def _size(value: float) -> str:
    for factor, unit in ((_KIB**3, "GiB"), (_KIB**2, "MiB"), (_KIB, "KiB")):
        if abs(value) >= factor:
            return f"{significant(value / factor)} {unit}"
    return f"{significant(value)} bytes" if value != 1 else "1 byte"
