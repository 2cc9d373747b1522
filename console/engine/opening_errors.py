"""What may keep an engine from opening; each error is one sentence with its remedy."""

from __future__ import annotations

from typing import Final

from adapters.node_runtime import NodeInstallError
from console.engine.plan import PlanFileError
from console.engine.settings import SettingsError
from store import StoreError

OPENING_ERRORS: Final = (StoreError, NodeInstallError, SettingsError, PlanFileError)
