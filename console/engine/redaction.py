"""Secrets taken out of what an adapter or a runtime file says, before it is stored.

The names follow Paperclip's own redaction (`server/redaction.js`): what ends in key, token, secret, password, ...
"""

from __future__ import annotations

import json
import re
from typing import Any, cast

REDACTED = "***REDACTED***"
_SECRET_NAME = re.compile(r"(key|token|secret|password|passwd|authorization|credentials?|cookie)$", re.IGNORECASE)
_SECRET_OPTION = re.compile(r"^--?[\w-]*(key|token|secret|password)$", re.IGNORECASE)


def redacted(value: Any) -> Any:
    """The same JSON value without secrets: by the names of its fields, in JSON within text, and behind options."""
    if isinstance(value, dict):
        fields = cast("dict[str, Any]", value)
        return {name: _redacted_field(name, item) for name, item in fields.items()}
    if isinstance(value, list):
        items = cast("list[Any]", value)
        return [
            REDACTED if number and _is_secret_option(items[number - 1]) else redacted(item)
            for number, item in enumerate(items)
        ]
    return _redacted_text(value) if isinstance(value, str) else value


def _redacted_field(name: str, value: Any) -> Any:
    if isinstance(value, str) and value and _SECRET_NAME.search(name):
        return REDACTED
    return redacted(value)


def _is_secret_option(value: Any) -> bool:
    return isinstance(value, str) and _SECRET_OPTION.match(value) is not None


def _redacted_text(text: str) -> str:
    """JSON carried as text, as `PAPERCLIP_PI_PROVIDERS` is."""
    if not text.startswith(("{", "[")):
        return text
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return text
    return json.dumps(redacted(value), ensure_ascii=False)
