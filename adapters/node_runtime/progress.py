"""How far an installation is: npm's output as events."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class InstallPhase(StrEnum):
    """In order; WAITING only when another process holds the installation."""

    WAITING = "waiting"
    RESOLVING = "resolving"
    FETCHING = "fetching"
    FINISHING = "finishing"
    READY = "ready"


@dataclass(frozen=True, slots=True)
class InstallProgress:
    """One step of an installation; counts are packages (tarballs) for this platform."""

    phase: InstallPhase
    fetched_count: int = 0
    total_count: int = 0
    last_package: str = ""

    @property
    def message(self) -> str:
        """One line for the operator."""
        match self.phase:
            case InstallPhase.WAITING:
                return "waiting for another console that is installing"
            case InstallPhase.RESOLVING:
                return f"looking up {self.total_count} Node packages"
            case InstallPhase.FETCHING:
                return f"fetching Node packages: {self.fetched_count} of {self.total_count} ({self.last_package})"
            case InstallPhase.FINISHING:
                return f"checking {self.total_count} Node packages"
            case InstallPhase.READY:
                return "Node packages are installed"


# `npm http fetch GET 200 <registry>/<name>/-/<file>.tgz 90ms (cache miss)` when it was downloaded or revalidated,
# `npm http cache <name>@<registry>/<name>/-/<file>.tgz 0ms (cache hit)` when npm's own cache had it.
_FETCHED_TARBALL = re.compile(
    r"\bhttp (?:fetch GET 200 |cache )\S*?/(?P<scope>@[\w.~-]+(?:/|%2[fF]))?(?P<name>[\w.~-]+)/-/[^/\s]+\.tgz "
)


def fetched_package(npm_line: str) -> str | None:
    """The package whose tarball this line of npm's `--loglevel=http` output reports as there, or None."""
    match = _FETCHED_TARBALL.search(npm_line)
    if match is None:
        return None
    scope = (match["scope"] or "").lower().replace("%2f", "/")
    return scope + match["name"]


class TarballCounter:
    """Counts npm's tarballs towards the number that the lock names."""

    def __init__(self, total_count: int) -> None:
        self._total_count = total_count
        self._fetched_count = 0

    def feed(self, npm_line: str) -> InstallProgress | None:
        """The progress after this line, or None if the line reports no tarball."""
        package = fetched_package(npm_line)
        if package is None:
            return None
        # A tarball fetched again after a broken download must not push the bar past its end.
        self._fetched_count = min(self._fetched_count + 1, self._total_count)
        return InstallProgress(InstallPhase.FETCHING, self._fetched_count, self._total_count, package)
