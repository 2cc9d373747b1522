"""Records for tests: every field that a test does not name has a plausible value."""

from __future__ import annotations

from dataclasses import MISSING, fields
from datetime import UTC, datetime
from typing import Any, Literal, TypeVar, cast, get_args, get_origin, get_type_hints

RecordT = TypeVar("RecordT")

HOSTILE_TEXT = "a\ud83d\x00\x1b[31m[/]'\";--\udc00\r\n é 🙂 \uffff"
"""Lone surrogates, NUL, a control sequence, markup, quotes and characters outside the BMP."""

NOW = datetime(2026, 1, 31, 9, 30, tzinfo=UTC)


def fixed_clock() -> datetime:
    """Always the same moment."""
    return NOW


def sample(record_type: type[RecordT], **given: Any) -> RecordT:
    """A record of this type: `given`, the type's defaults, and for the rest the field's name, 1, 1.0 or False."""
    hints = get_type_hints(record_type)
    members = fields(cast(Any, record_type))
    required = [member.name for member in members if member.default is MISSING]
    return record_type(**({name: _plausible(name, hints[name]) for name in required} | given))


def _plausible(name: str, hint: Any) -> Any:
    if get_origin(hint) is Literal:
        return get_args(hint)[0]
    if hint is str:
        return "2026-01-31T09:30:00.000Z" if name.endswith("_at") else name
    return hint(0) if hint is bool else hint(1)
