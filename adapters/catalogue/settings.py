"""A runtime file's placeholders, filled for one beat."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from string import Template
from typing import Any, cast

from adapters.catalogue.model import RuntimeDefinition

PROMPT_TEMPLATE = "{{context.issuePrompt}}"
"""Paperclip's template syntax: the prompt comes in by the context, so that its own braces stay text."""


class UnknownPlaceholderError(Exception):
    """A runtime file uses a placeholder that does not exist; the message is one sentence."""


@dataclass(frozen=True, slots=True)
class RuntimeSettings:
    """The adapter's configuration and the bridge's extra variables for one beat."""

    config: dict[str, Any]
    environment: dict[str, str]
    home_files: dict[str, str]
    """Texts of files below the agent's home, by relative path."""


def resolve_settings(runtime: RuntimeDefinition, values: Mapping[str, str]) -> RuntimeSettings:
    """Fill the placeholders of `config`, `config_json` and `environment`. Raises UnknownPlaceholderError."""
    known = {"prompt": PROMPT_TEMPLATE, **values}
    config = cast("dict[str, Any]", _fill(runtime, runtime.config, known))
    if runtime.config_json:
        as_json = {name: json.dumps(_fill(runtime, value, known)) for name, value in runtime.config_json.items()}
        config["env"] = {**cast("dict[str, Any]", config.get("env", {})), **as_json}
    environment = cast("dict[str, str]", _fill(runtime, runtime.environment, known))
    home_files = {name: json.dumps(_fill(runtime, value, known), indent=2) for name, value in runtime.home_json.items()}
    return RuntimeSettings(config, environment, home_files)


def _fill(runtime: RuntimeDefinition, value: Any, known: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        try:
            return Template(value).substitute(known)
        except (KeyError, ValueError) as error:
            names = ", ".join(f"${{{name}}}" for name in known)
            raise UnknownPlaceholderError(
                f"runtime `{runtime.key}`: {value!r} has an unknown placeholder ({error}); known are {names}"
            ) from error
    if isinstance(value, dict):
        table = cast("dict[str, Any]", value)
        return {_fill(runtime, name, known): _fill(runtime, item, known) for name, item in table.items()}
    if isinstance(value, list):
        return [_fill(runtime, item, known) for item in cast("list[Any]", value)]
    return value
