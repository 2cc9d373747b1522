"""What all screens share: title, footer, and the engine's events in frames."""

from __future__ import annotations

from typing import ClassVar, cast

from textual import getters
from textual.app import App, ComposeResult
from textual.screen import Screen

from console.engine.events import EngineEvent
from console.ui.engine_port import EnginePort
from console.ui.event_pump import EngineSpoke
from console.ui.keys import Action, Scope, actions_of
from console.ui.text import EMPTY, SafeText
from console.ui.widgets.key_footer import KeyFooter
from console.ui.widgets.title_bar import TitleBar


class ConsoleScreen(Screen[None]):
    """One screen of the console.

    A subclass names its `SCOPE`, takes `BINDINGS = bindings(SCOPE)`, has a method `action_<id>` for each action of the
    scope, and overrides `compose_body`, `title`, `is_available` and `take_events` as it needs. After a change of state
    it calls `refresh_frame()`. Escape returns to the screen before.
    """

    SCOPE: ClassVar[Scope]
    app = getters.app(cast("type[App[None]]", App))

    def __init__(self, engine: EnginePort) -> None:
        super().__init__()
        self.engine = engine

    def compose(self) -> ComposeResult:
        """Title, body, footer."""
        yield TitleBar()
        yield from self.compose_body()
        yield KeyFooter()

    def compose_body(self) -> ComposeResult:
        """The widgets between title and footer."""
        yield from ()

    def title_ends(self) -> tuple[SafeText, SafeText]:
        """The left and the right end of the title line."""
        return EMPTY, EMPTY

    def is_available(self, action_id: str) -> bool:
        """Whether an action can do something now; the others are neither in the footer nor in the palette."""
        return bool(action_id)

    def take_events(self, events: tuple[EngineEvent, ...]) -> None:
        """What the engine said since the last frame, also while another screen lies on top."""

    def available_actions(self) -> tuple[Action, ...]:
        """The actions that can do something now, the app's included."""
        both = actions_of(self.SCOPE, "everywhere")
        here = [action for action in both if action.scope != "everywhere" and self.is_available(action.id)]
        app, everywhere = self.app, [action for action in both if action.scope == "everywhere"]
        return (*here, *(action for action in everywhere if app.check_action(action.id, ())))

    def refresh_frame(self) -> None:
        """Draw title and footer anew."""
        if not self.is_mounted:
            return
        self.query_one(TitleBar).show_ends(*self.title_ends())
        self.query_one(KeyFooter).show_actions(self.available_actions())

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Textual's question for `is_available`."""
        return self.is_available(action) and super().check_action(action, parameters)

    def on_engine_spoke(self, message: EngineSpoke) -> None:
        """Hand over one frame of events."""
        self.take_events(message.events)

    def on_screen_resume(self) -> None:
        """What is available may have changed meanwhile."""
        self.refresh_frame()
