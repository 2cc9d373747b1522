"""Text out of the parts of a request's body. Bodies are foreign: nothing here raises for what a part holds."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final, cast

_DEEPEST: Final = 40
"""Parts nested deeper than this are left as they are."""


def as_text(value: Any) -> str:
    """A text as it is; nothing for none; anything else as JSON."""
    if value is None:
        return ""
    return value if isinstance(value, str) else as_json(value)


def as_json(value: Any) -> str:
    """Compact JSON of a parsed value; a text is taken for JSON already."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    try:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    except (RecursionError, ValueError):
        return "(nested too deeply to be shown)"


def wire_bytes(value: Any) -> int:
    """UTF-8 bytes of a parsed value as compact JSON."""
    shown = json.dumps(value, ensure_ascii=False) if isinstance(value, str) else as_json(value)
    return len(shown.encode("utf-8", "surrogatepass"))


def text_of_content(content: Any, depth: int = 0) -> str:
    """What a message's content says: texts as they are, one below the other; parts of other kinds as JSON."""
    if content is None or isinstance(content, str):
        return content or ""
    if depth > _DEEPEST:
        return as_json(content)
    if isinstance(content, list):
        parts = (text_of_content(part, depth + 1) for part in cast("list[Any]", content))
        return "\n".join(part for part in parts if part)
    if isinstance(content, dict):
        part = cast("dict[str, Any]", content)
        for name in ("text", "refusal", "thinking", "content"):
            if isinstance(part.get(name), str):
                return part[name]
    return as_json(content)


def objects(value: Any) -> Iterator[Mapping[str, Any]]:
    """The objects in a list; a bare text among them is a text part; anything else is passed over."""
    if not isinstance(value, list):
        return
    for item in cast("list[Any]", value):
        if isinstance(item, dict):
            yield cast("dict[str, Any]", item)
        elif isinstance(item, str):
            yield {"type": "text", "text": item}


def an_object(value: Any) -> Mapping[str, Any]:
    """The object, or an empty one for anything else."""
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}
