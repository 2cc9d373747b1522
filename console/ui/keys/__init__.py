"""The registry of actions. A screen adds its own module here and takes `BINDINGS = bindings("<scope>")`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from textual.binding import BindingType

from console.ui.keys.action import Action, Scope, key_name
from console.ui.keys.everywhere import EVERYWHERE
from console.ui.keys.experiments import EXPERIMENTS
from console.ui.keys.issues import ISSUES
from console.ui.keys.lanes import LANES
from console.ui.keys.metrics import METRICS, PAIRS, WATERFALL
from console.ui.keys.phases import PHASES
from console.ui.keys.resume import RESUME
from console.ui.keys.runs import RUN, RUNS

ACTIONS: Final[tuple[Action, ...]] = (
    *LANES,
    *PHASES,
    *RUNS,
    *RUN,
    *ISSUES,
    *EXPERIMENTS,
    *METRICS,
    *PAIRS,
    *WATERFALL,
    *RESUME,
    *EVERYWHERE,
)
"""Every action; an id is unique within its scope, but for its parameters."""

SCREEN_FIRST: Final = frozenset({("resume", "open_experiments")})
"""(scope, action of everywhere) whose key does something else on that screen, where Esc comes before it."""


def actions_of(*scopes: Scope) -> tuple[Action, ...]:
    """The actions of these scopes, in the registry's order, but for those of everywhere whose key a screen takes."""
    hidden = {action_id for scope, action_id in SCREEN_FIRST if scope in scopes}
    return tuple(
        action
        for action in ACTIONS
        if action.scope in scopes and not (action.scope == "everywhere" and action.id in hidden)
    )


def bindings(scope: Scope) -> Sequence[BindingType]:
    """What a screen, or the app for `everywhere`, takes as its BINDINGS."""
    return [action.binding() for action in actions_of(scope)]


__all__ = ["ACTIONS", "Action", "Scope", "actions_of", "bindings", "key_name"]
