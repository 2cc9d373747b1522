"""The runtimes on offer: one validated TOML file each, shipped or the operator's own."""

from adapters.catalogue.load import CatalogueError, RuntimeCatalogue, load_runtime, runtime_schema
from adapters.catalogue.model import RuntimeDefinition, SessionStore
from adapters.catalogue.settings import RuntimeSettings, UnknownPlaceholderError, resolve_settings

__all__ = [
    "CatalogueError",
    "RuntimeCatalogue",
    "RuntimeDefinition",
    "RuntimeSettings",
    "SessionStore",
    "UnknownPlaceholderError",
    "load_runtime",
    "resolve_settings",
    "runtime_schema",
]
