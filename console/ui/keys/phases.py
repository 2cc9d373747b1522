"""Actions of the plan's screen."""

from __future__ import annotations

from typing import Final

from console.ui.keys.action import Action

PHASES: Final = (
    Action(
        "open_item",
        ("enter",),
        "open",
        "Open or fold a phase; on evidence, open its run; on a criterion, show all of its evidence.",
        "phases",
        "Look",
        10,
    ),
    Action("answer", ("a",), "answer", "Write an answer to the question or deliverable.", "phases", "Write", 11),
    Action(
        "sign", ("s",), "sign off", "Sign a decision on the criterion, the phase or the plan.", "phases", "Write", 12
    ),
    Action("history", ("d",), "in full", "Read all that was written, shown and signed for it.", "phases", "Look", 13),
    Action("fold_all", ("f",), "fold all", "Open or fold all phases.", "phases", "Look", 14),
)
