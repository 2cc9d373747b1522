"""Sidebeat's own JavaScript, which must lie below the installed packages to import them."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from adapters.node_runtime.lock_file import LOCK_FILE_NAME, PACKAGE_FILE_NAME, read_project_file

_FOLDERS_LEFT_OUT = {"node_modules", "__pycache__"}
_ROOT_FILES_LEFT_OUT = {PACKAGE_FILE_NAME, LOCK_FILE_NAME, ".npmrc"}


@dataclass(frozen=True, slots=True)
class AppFiles:
    """The files by relative path, and a hash of paths and bytes."""

    contents: Mapping[PurePosixPath, bytes]
    content_hash: str


def read_app_files(project_dir: Path) -> AppFiles:
    """Everything beside package.json and its lock; raises NodeInstallError."""
    contents: dict[PurePosixPath, bytes] = {}
    digest = hashlib.sha256()
    for path in sorted(project_dir.rglob("*")):
        relative = PurePosixPath(path.relative_to(project_dir).as_posix())
        if str(relative) in _ROOT_FILES_LEFT_OUT or _FOLDERS_LEFT_OUT & set(relative.parts) or path.is_dir():
            continue
        contents[relative] = read_project_file(path)
        digest.update(f"{relative}\0{len(contents[relative])}\0".encode() + contents[relative])
    return AppFiles(contents, digest.hexdigest()[:16])


def write_app_files(files: AppFiles, target: Path) -> None:
    """Write them all at once: `target` appears complete, whichever of two writers comes first."""
    if target.is_dir():
        return
    unfinished = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    try:
        for relative, content in files.contents.items():
            (unfinished / relative).parent.mkdir(parents=True, exist_ok=True)
            (unfinished / relative).write_bytes(content)
        _move(unfinished, target)
    finally:
        if unfinished.exists():
            shutil.rmtree(unfinished)


def _move(unfinished: Path, target: Path) -> None:
    try:
        unfinished.rename(target)
    except OSError:
        # A folder that holds files is never replaced: then the other writer's equal copy is there.
        if not target.is_dir():
            raise
