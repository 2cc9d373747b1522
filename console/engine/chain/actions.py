"""Everything that can be done to a session between two beats, as a table."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Final

from console.engine.chain import runtime_actions, session_actions, store_actions
from console.engine.chain.manipulation import Manipulation
from console.engine.launches import RefusedOrder

MANIPULATIONS: Final[tuple[Manipulation, ...]] = (
    Manipulation(
        "view",
        "view the session",
        "viewed session",
        "Show the session params that are stored, with Paperclip's fingerprint of the configuration.",
        session_actions.view_session,
    ),
    Manipulation(
        "edit",
        "edit the session",
        "edited session",
        "Store other session params: all of them as JSON, or one as name=value. The fingerprint stays unless edited.",
        session_actions.edit_session,
        argument="JSON or name=value",
    ),
    Manipulation(
        "clear",
        "clear the session",
        "cleared session",
        "Remove the stored session, as Paperclip's reset-session does; the agent's own store stays.",
        session_actions.clear_session,
        needs="a stored session",
        destructive=True,
    ),
    Manipulation(
        "copy",
        "take the other lane's session",
        "copied session",
        "Store another lane's session here as it is; Paperclip's fingerprint rule sees another configuration.",
        session_actions.copy_session,
        needs="another lane with a stored session",
        argument="lane",
    ),
    Manipulation(
        "copy-stamped",
        "take the other lane's session, with this lane's fingerprint",
        "copied session, stamped",
        "Store another lane's session here with this lane's own fingerprint, so that the adapter itself must decide.",
        session_actions.copy_session_stamped,
        needs="another lane with a stored session",
        argument="lane",
    ),
    Manipulation(
        "copy-id",
        "take the other lane's session id alone",
        "copied session id",
        "Put another lane's session id into this lane's params, whose cwd and fingerprint stay: ids must not cross.",
        session_actions.copy_session_id,
        needs="two stored sessions",
        argument="lane",
    ),
    Manipulation(
        "delete-store",
        "delete the agent's session store",
        "deleted session store",
        "Delete the file that the session names, or the agent's whole store; the stored session still names it.",
        store_actions.delete_store,
        needs="a session store",
        destructive=True,
    ),
    Manipulation(
        "age-store",
        "age the agent's session store",
        "aged session store",
        "Make the store's files, and the times in them that its runtime file names, older (30d unless said otherwise).",
        store_actions.age_store,
        needs="a session store",
        argument="duration",
    ),
    Manipulation(
        "move-root",
        "move the execution root",
        "moved root",
        "Rename the execution root: the next beat works on the same files in another place.",
        runtime_actions.move_root,
        argument="new name",
    ),
    Manipulation(
        "restart-bridge",
        "restart the bridge",
        "restarted bridge",
        "Stop the Node process that a warm chain keeps for the lane; the next beat starts another.",
        runtime_actions.restart_bridge,
        needs="a warm bridge",
    ),
    Manipulation(
        "kill-sidecar",
        "kill the VM's sidecar",
        "killed sidecar",
        "SIGKILL to the agent-os sidecar below the lane's warm bridge, as a crash of the VM would.",
        runtime_actions.kill_sidecar,
        needs="a warm bridge with a sidecar",
        destructive=True,
    ),
    Manipulation(
        "restart-console",
        "restart the console",
        "restarted console",
        "Close the engine with all its children, and open it again on the same database.",
        runtime_actions.restart_console,
        destructive=True,
        reach="chain",
    ),
    Manipulation(
        "wait",
        "wait",
        "waited",
        "Let time pass before the next beat.",
        runtime_actions.wait,
        argument="duration",
        reach="chain",
    ),
)
"""In the order in which they are listed."""

_BY_KEY: Final = {manipulation.key: manipulation for manipulation in MANIPULATIONS}


def manipulation(key: str) -> Manipulation:
    """The manipulation with this key. Raises RefusedOrder that names the nearest."""
    if key in _BY_KEY:
        return _BY_KEY[key]
    near = get_close_matches(key, _BY_KEY, n=1)
    hint = f"did you mean `{near[0]}`?" if near else f"known are: {', '.join(_BY_KEY)}"
    raise RefusedOrder(f"there is no action `{key}`; {hint}")
