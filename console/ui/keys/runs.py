"""Actions of the history of runs, and of one run."""

from __future__ import annotations

from typing import Final, LiteralString

from console.ui.keys.action import Action

RUNS: Final = (
    Action("open_chosen", ("enter",), "open", "Open the run with all that is stored of it.", "runs", "Look", 10),
    Action("search", ("/",), "search", "Show only runs that contain some words.", "runs", "Narrow down", 11),
    Action("pick_runtime", ("r",), "runtime", "Show only the runs of one runtime.", "runs", "Narrow down", 12),
    Action("pick_scenario", ("s",), "scenario", "Show only the runs of one scenario.", "runs", "Narrow down", 13),
    Action("pick_status", ("o",), "outcome", "Show only runs that ended in one way.", "runs", "Narrow down", 14),
    Action("show_all", ("x",), "show all", "Show all runs again.", "runs", "Narrow down", 15),
)

_TABS: Final[tuple[LiteralString, ...]] = (
    "transcript",
    "raw log",
    "result",
    "session",
    "invocation",
    "outcome",
    "requests",
    "metrics",
    "provenance",
    "quality",
)
_DIGITS: Final[tuple[LiteralString, ...]] = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "0")

RUN: Final = (
    Action("next_tab", ("tab", "right"), "next part", "Show the next part of what is stored.", "run", "Parts", 10),
    Action("previous_tab", ("shift+tab", "left"), "part before", "Show the part before.", "run", "Parts"),
    *(
        Action(
            "show_tab",
            (digit,),
            name,
            f"Show this part of what is stored: {name}.",
            "run",
            "Parts",
            parameters=(number,),
        )
        for number, (digit, name) in enumerate(zip(_DIGITS, _TABS, strict=True))
    ),
    Action(
        "open_chosen",
        ("enter",),
        "open",
        "Open what is chosen: the body of a model request, or the row of a finding.",
        "run",
        "Look",
        12,
    ),
    Action(
        "compare_request",
        ("=",),
        "diff",
        "Compare the chosen request with the last of the beat before.",
        "run",
        "Look",
        12,
    ),
    Action("open_issue", ("o",), "its issue", "Open the issue of the run.", "run", "Look", 13),
    Action("change_layout", ("d",), "layout", "Compare sessions side by side, or as one.", "run", "Look", 12),
    Action("expand_rows", ("space",), "more lines", "Show shortened rows in full, or shorten them.", "run", "Look", 11),
    Action(
        "switch_view",
        ("v",),
        "other view",
        "Show each item once, or upstream's entries as Paperclip's UI would show them.",
        "run",
        "Look",
        11,
    ),
    Action(
        "toggle_raw", ("w",), "raw log", "Show the raw log instead of the transcript, or go back.", "run", "Look", 12
    ),
    Action("go_to_end", ("G", "end"), "last line", "Go to the end, and follow what comes.", "run", "Look", 14),
    Action("go_to_start", ("g", "home"), "first line", "Go to the start.", "run", "Look"),
    Action("move_lines", ("j", "down"), "down", "Go down a line.", "run", "Look", parameters=(1,)),
    Action("move_lines", ("k", "up"), "up", "Go up a line.", "run", "Look", parameters=(-1,)),
    Action("move_pages", ("pagedown",), "page down", "Go down a page.", "run", "Look", parameters=(1,)),
    Action("move_pages", ("pageup",), "page up", "Go up a page.", "run", "Look", parameters=(-1,)),
)
