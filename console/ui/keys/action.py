"""What the operator can do: one value from which bindings, footer, palette, help and docs/keys.md are made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, LiteralString

from textual.binding import Binding

from console.ui.text import SafeText, own

Scope = Literal[
    "everywhere", "lanes", "phases", "runs", "run", "issues", "experiments", "metrics", "pairs", "waterfall", "resume"
]
"""Where an action applies: on every screen, or on one."""

_KEY_NAMES: Final[dict[str, LiteralString]] = {
    "enter": "⏎",
    "escape": "Esc",
    "tab": "Tab",
    "shift+tab": "Shift+Tab",
    "space": "Space",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "home": "Home",
    "end": "End",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "f1": "F1",
    "ctrl+p": "^p",
}

_TEXTUAL_NAMES: Final = {"?": "question_mark", "+": "plus", "-": "minus", "/": "slash", "=": "equals_sign"}


@dataclass(frozen=True, slots=True)
class Action:
    """One action. `id` names the method `action_<id>` of the screen, or of the app when it applies everywhere.

    `keys` are as they are typed; the first is the one shown. `footer_rank` places it in the footer, lowest first;
    what does not fit is left out there, and an action without a rank is never there.
    """

    id: str
    keys: tuple[LiteralString, ...]
    label: LiteralString
    """Two or three words, for the footer."""
    help: LiteralString
    """One sentence."""
    scope: Scope
    group: LiteralString
    footer_rank: int | None = None
    parameters: tuple[int, ...] = ()

    @property
    def call(self) -> str:
        """The action as Textual runs it."""
        return f"{self.id}({', '.join(map(str, self.parameters))})" if self.parameters else self.id

    @property
    def key(self) -> SafeText:
        """The key as a person reads it."""
        return key_name(self.keys[0])

    def binding(self) -> Binding:
        """The binding that runs it."""
        keys = ",".join(_TEXTUAL_NAMES.get(key, key) for key in self.keys)
        return Binding(keys, self.call, self.label, show=False, id=f"{self.scope}.{self.call}")


def key_name(key: LiteralString) -> SafeText:
    """`ctrl+p` as `^p`, `enter` as its sign, a letter as itself."""
    return own(_KEY_NAMES.get(key, key))
