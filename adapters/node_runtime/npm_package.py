"""An adapter package that a runtime file names by npm name and version: installed once, beside our own packages."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import tempfile
from pathlib import Path

from adapters.node_runtime.errors import NodeInstallError
from adapters.node_runtime.install_lock import held_lock
from adapters.node_runtime.layout import NodeRuntimeLayout
from adapters.node_runtime.npm_failure import describe_npm_failure
from adapters.node_runtime.npm_process import npm_install, output_lines

NPM_PREFIX = "npm:"
_SPECIFIER = re.compile(r"npm:(?P<name>(@[a-z0-9][\w.-]*/)?[a-z0-9][\w.-]*)@(?P<version>\d+\.\d+\.\d+[\w.+-]*)")


async def ensure_npm_package(layout: NodeRuntimeLayout, specifier: str) -> Path:
    """Install `npm:NAME@VERSION` with its dependencies unless it is there; returns the package's folder.

    No install script runs. Raises NodeInstallError with one sentence.
    """
    name, version = _name_and_version(specifier)
    target = _project_folder(layout, name, version)
    parent = target.parent
    parent.mkdir(parents=True, exist_ok=True)
    async with held_lock(target.with_name(f"{target.name}.lock"), on_waiting=lambda: None):
        if not target.is_dir():
            await _install(layout, parent, target, name, version)
    return target / "node_modules" / name


def npm_package_folder(layout: NodeRuntimeLayout, specifier: str) -> Path:
    """Where `ensure_npm_package` puts the package. Raises NodeInstallError for what is no specifier."""
    name, version = _name_and_version(specifier)
    return _project_folder(layout, name, version) / "node_modules" / name


def _name_and_version(specifier: str) -> tuple[str, str]:
    match = _SPECIFIER.fullmatch(specifier)
    if match is None:
        raise NodeInstallError(
            f"`{specifier}` names no npm package and exact version: write it as npm:NAME@1.2.3 in the runtime file."
        )
    return match["name"], match["version"]


def _project_folder(layout: NodeRuntimeLayout, name: str, version: str) -> Path:
    return layout.cache_root / "adapters" / re.sub(r"[^\w.-]+", "-", f"{name}-{version}")


async def _install(layout: NodeRuntimeLayout, parent: Path, target: Path, name: str, version: str) -> None:
    unfinished = Path(tempfile.mkdtemp(prefix=".unfinished-", dir=parent))
    log = target.with_name(f"{target.name}.npm.log")
    try:
        project = {"name": "sidebeat-adapter", "private": True, "dependencies": {name: version}}
        (unfinished / "package.json").write_text(json.dumps(project), "utf-8")
        async with npm_install(layout, unfinished) as process:
            lines = [line async for line in output_lines(process)]
            exit_code = await process.wait()
        if exit_code != 0:
            log.write_text("\n".join(lines), "utf-8")
            raise NodeInstallError(describe_npm_failure(lines, exit_code=exit_code, log_path=log))
        await asyncio.to_thread(unfinished.rename, target)
    finally:
        await asyncio.shield(asyncio.to_thread(shutil.rmtree, unfinished, ignore_errors=True))
