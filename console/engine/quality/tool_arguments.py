"""A tool call's arguments as they were sent, against what is shown of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, cast

from console.engine.quality.likeness import kept_characters


def compared_arguments(scripted: str, shown: str) -> tuple[int, bool]:
    """How many characters of the scripted arguments are not shown, and whether what is shown is that call.

    Compared as JSON: spaces, escapes and the order of members do not count, nor do members that the agent added.
    A path may be shown as an absolute one.
    """
    expected, found = _parsed(scripted), _parsed(shown)
    if isinstance(expected, dict) and not isinstance(found, dict):
        found = _with_one_argument(cast("Mapping[str, Any]", expected), shown)
    lost = _lost(expected, found)
    return lost, lost * 2 <= _size(expected)


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _with_one_argument(expected: Mapping[str, Any], shown: str) -> Any:
    """A row may show nothing but the one argument that a call has."""
    return {next(iter(expected)): shown} if len(expected) == 1 else {}


def _lost(expected: Any, shown: Any) -> int:
    if isinstance(expected, dict):
        known = cast("dict[str, Any]", shown) if isinstance(shown, dict) else {}
        return sum(_lost(value, known.get(name)) for name, value in cast("dict[str, Any]", expected).items())
    if isinstance(expected, list):
        values = cast("list[Any]", shown) if isinstance(shown, list) else []
        padded = [*values, *([None] * len(cast("list[Any]", expected)))]
        return sum(_lost(value, other) for value, other in zip(cast("list[Any]", expected), padded, strict=False))
    if expected == shown:
        return 0
    if isinstance(expected, str) and isinstance(shown, str):
        return 0 if _is_same_path(expected, shown) else len(expected) - kept_characters(expected, shown)
    return _size(expected)


def _is_same_path(expected: str, shown: str) -> bool:
    relative = expected.removeprefix("./")
    return bool(relative) and "\n" not in expected and shown.endswith(f"/{relative}")


def _size(value: Any) -> int:
    if isinstance(value, dict):
        return sum(_size(member) for member in cast("dict[str, Any]", value).values())
    if isinstance(value, list):
        return sum(_size(member) for member in cast("list[Any]", value))
    return len(value) if isinstance(value, str) else len(json.dumps(value))
