"""Writes the screenshots from the shipped recording and from stored evidence, or checks that they are current.

    python -m screenshots.write            write screenshots/*.svg
    python -m screenshots.write --check    say which are stale, and exit with 1

The pictures are made by the real screens over rows that real runs left.
"""

from __future__ import annotations

import asyncio
import os
import re
import sys
import tempfile
import time
import uuid
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

from console.engine.engine import Engine, EngineOptions  # noqa: E402
from console.engine.paths import ConsolePaths  # noqa: E402
from console.engine.recorded_engine import SHIPPED_RECORDING, RecordedEngine  # noqa: E402
from console.ui.app import SidebeatApp  # noqa: E402
from screenshots.evidence import fill  # noqa: E402

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


EVIDENCE_SHOTS = (
    Shot("experiments", ("e", "down")),
    Shot("metrics", ("m",)),
    Shot("waterfall-light", ("m", "w"), theme=LIGHT),
    Shot("resume-bench", ("u",)),
    Shot("experiments-80x24", ("e", "down"), size=NARROW),
    Shot("phases", ("p",)),
)
"""Over stored rows of real experiments and chains (`evidence.py`)."""

SHOTS = (
    Shot("lanes", ()),
    Shot("lanes-light", (), theme=LIGHT),
    Shot("lanes-80x24", (), size=NARROW),
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
                await _press(pilot, shot.keys)
                drawn[f"{shot.name}.svg"] = _without_web_fonts(app.export_screenshot(title="Sidebeat"))
    return {**drawn, **await _evidence_pictures()}


async def _evidence_pictures() -> dict[str, str]:
    drawn: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        paths = ConsolePaths(place / "evidence.sqlite", place, place / "config", place / "cache", label="evidence")
        await fill(paths.database, STILL_CLOCK.epoch_s())
        engine = await Engine.open(paths, options=EngineOptions(experimental=True, clock=STILL_CLOCK))
        try:
            for shot in EVIDENCE_SHOTS:
                app = SidebeatApp(engine, clock=STILL_CLOCK, theme=shot.theme)
                async with app.run_test(size=shot.size) as pilot:
                    await _press(pilot, shot.keys)
                    drawn[f"{shot.name}.svg"] = _without_web_fonts(app.export_screenshot(title="Sidebeat"))
        finally:
            await engine.close()
    return drawn


async def _press(pilot: Pilot[None], keys: Sequence[str]) -> None:
    await _settled(pilot)
    for key in keys:
        await pilot.press(key)
        await _settled(pilot)


@dataclass(frozen=True, slots=True)
class StillClock:
    """One moment for ever, so that no age on a picture grows."""

    def epoch_s(self) -> float:
        """The start of 2027."""
        return 1_798_761_600.0

    def new_id(self) -> str:
        """As any clock's."""
        return str(uuid.uuid4())


STILL_CLOCK = StillClock()


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
