"""Every metric of two runtimes, and the rows that it rests on."""

from __future__ import annotations

from typing import ClassVar

from console.ui.keys import Scope, bindings
from console.ui.screens.base import ConsoleScreen


class MetricsScreen(ConsoleScreen):
    """The metrics by group, and the one under the cursor in full."""

    SCOPE: ClassVar[Scope] = "metrics"
    BINDINGS: ClassVar = [*bindings("metrics")]
