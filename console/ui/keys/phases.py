"""Actions of the plan's screen."""

from __future__ import annotations

from typing import Final

from console.ui.keys.action import Action

PHASES: Final = (
    Action(
        "open_item",
        ("enter",),
        "open",
        "Open or fold a phase or a criterion; on what it requires, choose a run, experiment or chain behind it.",
        "phases",
        "Look",
        10,
    ),
    Action("answer", ("a",), "answer", "Write an answer to the question or the criterion.", "phases", "Write", 11),
    Action(
        "sign",
        ("s",),
        "sign off",
        "Sign a decision on the criterion, the phase or the plan, or override what was measured.",
        "phases",
        "Write",
        12,
    ),
    Action("history", ("d",), "in full", "Read all that was written, shown and signed for it.", "phases", "Look", 13),
    Action(
        "write_report",
        ("w",),
        "write report",
        "Write report.md and report.html beside the database.",
        "phases",
        "Write",
    ),
    Action("fold_all", ("f",), "fold all", "Open or fold all phases.", "phases", "Look", 14),
)
