"""Writes the screenshots from the shipped recording, or checks that they are current.

    python -m screenshots.write            write screenshots/*.svg
    python -m screenshots.write --check    say which are stale, and exit with 1

The pictures are made by the real screens over the shipped recording, so that they show what a run showed.
"""

from __future__ import annotations

import asyncio
import os
import re
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

os.environ["TEXTUAL_ANIMATIONS"] = "none"  # read when Textual is imported
os.environ["TZ"] = "UTC"
for _name in ("NO_COLOR", "TEXTUAL_THEME", "TEXTUAL_COLOR_SYSTEM"):
    os.environ.pop(_name, None)
time.tzset()

from textual.pilot import Pilot  # noqa: E402 -- after the environment

from console.engine.recorded_engine import SHIPPED_RECORDING, RecordedEngine  # noqa: E402
from console.ui.app import SidebeatApp  # noqa: E402

FOLDER = Path(__file__).parent
DARK, LIGHT = "sidebeat-dark", "sidebeat-light"
NARROW, WIDE = (80, 24), (160, 45)


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture: the keys that lead to it, the size in cells, the theme."""

    name: str
    keys: tuple[str, ...]
    size: tuple[int, int] = WIDE
    theme: str = DARK


SHOTS = (
    Shot("lanes", ()),
    Shot("lanes-light", (), theme=LIGHT),
    Shot("lanes-80x24", (), size=NARROW),
    Shot("phases", ("p",)),
    Shot("runs", ("h",)),
    Shot("run", ("enter",)),
    Shot("issues", ("i",)),
    Shot("help", ("question_mark",)),
)


async def pictures() -> dict[str, str]:
    """Every picture as SVG, by file name."""
    drawn: dict[str, str] = {}
    for shot in SHOTS:
        async with _replayed() as engine:
            app = SidebeatApp(engine, clock=engine.clock, theme=shot.theme)
            async with app.run_test(size=shot.size) as pilot:
                engine.play()
                await engine.played()
                await _settled(pilot)
                for key in shot.keys:
                    await pilot.press(key)
                    await _settled(pilot)
                drawn[f"{shot.name}.svg"] = _without_web_fonts(app.export_screenshot(title="Sidebeat"))
    return drawn


@asynccontextmanager
async def _replayed() -> AsyncGenerator[RecordedEngine]:
    """The shipped recording, ready to be played."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        engine = await RecordedEngine.open(SHIPPED_RECORDING, speed=0, config=place, cache=place)
        try:
            yield engine
        finally:
            await engine.close()


async def _settled(pilot: Pilot[None]) -> None:
    while pilot.app.workers:
        await pilot.pause(0.02)
    await pilot.pause(0.2)


def _without_web_fonts(svg: str) -> str:
    """A picture in a repository fetches nothing: the fonts that a reader has must do."""
    return re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)


def main(arguments: Sequence[str]) -> int:
    """Write or check; returns the exit code."""
    drawn = asyncio.run(pictures())
    stale = [name for name, svg in drawn.items() if _read(FOLDER / name) != svg]
    if "--check" in arguments:
        for name in stale:
            sys.stdout.write(f"{name} is stale: run `python -m screenshots.write`\n")
        return 1 if stale else 0
    for name in stale:
        (FOLDER / name).write_text(drawn[name], "utf-8")
        sys.stdout.write(f"wrote {name}\n")
    return 0


def _read(path: Path) -> str | None:
    return path.read_text("utf-8") if path.is_file() else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
