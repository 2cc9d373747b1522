"""Paths in a scenario: relative to the execution root, and never out of it."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import Annotated

from pydantic import AfterValidator, WithJsonSchema


def _inside(path: str) -> str:
    if not path or path == ".":
        raise ValueError("is empty; name a file below the execution root")
    if path.startswith(("/", "~")) or path[1:2] == ":":
        raise ValueError(f"is {path!r}, an absolute path; make it relative to the execution root")
    if "\\" in path or "\0" in path:
        raise ValueError(f"is {path!r}, which holds a backslash or a NUL; separate folders with `/`")
    if ".." in PurePosixPath(path).parts:
        raise ValueError(f"is {path!r}, which leads out of its folder by `..`; name the file directly")
    if path.endswith("/") or str(PurePosixPath(path)) != path:
        raise ValueError(f"is {path!r}; write it as {str(PurePosixPath(path))!r}")
    return path


RelativePath = Annotated[
    str,
    AfterValidator(_inside),
    WithJsonSchema(
        {
            "type": "string",
            "minLength": 1,
            "pattern": r"^(?![/~])(?!.:)(?!.*(^|/)\.{1,2}(/|$))(?!.*//)[^\\\u0000]*[^/\\\u0000]$",
            "description": "A path relative to the execution root, with `/` between folders.",
        }
    ),
]
"""A POSIX path below the execution root, in its shortest spelling."""


class OutsideRootError(Exception):
    """A path that, by way of a symbolic link, leads out of the execution root."""


def locate(root: Path, path: str) -> Path:
    """The file below `root`. Raises OutsideRootError if a link on the way leads elsewhere."""
    found = (root / path).resolve()
    if not found.is_relative_to(root.resolve()):
        raise OutsideRootError(f"{path} leads out of the execution root to {found}")
    return found
