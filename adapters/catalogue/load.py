"""Reading runtime files; every refusal names the file, the field and the remedy."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from adapters.catalogue.model import RuntimeDefinition

SHIPPED = Path(__file__).parent.parent / "runtimes"


class CatalogueError(Exception):
    """A runtime file that cannot be used; the message is one sentence."""


def load_runtime(path: Path) -> RuntimeDefinition:
    """Read and validate one file. Raises CatalogueError."""
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError(f"{path}: not TOML: {error}; mend the line that it names") from error
    except (OSError, UnicodeDecodeError) as error:
        raise CatalogueError(f"{path}: cannot be read: {error}") from error
    try:
        return RuntimeDefinition.model_validate(data)
    except ValidationError as error:
        raise CatalogueError(_sentence(path, error)) from error


def _sentence(path: Path, error: ValidationError) -> str:
    first = error.errors()[0]
    name = ".".join(str(part) for part in first["loc"]) or "the file"
    if first["type"] == "extra_forbidden":
        near = get_close_matches(str(first["loc"][-1]), _known_names(), n=1)
        remedy = f"did you mean `{near[0]}`?" if near else "remove it"
        return f"{path}: `{name}` is not a key of a runtime; {remedy}"
    if first["type"] == "missing":
        return f"{path}: `{name}` is missing; add it (see docs/runtimes.md)"
    return f"{path}: `{name}`: {first['msg']}; got {first['input']!r}"


def _known_names() -> list[str]:
    schema = runtime_schema()
    names = [*schema["properties"]]
    for definition in schema["$defs"].values():
        names += definition["properties"]
    return names


def runtime_schema() -> dict[str, Any]:
    """The JSON Schema of a runtime file, as committed in `adapters/runtimes/runtime.schema.json`."""
    return RuntimeDefinition.model_json_schema(by_alias=True)


@dataclass(frozen=True, slots=True)
class RuntimeCatalogue:
    """All usable runtimes by key, in the order of their files, and what was refused."""

    runtimes: dict[str, RuntimeDefinition]
    refusals: list[str] = field(default_factory=list[str])

    @classmethod
    def load(cls, folders: Iterable[Path] = (SHIPPED,)) -> RuntimeCatalogue:
        """Read every `*.toml` of these folders; a later folder's runtime replaces an earlier one of its key."""
        runtimes: dict[str, RuntimeDefinition] = {}
        refusals: list[str] = []
        for path in _files(folders):
            try:
                runtime = load_runtime(path)
            except CatalogueError as error:
                refusals.append(str(error))
                continue
            runtimes[runtime.key] = runtime
        return cls(runtimes, refusals)

    def runtime(self, key: str) -> RuntimeDefinition:
        """One runtime. Raises CatalogueError that names the nearest key."""
        if key in self.runtimes:
            return self.runtimes[key]
        near = get_close_matches(key, self.runtimes, n=1)
        hint = f"did you mean `{near[0]}`?" if near else f"known are: {', '.join(self.runtimes)}"
        raise CatalogueError(f"there is no runtime `{key}`; {hint}")


def _files(folders: Iterable[Path]) -> Iterator[Path]:
    for folder in folders:
        yield from sorted(folder.glob("*.toml"))
