"""Actions of the metrics' screen, of the pairs behind a number, and of the phases one after the other."""

from __future__ import annotations

from typing import Final

from console.ui.keys.action import Action

METRICS: Final = (
    Action(
        "open_chosen",
        ("enter",),
        "its rows",
        "Open the pairs behind the number; on a measurement, its samples and detail.",
        "metrics",
        "Look",
        10,
    ),
    Action("pick_scope", ("s",), "scope", "Choose an experiment, or all runs of two runtimes.", "metrics", "Scope", 11),
    Action(
        "pick_slice",
        ("b",),
        "beat",
        "Choose the beat, the scenario and the runtimes that are compared.",
        "metrics",
        "Scope",
        12,
    ),
    Action("open_waterfall", ("w",), "waterfall", "Show the phases of a beat, A over B.", "metrics", "Look", 13),
    Action("open_memory", ("y",), "memory", "Show memory over time, pair by pair.", "metrics", "Look", 14),
    Action("export", ("x",), "export", "Write every number of the scope as CSV and JSON.", "metrics", "Write", 15),
    Action(
        "switch_pane",
        ("tab", "shift+tab"),
        "other pane",
        "Go from the metrics to the details, or back.",
        "metrics",
        "Look",
        16,
    ),
    Action("read_details", ("d",), "in full", "Read the details over the whole screen.", "metrics", "Look", 17),
)

PAIRS: Final = (
    Action("open_side", ("enter",), "its run", "Open the run of the marked side of the pair.", "pairs", "Look", 10),
    Action("mark_side", ("left",), "side A", "Mark the baseline's side.", "pairs", "Look", 11, parameters=(0,)),
    Action("mark_side", ("right",), "side B", "Mark the candidate's side.", "pairs", "Look", 12, parameters=(1,)),
)

WATERFALL: Final = (
    Action("open_phase", ("enter",), "its pairs", "Open the pairs behind the phase.", "waterfall", "Look", 10),
)
