"""docs/keys.md, made from the registry: `python -m console.ui.keys.page > docs/keys.md`."""

from __future__ import annotations

import sys
from itertools import groupby
from typing import Final

from console.ui.keys import ACTIONS, Action, Scope, key_name

TITLES: Final[dict[Scope, str]] = {
    "lanes": "Lanes",
    "phases": "Phases",
    "runs": "Runs",
    "run": "Run",
    "issues": "Issues",
    "experiments": "Experiments",
    "metrics": "Metrics",
    "pairs": "Pairs behind a number",
    "waterfall": "Waterfall of phases",
    "resume": "Resume bench",
    "everywhere": "Everywhere",
}


def keys_page() -> str:
    """The page as Markdown."""
    lines = [
        "# Keys",
        "",
        "Every action is also in the palette (`ctrl+p`), by its name. This page is made from `console/ui/keys/`.",
    ]
    for scope, actions in groupby(ACTIONS, key=_scope):
        lines += ["", f"## {TITLES[scope]}", "", "| key | action | what it does |", "|---|---|---|"]
        lines += [_line(action) for action in actions]
    return "\n".join(lines) + "\n"


def _scope(action: Action) -> Scope:
    return action.scope


def _line(action: Action) -> str:
    keys = " ".join(f"`{key_name(key).plain}`" for key in action.keys)
    return f"| {keys} | {action.label} | {action.help} |"


if __name__ == "__main__":
    sys.stdout.write(keys_page())
