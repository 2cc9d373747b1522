"""Actions of the experiments' screen."""

from __future__ import annotations

from typing import Final

from console.ui.keys.action import Action

EXPERIMENTS: Final = (
    Action(
        "open_chosen",
        ("enter",),
        "open",
        "Go to the experiment's results; on a result, open the pairs behind it; on a failure, its run.",
        "experiments",
        "Look",
        10,
    ),
    Action(
        "switch_pane",
        ("tab", "shift+tab"),
        "other pane",
        "Go from the experiments to the results, or back.",
        "experiments",
        "Look",
        18,
    ),
    Action(
        "open_its_metrics",
        ("o",),
        "its metrics",
        "Open the metrics screen on this experiment.",
        "experiments",
        "Look",
        16,
    ),
    Action("new_experiment", ("n",), "new", "Plan an experiment, or a self-check.", "experiments", "Run", 11),
    Action("start", ("s",), "start", "Start the planned experiment.", "experiments", "Run", 12),
    Action(
        "pause_or_resume",
        ("space",),
        "pause/go on",
        "Pause after the trial that runs, or go on with the next pair.",
        "experiments",
        "Run",
        13,
    ),
    Action(
        "stop", ("S",), "stop", "End the experiment for good, after asking; its pairs stay.", "experiments", "Run", 14
    ),
    Action(
        "change_margin",
        ("c",),
        "margin",
        "Change the margin of a metric, with a reason; it is marked for ever.",
        "experiments",
        "Run",
        15,
    ),
)
