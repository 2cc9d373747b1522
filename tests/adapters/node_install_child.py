"""One console that installs: run as `python -m tests.adapters.node_install_child CACHE_ROOT PROJECT_DIR`."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from adapters.node_runtime import InstallProgress, default_layout, ensure_installed, prepare_app_files


def _print_phase(progress: InstallProgress) -> None:
    print(progress.phase.value, flush=True)  # noqa: T201 - the parent test reads it


def main() -> None:
    """Install, printing each phase as it begins, then put our files beside the packages."""
    layout = default_layout(Path(sys.argv[1]), project_dir=Path(sys.argv[2]))
    asyncio.run(ensure_installed(layout, _print_phase))
    prepare_app_files(layout)


if __name__ == "__main__":
    main()
