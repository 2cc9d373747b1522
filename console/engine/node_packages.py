"""The Node packages, as the console sees them: there, being fetched, or failed."""

from __future__ import annotations

import time
from dataclasses import dataclass

from adapters.node_runtime import (
    InstallPhase,
    InstallProgress,
    NodeInstallError,
    NodeRuntimeLayout,
    ensure_installed,
    prepare_app_files,
)
from console.engine.events import EventFeed, NodePackagesProgressed


@dataclass(frozen=True, slots=True)
class Installation:
    """One that really happened: from looking the packages up until they were ready."""

    seconds: float
    packages: int


async def provide_node_packages(layout: NodeRuntimeLayout, feed: EventFeed) -> Installation | None:
    """Install what is missing, and tell how far it is; None when nothing was missing, or another console installed.

    Raises NodeInstallError, which is told too.
    """
    began_s, packages = 0.0, 0

    def tell(progress: InstallProgress) -> None:
        nonlocal began_s, packages
        if progress.phase is InstallPhase.RESOLVING:
            began_s, packages = time.monotonic(), progress.total_count
        feed.publish(NodePackagesProgressed(progress.fetched_count, progress.total_count, progress.message))

    try:
        await ensure_installed(layout, tell)
        prepare_app_files(layout)
    except NodeInstallError as error:
        feed.publish(NodePackagesProgressed(0, 0, "", failure=str(error)))
        raise
    feed.publish(NodePackagesProgressed(0, 0, "", done=True))
    return Installation(time.monotonic() - began_s, packages) if packages else None
