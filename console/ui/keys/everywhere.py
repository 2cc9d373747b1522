"""Actions that work on every screen; the app runs them."""

from __future__ import annotations

from typing import Final

from console.ui.keys.action import Action

EVERYWHERE: Final = (
    Action("open_runs", ("h",), "runs", "Open the history of runs.", "everywhere", "Screens", 46),
    Action("open_issues", ("i",), "issues", "Open the issues and their comments.", "everywhere", "Screens", 47),
    Action(
        "open_phases", ("p",), "phases", "Open the plan's phases, criteria and evidence.", "everywhere", "Screens", 45
    ),
    Action("open_experiments", ("e",), "experiments", "Open the paired experiments.", "everywhere", "Screens", 48),
    Action("open_metrics", ("m",), "metrics", "Open the metrics, and what they rest on.", "everywhere", "Screens", 49),
    Action("open_resume", ("u",), "resume", "Open the resume bench: chains of beats.", "everywhere", "Screens", 50),
    Action("back", ("escape",), "back", "Go back to the screen before.", "everywhere", "Screens", 39),
    Action("pick_theme", ("t",), "theme", "Choose the colours.", "everywhere", "Console"),
    Action("palette", ("ctrl+p",), "find", "Find any action by its name.", "everywhere", "Console", 91),
    Action("help", ("?", "f1"), "help", "Show every key and what the signs mean.", "everywhere", "Console", 90),
    Action("quit_console", ("q",), "quit", "Leave Sidebeat; running beats are cancelled.", "everywhere", "Console", 92),
)
