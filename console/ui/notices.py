"""Short notices in the corner of the screen."""

from __future__ import annotations

from typing import Literal

from textual.app import App

from console.ui.text import EMPTY, SafeText


def tell(
    app: App[None],
    text: SafeText,
    *,
    title: SafeText = EMPTY,
    severity: Literal["information", "warning", "error"] = "information",
) -> None:
    """Show a notice for a few seconds. It is never parsed as markup."""
    seconds = 12.0 if severity == "error" else 6.0
    app.notify(text.plain, title=title.plain, severity=severity, timeout=seconds, markup=False)
