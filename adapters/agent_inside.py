"""Which version of the coding agent really runs in a lane: read from what is installed, not from what a file claims."""

from __future__ import annotations

import struct
import tarfile
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

from pydantic import BaseModel, ConfigDict, ValidationError

from adapters.catalogue import RuntimeDefinition
from adapters.node_runtime import NodeRuntimeLayout
from adapters.node_runtime.closure import PackageIdentity, read_identity

SOFTWARE_SCOPE = "@agentos-software"
_PACKED_HEADER = struct.Struct("<4sIII")
"""Magic, version, and the sizes of manifest and index; after both comes a tar (`package.aospkg` of agent-os 0.2)."""
_PACKED_MAGIC = b"\x89AOS"


@dataclass(frozen=True, slots=True)
class AgentInside:
    """`version` is None where it cannot be read; `source` says where it was looked for."""

    version: str | None
    source: str


class _BuildSource(BaseModel):
    model_config = ConfigDict(extra="ignore")
    version: str


class _BuildManifest(BaseModel):
    """`dist/*.manifest.json`, which agent-os writes beside an agent that it built from source."""

    model_config = ConfigDict(extra="ignore")
    source: _BuildSource


def agent_inside(runtime: RuntimeDefinition, node: NodeRuntimeLayout, command: Path | None) -> AgentInside:
    """The agent that a beat of this runtime starts; `command` is its program on the host, if it has one there."""
    if command is not None:
        return _of_command(command)
    if runtime.where == "vm":
        return _of_software(node.node_modules / SOFTWARE_SCOPE / str(runtime.config.get("agent", runtime.agent.family)))
    return AgentInside(None, "the adapter brings its own agent and names none")


def _of_command(command: Path) -> AgentInside:
    """The package in which the program lies."""
    for folder in command.resolve().parents:
        identity = read_identity(folder / "package.json")
        # A folder may hold a package.json that only sets the kind of its modules.
        if identity.name and identity.version:
            return AgentInside(identity.version, f"package.json of {identity.name}")
    return AgentInside(None, f"no package.json above {command.name}")


def _of_software(folder: Path) -> AgentInside:
    """The agent within a package of agent-os software: packed with its own packages, or built from source."""
    identity = read_identity(folder / "package.json")
    packed = folder / "dist" / "package.aospkg"
    member = _packed_agent_member(identity)
    if member is not None and packed.is_file():
        return AgentInside(_packed_version(packed, member, packed.stat().st_mtime_ns), f"{member} in {packed.name}")
    for manifest in sorted((folder / "dist").glob("*.manifest.json")):
        try:
            built = _BuildManifest.model_validate_json(manifest.read_bytes())
        except ValidationError:
            continue
        return AgentInside(built.source.version, f"{manifest.name} of {identity.name}")
    return AgentInside(None, f"{identity.name or folder.name} names no agent of its own")


def _packed_agent_member(identity: PackageIdentity) -> str | None:
    """The package.json of the package whose program this one offers as its own."""
    programs: Iterable[str] = identity.bin.values() if isinstance(identity.bin, dict) else ()
    for program in programs:
        parts = program.removeprefix("./").split("/")
        if parts[0] == "node_modules" and len(parts) > 2:
            return "/".join([*parts[: 3 if parts[1].startswith("@") else 2], "package.json"])
    return None


@lru_cache(maxsize=8)
def _packed_version(packed: Path, member: str, _modified_ns: int) -> str | None:
    """Reads through a hundred megabytes of tar headers: once for each file as it is."""
    try:
        with packed.open("rb") as file:
            magic, _, manifest_bytes, index_bytes = _PACKED_HEADER.unpack(file.read(_PACKED_HEADER.size))
            if magic != _PACKED_MAGIC:
                return None
            file.seek(manifest_bytes + index_bytes, 1)
            return _version_in_tar(file, member)
    except (struct.error, tarfile.TarError, ValidationError):
        # Another release packs otherwise: then the version is not known, and nothing else depends on it.
        return None


def _version_in_tar(file: BinaryIO, member: str) -> str | None:
    with tarfile.open(fileobj=file, mode="r:") as archive:
        found = next((item for item in archive if item.name.removeprefix("./") == member), None)
        content = archive.extractfile(found) if found is not None else None
        return PackageIdentity.model_validate_json(content.read()).version if content is not None else None
