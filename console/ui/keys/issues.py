"""Actions of the issues' screen."""

from __future__ import annotations

from typing import Final

from console.ui.keys.action import Action

ISSUES: Final = (
    Action("read_thread", ("enter",), "read", "Go to the comments of the issue.", "issues", "Look", 10),
    Action(
        "switch_pane",
        ("tab", "shift+tab"),
        "other pane",
        "Go from the issues to the comments, or back.",
        "issues",
        "Look",
        13,
    ),
    Action("comment", ("c",), "comment", "Add a comment of your own to the issue.", "issues", "Write", 11),
    Action("open_issue_runs", ("r",), "its runs", "Open the runs of the issue.", "issues", "Look", 12),
)
