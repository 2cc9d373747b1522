"""The console's app: it only puts screens, keys, colours and the engine's feed together."""

from __future__ import annotations

from typing import ClassVar

from textual import constants, work
from textual.app import App
from textual.screen import Screen

from console.engine.clock import Clock, SystemClock
from console.engine.events import EngineEvent, NodePackagesProgressed
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
from console.ui.text import own
from console.ui.themes import DARK, OWN_THEMES, pick_theme, with_quiet_text


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
        then: EnginePort | None = None,
    ) -> None:
        """`then` is the engine to go on with when the Node packages are there."""
        super().__init__()
        self.engine = engine
        self._first = first
        self._then = then
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

    def on_unmount(self) -> None:
        """Stop listening."""
        if self._pump is not None:
            self._pump.close()

    def _deliver(self, events: tuple[EngineEvent, ...]) -> None:
        if self._then is not None and any(isinstance(event, NodePackagesProgressed) and event.done for event in events):
            engine, self._then = self._then, None
            self._go_on_with(engine)
            return
        for screen in self.screen_stack:
            if isinstance(screen, ConsoleScreen):
                screen.post_message(EngineSpoke(events))

    @work
    async def _go_on_with(self, engine: EnginePort) -> None:
        """The packages are there: from the recording to the operator's own database."""
        if self._pump is not None:
            self._pump.close()
        self.engine, self.clock = engine, SystemClock()
        while len(self.screen_stack) > 1:
            await self.pop_screen()
        lanes: Screen[None] = LanesScreen(engine, self.clock, self._first)
        await self.switch_screen(lanes)
        self._pump = EventPump(engine.feed, self._deliver)
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
        screen = run_screen(message.run_id, self.engine)
        if screen is not None:
            self.open_screen(screen)

    def _open(self, destination: Destination) -> None:
        screen = screen_for(destination, self.engine)
        if screen is not None:
            self.open_screen(screen)

    def action_open_runs(self) -> None:
        """Open the history of runs."""
        self._open("runs")

    def action_open_issues(self) -> None:
        """Open the issues."""
        self._open("issues")

    def action_open_phases(self) -> None:
        """Open the plan."""
        self._open("phases")

    async def action_back(self) -> None:
        """Return to the screen before."""
        if len(self.screen_stack) > 1:
            self.pop_screen()

    @work
    async def action_pick_theme(self) -> None:
        """Choose the colours, seeing them at once."""
        await pick_theme(self)

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
