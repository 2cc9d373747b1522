"""The Node packages, as the console sees them: there, being fetched, or failed."""

from __future__ import annotations

from adapters.node_runtime import (
    InstallProgress,
    NodeInstallError,
    NodeRuntimeLayout,
    ensure_installed,
    prepare_app_files,
)
from console.engine.events import EventFeed, NodePackagesProgressed


async def provide_node_packages(layout: NodeRuntimeLayout, feed: EventFeed) -> None:
    """Install what is missing, and tell how far it is. Raises NodeInstallError, which is told too."""

    def tell(progress: InstallProgress) -> None:
        feed.publish(NodePackagesProgressed(progress.fetched_count, progress.total_count, progress.message))

    try:
        await ensure_installed(layout, tell)
        prepare_app_files(layout)
    except NodeInstallError as error:
        feed.publish(NodePackagesProgressed(0, 0, "", failure=str(error)))
        raise
    feed.publish(NodePackagesProgressed(0, 0, "", done=True))
