"""Node and the npm packages: found, installed once into a cache, progress reported."""

from adapters.node_runtime.errors import NodeInstallError
from adapters.node_runtime.installer import (
    ProgressListener,
    ensure_installed,
    is_installed,
    prepare_app_files,
)
from adapters.node_runtime.layout import (
    CACHE_DIR_VARIABLE,
    NODE_PROJECT_DIR,
    NodeRuntimeLayout,
    default_cache_root,
    default_layout,
)
from adapters.node_runtime.npm_package import NPM_PREFIX, ensure_npm_package
from adapters.node_runtime.progress import InstallPhase, InstallProgress

__all__ = [
    "CACHE_DIR_VARIABLE",
    "NODE_PROJECT_DIR",
    "NPM_PREFIX",
    "InstallPhase",
    "InstallProgress",
    "NodeInstallError",
    "NodeRuntimeLayout",
    "ProgressListener",
    "default_cache_root",
    "default_layout",
    "ensure_installed",
    "ensure_npm_package",
    "is_installed",
    "prepare_app_files",
]
