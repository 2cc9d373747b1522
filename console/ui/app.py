"""The console's app: it only puts screens, keys, colours and the engine's feed together."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from textual import constants, work
from textual.app import App
from textual.screen import Screen

from console.engine.clock import Clock, SystemClock
from console.engine.events import EngineEvent, NodePackagesProgressed, OperatorWarned
from console.ui.engine_port import EnginePort
from console.ui.event_pump import EngineSpoke, EventPump
from console.ui.keys import bindings
from console.ui.lanes_state import FirstChoices
from console.ui.messages import RunChosen
from console.ui.modals.confirm import ConfirmModal
from console.ui.navigation import Destination, run_screen, screen_for
from console.ui.notices import tell
from console.ui.palette import ActionsProvider
from console.ui.screens.base import ConsoleScreen
from console.ui.screens.lanes import LanesScreen
from console.ui.terminal import leaving_on_signals
from console.ui.text import foreign, own
from console.ui.themes import DARK, OWN_THEMES, pick_theme, with_quiet_text


@dataclass(frozen=True, slots=True)
class Recorded:
    """A recording that plays on the same screens, and the clock that counts its time."""

    engine: EnginePort
    clock: Clock


class SidebeatApp(App[None]):
    """Opens on the lanes. The engine belongs to the caller, who opens it before and closes it after."""

    TITLE = "Sidebeat"
    CSS_PATH = "sidebeat.tcss"
    COMMANDS: ClassVar = {ActionsProvider}
    BINDINGS: ClassVar = [*bindings("everywhere")]
    ENABLE_COMMAND_PALETTE = True

    def __init__(
        self,
        engine: EnginePort,
        *,
        clock: Clock | None = None,
        theme: str | None = None,
        first: FirstChoices | None = None,
        recording: Recorded | None = None,
        notice: str | None = None,
    ) -> None:
        """`recording` is what plays until the Node packages are there; `notice` is said when the screen opens."""
        super().__init__()
        self.engine = engine
        self._first = first
        self._recording = recording
        self._notice = notice
        self._recording_pump: EventPump | None = None
        self.clock: Clock = clock or SystemClock()
        self._first_theme = theme or constants.DEFAULT_THEME
        self._pump: EventPump | None = None
        for own_theme in OWN_THEMES:
            self.register_theme(own_theme)

    def get_css_variables(self) -> dict[str, str]:
        """The theme's, with quiet text that is as readable in every theme."""
        self.theme_variables = with_quiet_text(super().get_css_variables())
        return self.theme_variables

    def get_default_screen(self) -> Screen[None]:
        """The lanes lie below every other screen."""
        return LanesScreen(self.engine, self.clock, self._first)

    def on_mount(self) -> None:
        """Take the colours, and begin to listen."""
        chosen = self._first_theme
        self.theme = chosen if chosen in self.available_themes and chosen != "textual-dark" else DARK.name
        self._pump = EventPump(self.engine.feed, self._deliver)
        if self._recording is not None:
            self._show_recording(self._recording)
        if self._notice is not None:
            tell(self, foreign(self._notice))

    def on_unmount(self) -> None:
        """Stop listening."""
        for pump in (self._pump, self._recording_pump):
            if pump is not None:
                pump.close()

    def _deliver(self, events: tuple[EngineEvent, ...]) -> None:
        self._deliver_to(self.engine, events)
        for event in events:
            if isinstance(event, OperatorWarned):
                tell(self, foreign(event.sentence), severity="warning")
        if any(isinstance(event, NodePackagesProgressed) and event.done for event in events):
            self._end_recording()

    def _deliver_to(self, engine: EnginePort, events: tuple[EngineEvent, ...]) -> None:
        for screen in self.screen_stack:
            if isinstance(screen, ConsoleScreen) and screen.engine is engine:
                screen.post_message(EngineSpoke(events))

    @property
    def shown_engine(self) -> EnginePort:
        """The engine of the uppermost screen that has one: the console's own, or a recording's."""
        uppermost_first = reversed(self.screen_stack)
        return next((screen.engine for screen in uppermost_first if isinstance(screen, ConsoleScreen)), self.engine)

    def _show_recording(self, recording: Recorded) -> None:
        """The recording's lanes lie on the operator's own, and go when the packages are there."""
        lanes = LanesScreen(recording.engine, recording.clock)
        self._recording_pump = EventPump(recording.engine.feed, partial(self._deliver_to, recording.engine))
        self.push_screen(lanes)

    def _end_recording(self) -> None:
        if self._recording_pump is None:
            return
        self._recording_pump.close()
        self._recording_pump = None
        while len(self.screen_stack) > 1:
            self.pop_screen()
        tell(self, own("The Node packages are there: press s to run the beat in both lanes."))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is nothing to go back to from the lanes."""
        if action == "back":
            return len(self.screen_stack) > 1
        return super().check_action(action, parameters)

    def open_screen(self, screen: ConsoleScreen) -> None:
        """Show a screen; one of its kind that is open already is closed first, with what lies on it."""
        for depth, opened in enumerate(self.screen_stack):
            if depth > 0 and type(opened) is type(screen):
                for _ in self.screen_stack[depth:]:
                    self.pop_screen()
                break
        self.push_screen(screen)

    def on_run_chosen(self, message: RunChosen) -> None:
        """Show everything that is stored of one run."""
        self.open_screen(run_screen(message.run_id, self.shown_engine))

    def _open(self, destination: Destination) -> None:
        self.open_screen(screen_for(destination, self.shown_engine))

    def action_open_runs(self) -> None:
        """Open the history of runs."""
        self._open("runs")

    def action_open_issues(self) -> None:
        """Open the issues."""
        self._open("issues")

    def action_open_phases(self) -> None:
        """Open the plan."""
        self._open("phases")

    def action_open_experiments(self) -> None:
        """Open the paired experiments."""
        self._open("experiments")

    def action_open_metrics(self) -> None:
        """Open the metrics."""
        self._open("metrics")

    def action_open_resume(self) -> None:
        """Open the resume bench."""
        self._open("resume")

    async def action_back(self) -> None:
        """Return to the screen before."""
        if len(self.screen_stack) > 1:
            self.pop_screen()

    @work
    async def action_pick_theme(self) -> None:
        """Choose the colours, seeing them at once."""
        await pick_theme(self)
        await self.engine.remember_theme(self.theme)

    def action_palette(self) -> None:
        """Find an action by name."""
        self.action_command_palette()

    def action_help(self) -> None:
        """Show the keys."""
        from console.ui.screens.help import HelpScreen

        scope = self.screen.SCOPE if isinstance(self.screen, ConsoleScreen) else "lanes"
        self.push_screen(HelpScreen(scope))

    @work
    async def action_quit_console(self) -> None:
        """Leave; asks first while beats run."""
        lanes = self.screen_stack[0]
        if isinstance(lanes, LanesScreen) and lanes.is_anything_running:
            question = own("A beat is still running. Leave, and cancel it?")
            if not await self.push_screen_wait(ConfirmModal(question, yes=own("leave"), no=own("stay"))):
                return
        self.exit()


async def run_app(app: SidebeatApp) -> int:
    """Show the console until it is left; returns the exit code. The terminal is given back as it was."""
    with leaving_on_signals(lambda code: app.exit(return_code=code)):
        await app.run_async()
    return app.return_code or 0
