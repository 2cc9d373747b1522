"""Paired experiments: what was planned, how far each has come, and what its pairs say."""

from __future__ import annotations

from typing import ClassVar

from console.ui.keys import Scope, bindings
from console.ui.screens.base import ConsoleScreen


class ExperimentsScreen(ConsoleScreen):
    """The list, and the results of the experiment under the cursor."""

    SCOPE: ClassVar[Scope] = "experiments"
    BINDINGS: ClassVar = [*bindings("experiments")]
