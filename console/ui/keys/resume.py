"""Actions of the resume bench."""

from __future__ import annotations

from typing import Final

from console.ui.keys.action import Action

RESUME: Final = (
    Action("beat", ("b",), "beat", "Start the next beat in every lane, one after the other.", "resume", "Beat", 10),
    Action("beat_lane", ("B",), "this lane", "Start the next beat in the active lane only.", "resume", "Beat", 11),
    Action("cancel", ("c",), "cancel", "Cancel the beat that is running, after asking.", "resume", "Beat", 9),
    Action("view_session", ("v",), "view", "Show the session params that are stored.", "resume", "Between", 12),
    Action("edit_session", ("e",), "edit", "Edit the stored session params, as JSON.", "resume", "Between", 13),
    Action("clear_session", ("x",), "clear", "Remove the stored session, after asking.", "resume", "Between", 14),
    Action(
        "copy_session",
        ("o",),
        "other's session",
        "Store another lane's session here as it is: Paperclip's rule sees another configuration.",
        "resume",
        "Between",
        15,
    ),
    Action(
        "copy_session_stamped",
        ("O",),
        "stamped",
        "Store another lane's session here with this lane's fingerprint, so that the adapter itself decides.",
        "resume",
        "Between",
        16,
    ),
    Action(
        "copy_session_id",
        ("I",),
        "its id",
        "Put another lane's session id alone into this lane's params: ids must not cross adapters.",
        "resume",
        "Between",
        17,
    ),
    Action(
        "delete_store",
        ("d",),
        "delete store",
        "Delete the agent's own session store, after asking.",
        "resume",
        "Between",
        17,
    ),
    Action("age_store", ("a",), "age", "Make the agent's session store older.", "resume", "Between", 18),
    Action(
        "move_root",
        ("w",),
        "move root",
        "Rename the execution root: the next beat works in another place.",
        "resume",
        "Between",
        19,
    ),
    Action("kill_sidecar", ("k",), "kill sidecar", "Kill the VM's sidecar, after asking.", "resume", "Between", 20),
    Action("restart_bridge", ("r",), "bridge", "Stop the lane's warm bridge.", "resume", "Between", 21),
    Action(
        "restart_console",
        ("R",),
        "console",
        "Close everything and open it again on the same database, after asking.",
        "resume",
        "Between",
        22,
    ),
    Action("wait", ("W",), "wait", "Let time pass before the next beat.", "resume", "Between", 23),
    Action("new_chain", ("n",), "new chain", "Begin a chain: scenario, runtimes, cold or warm.", "resume", "Chain", 30),
    Action(
        "pick_chain",
        ("l",),
        "chains",
        "Choose a stored chain, to look at it or to go on with it.",
        "resume",
        "Chain",
        31,
    ),
    Action("next_lane", ("tab", "down"), "lane", "Make the next lane the active one.", "resume", "Look", 40),
    Action(
        "previous_lane", ("shift+tab", "up"), "lane before", "Make the lane before the active one.", "resume", "Look"
    ),
    Action("focus_lane", ("1",), "lane A", "Make lane A the active one.", "resume", "Look", parameters=(0,)),
    Action("focus_lane", ("2",), "lane B", "Make lane B the active one.", "resume", "Look", parameters=(1,)),
    Action("focus_lane", ("3",), "lane C", "Make lane C the active one.", "resume", "Look", parameters=(2,)),
    Action("focus_lane", ("4",), "lane D", "Make lane D the active one.", "resume", "Look", parameters=(3,)),
    Action("move_beat", ("left",), "beat before", "Choose the beat before.", "resume", "Look", 41, parameters=(-1,)),
    Action("move_beat", ("right",), "next beat", "Choose the beat after.", "resume", "Look", parameters=(1,)),
    Action("open_run", ("enter",), "its run", "Open the run of the chosen beat.", "resume", "Look", 42),
    Action(
        "open_diff", ("=",), "requests", "Compare the chosen beat's request with the beat before.", "resume", "Look", 43
    ),
    Action("open_steps", ("s",), "all steps", "Read everything that was done in the chain.", "resume", "Look", 44),
    Action(
        "move_pages",
        ("pagedown", "space"),
        "page down",
        "Go down in what the model saw.",
        "resume",
        "Look",
        parameters=(1,),
    ),
    Action("move_pages", ("pageup",), "page up", "Go up in what the model saw.", "resume", "Look", parameters=(-1,)),
)
