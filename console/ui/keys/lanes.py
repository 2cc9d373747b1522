"""Actions of the lanes screen."""

from __future__ import annotations

from typing import Final

from console.ui.keys.action import Action

LANES: Final = (
    Action(
        "start_sequence",
        ("s",),
        "start both",
        "Start a beat in every lane, one after the other, on a new issue: the order in which times count.",
        "lanes",
        "Start and stop",
        10,
    ),
    Action(
        "start_race",
        ("L",),
        "live race",
        "Start every lane at once, to watch; the lanes share the machine, so nothing is timed.",
        "lanes",
        "Start and stop",
        11,
    ),
    Action("start_lane", ("b",), "this lane", "Start a beat in the active lane only.", "lanes", "Start and stop", 23),
    Action(
        "next_beat",
        ("n",),
        "next beat",
        "Start the next beat on the same issue and session in every lane.",
        "lanes",
        "Start and stop",
        12,
    ),
    Action(
        "next_beat_of_lane",
        ("N",),
        "next, this lane",
        "Start the next beat on the same issue and session in the active lane only.",
        "lanes",
        "Start and stop",
    ),
    Action(
        "fresh_beat",
        ("f",),
        "fresh session",
        "Start the next beat on the same issue, with a fresh session.",
        "lanes",
        "Start and stop",
        13,
    ),
    Action("cancel", ("c",), "cancel", "Cancel what is running, after asking.", "lanes", "Start and stop", 9),
    Action("pick_scenario", ("S",), "scenario", "Choose the task that the lanes are given.", "lanes", "Set up", 20),
    Action("pick_runtime", ("r",), "runtime", "Choose the runtime of the active lane.", "lanes", "Set up", 21),
    Action("add_lane", ("+",), "add lane", "Add a lane, up to four.", "lanes", "Set up", 31),
    Action("remove_lane", ("-",), "remove lane", "Remove the last lane; what it stored stays.", "lanes", "Set up", 32),
    Action("toggle_bridge", ("C",), "cold/warm", "Start the bridge for each beat, or keep it.", "lanes", "Set up", 33),
    Action(
        "pick_model",
        ("M",),
        "model",
        "Choose who answers the agents: the scenario's script, or a real model.",
        "lanes",
        "Set up",
        34,
    ),
    Action(
        "pick_root",
        ("R",),
        "root",
        "Choose the execution root: a folder, or a worktree of a repository.",
        "lanes",
        "Set up",
        35,
    ),
    Action(
        "enable_experimental",
        ("X",),
        "experimental",
        "Allow the experimental runtimes, after reading what that means.",
        "lanes",
        "Set up",
        22,
    ),
    Action("next_lane", ("tab",), "lane", "Make the next lane the active one.", "lanes", "Look", 40),
    Action("previous_lane", ("shift+tab",), "lane before", "Make the lane before the active one.", "lanes", "Look"),
    Action("focus_lane", ("1",), "lane A", "Make lane A the active one.", "lanes", "Look", parameters=(0,)),
    Action("focus_lane", ("2",), "lane B", "Make lane B the active one.", "lanes", "Look", parameters=(1,)),
    Action("focus_lane", ("3",), "lane C", "Make lane C the active one.", "lanes", "Look", parameters=(2,)),
    Action("focus_lane", ("4",), "lane D", "Make lane D the active one.", "lanes", "Look", parameters=(3,)),
    Action(
        "zoom_lane", ("z",), "zoom", "Give the active lane the whole width, or share it again.", "lanes", "Look", 42
    ),
    Action(
        "open_run",
        ("enter", "o"),
        "details",
        "Open the active lane's run with all that is stored.",
        "lanes",
        "Look",
        41,
    ),
    Action("toggle_raw", ("w",), "raw log", "Show the stored raw log instead of the transcript.", "lanes", "Look", 50),
    Action(
        "expand_rows", ("space",), "more lines", "Show shortened rows in full, or shorten them.", "lanes", "Look", 51
    ),
    Action("follow", ("G", "end"), "follow", "Go to the end, and follow what comes.", "lanes", "Look", 52),
    Action("go_to_start", ("g", "home"), "first row", "Go to the first row.", "lanes", "Look"),
    Action("line_down", ("j", "down"), "down", "Go down a line.", "lanes", "Look"),
    Action("line_up", ("k", "up"), "up", "Go up a line; following stops.", "lanes", "Look"),
    Action("page_down", ("pagedown",), "page down", "Go down a page.", "lanes", "Look"),
    Action("page_up", ("pageup",), "page up", "Go up a page; following stops.", "lanes", "Look"),
)
