"""This machine in npm's words, and which packages it takes."""

from __future__ import annotations

import platform
import sys
from collections.abc import Sequence
from dataclasses import dataclass

_CPU_BY_MACHINE = {"x86_64": "x64", "amd64": "x64", "aarch64": "arm64", "arm64": "arm64"}


@dataclass(frozen=True, slots=True)
class HostPlatform:
    """`os`, `cpu` and `libc` as in a package.json; `libc` is None outside Linux."""

    os: str
    cpu: str
    libc: str | None

    def takes(self, *, os: Sequence[str], cpu: Sequence[str], libc: Sequence[str]) -> bool:
        """Whether npm installs a package with these fields here; an empty field allows everything."""
        return _allows(os, self.os) and _allows(cpu, self.cpu) and _allows(libc, self.libc)

    def __str__(self) -> str:
        return "-".join(part for part in (self.os, self.cpu, self.libc) if part)


def current_platform() -> HostPlatform:
    """The platform on which this Python runs."""
    machine = platform.machine().lower()
    libc = None
    if sys.platform == "linux":
        libc = "glibc" if platform.libc_ver()[0] == "glibc" else "musl"
    return HostPlatform(os=sys.platform, cpu=_CPU_BY_MACHINE.get(machine, machine), libc=libc)


def _allows(values: Sequence[str], actual: str | None) -> bool:
    """npm's rule (npm-install-checks): any `!value` that matches forbids; plain values must contain ours."""
    if not values:
        return True
    if f"!{actual}" in values:
        return False
    wanted = [value for value in values if not value.startswith("!")]
    return not wanted or "any" in wanted or actual in wanted
