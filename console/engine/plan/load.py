"""Reading plan files; every refusal names the file, the field and the remedy."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path

from pydantic import ValidationError

from console.engine.plan.assemble import PlanFileError, assemble_plan
from console.engine.plan.file import PlanFile, plan_schema
from console.engine.plan.model import Plan

SHIPPED = Path(__file__).with_name("plan.toml")

_TAGS = frozenset({"text", "table", "measured", "documented", "signed"})
"""What pydantic adds to a place to tell which form it read there."""


def load_plan(paths: Sequence[Path] = (SHIPPED,)) -> Plan:
    """One plan from its files: the first is the plan, each later one adds to it. Raises PlanFileError."""
    return assemble_plan([(path, read_plan_file(path)) for path in paths])


def read_plan_file(path: Path) -> PlanFile:
    """Read and validate one file. Raises PlanFileError."""
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise PlanFileError(f"{path}: not TOML: {error}; mend the line that it names") from error
    except UnicodeDecodeError as error:
        raise PlanFileError(f"{path}: not UTF-8 at byte {error.start}; save it as UTF-8") from error
    except OSError as error:
        raise PlanFileError(f"{path}: cannot be read ({error.strerror}); check the path and its permissions") from error
    try:
        return PlanFile.model_validate(data)
    except ValidationError as error:
        raise PlanFileError(_sentence(path, error)) from error


def _sentence(path: Path, error: ValidationError) -> str:
    first = error.errors()[0]
    name = ".".join(str(part) for part in first["loc"] if part not in _TAGS) or "the file"
    if first["type"] == "extra_forbidden":
        near = get_close_matches(str(first["loc"][-1]), _known_names(), n=1)
        remedy = f"did you mean `{near[0]}`?" if near else "remove it"
        return f"{path}: `{name}` is not a key of a plan file; {remedy}"
    if first["type"] == "missing":
        return f"{path}: `{name}` is missing; add it"
    if first["type"] == "union_tag_not_found":
        return f"{path}: `{name}.kind` is missing; add measured, documented or signed"
    if first["type"] == "value_error":
        return f"{path}: `{name}`: {first['msg'].removeprefix('Value error, ')}"
    return f"{path}: `{name}`: {first['msg']}; got {first['input']!r}, so correct that value"


def _known_names() -> list[str]:
    schema = plan_schema()
    names = [*schema["properties"]]
    for definition in schema["$defs"].values():
        names += definition["properties"]
    return names
