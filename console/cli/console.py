"""Opening the screens: on the operator's own database, or on a recording."""

from __future__ import annotations

from pathlib import Path

from console.cli.common import EXIT_REFUSED, Choices, Refusal, opened_engine, run_async
from console.engine.engine import Engine
from console.engine.recorded_engine import SHIPPED_RECORDING, RecordedEngine
from console.engine.stored_lanes import latest_lanes
from console.ui.app import Recorded, SidebeatApp, run_app
from console.ui.lanes_state import FirstChoices
from console.ui.terminal import require_terminal

DEMO_SPEED = 1.0


def open_console(choices: Choices, *, theme: str | None, scenario: str | None, runtimes: tuple[str, ...]) -> None:
    """The console; while Node packages are fetched for the first time, it plays the shipped recording."""
    _need_terminal()

    async def show() -> int:
        async with opened_engine(choices) as engine:
            for key in runtimes:
                engine.runtime(key)
            first = FirstChoices(scenario, runtimes, await latest_lanes(engine.queries))
            chosen_theme = theme or engine.settings.theme
            if engine.node_packages_ready:
                app = SidebeatApp(engine, theme=chosen_theme, first=first, notice=engine.recovery_sentence)
                return await run_app(app)
            return await _show_recording_first(engine, chosen_theme, first)

    _leave_with(run_async(show))


async def _show_recording_first(engine: Engine, theme: str, first: FirstChoices) -> int:
    demo = await RecordedEngine.open(
        SHIPPED_RECORDING,
        speed=DEMO_SPEED,
        config=engine.paths.config,
        cache=engine.paths.cache,
        waiting_for=engine,
    )
    try:
        demo.play()
        recording = Recorded(demo, demo.clock)
        return await run_app(SidebeatApp(engine, theme=theme, first=first, recording=recording))
    finally:
        await demo.close()


def open_replay(choices: Choices, file: Path, *, speed: float, theme: str | None) -> None:
    """A recording on the same screens."""
    _need_terminal()

    async def show() -> int:
        replay = await RecordedEngine.open(file, speed=speed, config=choices.paths.config, cache=choices.paths.cache)
        try:
            replay.play()
            return await run_app(SidebeatApp(replay, clock=replay.clock, theme=theme))
        finally:
            await replay.close()

    _leave_with(run_async(show))


def _need_terminal() -> None:
    refusal = require_terminal()
    if refusal is not None:
        raise Refusal(refusal, EXIT_REFUSED)


def _leave_with(code: int) -> None:
    if code:
        raise SystemExit(code)
