"""Several looks at one running app, each compared with its own recorded picture."""

from __future__ import annotations

import pytest
from pytest_textual_snapshot import SVGImageExtension  # pyright: ignore[reportMissingTypeStubs]  -- it has none
from syrupy.assertion import SnapshotAssertion
from textual.pilot import Pilot

from console.ui.themes import DARK, LIGHT
from tests.ui.driving import NARROW, WIDE

EVERY_LOOK = pytest.mark.parametrize(
    ("size", "theme"),
    [
        pytest.param(size, theme, id=f"{width}-{theme.removeprefix('sidebeat-')}")
        for width, size in (("narrow", NARROW), ("wide", WIDE))
        for theme in (DARK.name, LIGHT.name)
    ],
)
"""Every screen is looked at in 80x24 and 160x45, in a dark and in a light theme."""


class Gallery:
    """Takes pictures of what is on the screen; `differing` names those that are not as recorded."""

    def __init__(self, snapshot: SnapshotAssertion, pilot: Pilot[None]) -> None:
        self._snapshot = snapshot.use_extension(SVGImageExtension)
        self._pilot = pilot
        self.differing: list[str] = []

    async def look(self, name: str) -> None:
        """Compare the screen with the picture of this name."""
        await self._pilot.pause()
        await self._pilot.wait_for_scheduled_animations()
        picture = self._pilot.app.export_screenshot(title=self._pilot.app.title, simplify=True)
        if self._snapshot(name=name) != picture:
            self.differing.append(name)
