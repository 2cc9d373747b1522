"""The command palette: every action that can do something now, by its name."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider

from console.ui.keys import Action
from console.ui.screens.base import ConsoleScreen


class ActionsProvider(Provider):
    """Actions of the screen below the palette."""

    async def discover(self) -> Hits:
        """All of them, before anything is typed."""
        for action in self._actions():
            yield DiscoveryHit(_name(action), partial(self._run, action), help=action.help)

    async def search(self, query: str) -> Hits:
        """Those whose name or help matches."""
        matcher = self.matcher(query)
        for action in self._actions():
            score = max(matcher.match(_name(action)), matcher.match(action.help) * 0.8)
            if score > 0:
                yield Hit(score, matcher.highlight(_name(action)), partial(self._run, action), help=action.help)

    def _actions(self) -> Iterator[Action]:
        if isinstance(self.screen, ConsoleScreen):
            yield from (action for action in self.screen.available_actions() if action.id != "palette")

    async def _run(self, action: Action) -> None:
        where = "app" if action.scope == "everywhere" else "screen"
        await self.screen.run_action(f"{where}.{action.call}")


def _name(action: Action) -> str:
    return f"{action.group}: {action.label}  ({action.key.plain})"
