"""What is wrong with a scenario file, in sentences that name the file, the field and the remedy."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, ValidationError

from adapters.scenario import model

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

SHOWN_CHARACTERS = 60
_TOOLS = ("shell", "read", "write", "edit")


class ScenarioError(Exception):
    """A scenario file that cannot be used: one sentence for each problem, in the order of the file."""

    def __init__(self, path: Path, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.path = path
        self.problems = tuple(problems)


def sentences(path: Path, error: ValidationError) -> list[str]:
    """One sentence for each problem that validation found."""
    found = error.errors()
    return [f"{path}: {_sentence(details)}" for details in found if not _follows(details, found)]


def _follows(details: ErrorDetails, found: Sequence[ErrorDetails]) -> bool:
    """A list counts as too short when its only entry is refused; the entry's own problem is told already."""
    place = details["loc"]
    return details["type"] == "too_short" and any(
        len(other["loc"]) > len(place) and other["loc"][: len(place)] == place for other in found
    )


def _sentence(details: ErrorDetails) -> str:
    field = _field(details["loc"])
    kind = details["type"]
    if kind == "extra_forbidden":
        return _unknown_key(field, details["loc"])
    if kind == "missing":
        return f"`{field}` is missing; add it"
    if kind == "value_error":
        return f"`{field}` {details['msg'].removeprefix('Value error, ')}"
    if kind == "union_tag_invalid":
        return (
            f"`{field}.tool` is {_shown(details['input'].get('tool'))}; {_nearest(str(details['input'].get('tool')))}"
        )
    if kind == "union_tag_not_found":
        return f"`{field}.tool` is missing; add it: one of {', '.join(_TOOLS)}"
    remedy = _remedy(details)
    return f"`{field}` is {_shown(details['input'])}; {remedy}"


def _remedy(details: ErrorDetails) -> str:
    kind, context = details["type"], details.get("ctx", {})
    if details["loc"] == ("schema_version",):
        return f"this Sidebeat reads version {model.SCHEMA_VERSION}, so set it to {model.SCHEMA_VERSION}"
    if details["loc"] == ("name",) and kind == "string_pattern_mismatch":
        return "use lower-case letters, digits and single hyphens"
    if kind == "string_pattern_mismatch":
        return "give 64 lower-case hexadecimal digits"
    if kind in {"string_too_short", "too_short"}:
        least, thing = context.get("min_length", 1), "character" if kind == "string_too_short" else "entry"
        return f"give it at least one {thing}" if least == 1 else f"give it at least {least} {thing}s"
    expected = {
        "string_type": "make it a text in quotes",
        "int_type": "make it a whole number",
        "float_type": "make it a number",
        "bool_type": "make it true or false",
        "tuple_type": "make it a list in square brackets",
        "model_type": "make it a table",
        "model_attributes_type": "make it a table",
        "dict_type": "make it a table",
    }
    if kind in expected:
        return expected[kind]
    if kind in {"greater_than_equal", "less_than_equal"}:
        return f"make it {'at least' if kind[0] == 'g' else 'at most'} {context.get('ge', context.get('le')):g}"
    return details["msg"][0].lower() + details["msg"][1:]


def _field(location: tuple[int | str, ...]) -> str:
    """`beats[0].turns[1].tool_calls[0].arguments.command`; the tag of a tool call is not a key of the file."""
    parts = [
        part
        for number, part in enumerate(location)
        if not (part in _TOOLS and number >= 2 and location[number - 2] == "tool_calls")
    ]
    dotted = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts)
    return dotted.removeprefix(".") or "the file"


def _unknown_key(field: str, location: tuple[int | str, ...]) -> str:
    near = get_close_matches(str(location[-1]), _keys_beside(location), n=1, cutoff=0.5)
    remedy = f"did you mean `{near[0]}`?" if near else f"remove it; known here: {', '.join(_keys_beside(location))}"
    return f"`{field}` is not a key of a scenario; {remedy}"


def _nearest(tool: str) -> str:
    near = get_close_matches(tool, _TOOLS, n=1)
    return f"did you mean `{near[0]}`?" if near else f"use one of {', '.join(_TOOLS)}"


_PARTS: dict[str, type[BaseModel]] = {
    r"": model.Scenario,
    r"files\[\d+\]": model.SeededFile,
    r"canaries\[\d+\]": model.Canary,
    r"beats\[\d+\]": model.Beat,
    r"beats\[\d+\]\.expect\[\d+\]": model.Expectation,
    r"beats\[\d+\]\.turns\[\d+\]": model.Turn,
    r".*\.otherwise": model.Reply,
    r".*\.pace": model.Pace,
    r".*\.generated_text": model.GeneratedText,
    r".*\.tool_calls\[\d+\]": model.ShellCall,
}
_ARGUMENTS: dict[str, type[BaseModel]] = {
    "shell": model.ShellArguments,
    "read": model.ReadArguments,
    "write": model.WriteArguments,
    "edit": model.EditArguments,
}


def _keys_beside(location: tuple[int | str, ...]) -> list[str]:
    """The keys that are known where an unknown one was found."""
    parent = location[:-1]
    if parent and parent[-1] == "arguments":
        return list(_ARGUMENTS[str(parent[-2])].model_fields)
    place = _field(parent) if parent else ""
    part = next(part for pattern, part in _PARTS.items() if re.fullmatch(pattern, place))
    return list(part.model_fields)


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[:SHOWN_CHARACTERS]}..."
