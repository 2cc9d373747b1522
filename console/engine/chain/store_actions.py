"""Manipulations of the agent's own session store, which the console does not keep."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from adapters.catalogue import SessionStore
from console.engine.chain.durations import duration_s
from console.engine.chain.manipulation import Done, LaneAtRest, Refused
from console.engine.chain.session_store import StorePlaces, age_files, file_facts, store_files

DEFAULT_AGE = "30d"


async def delete_store(lane: LaneAtRest, argument: str | None) -> Done:
    """Delete the session's own file where it has one, else the whole store; the stored params stay as they are."""
    if argument:
        raise Refused(f"`delete-store` takes no argument; leave `:{argument}` out")
    store, files, whose = await asyncio.to_thread(_chosen_files, lane)
    before = await asyncio.to_thread(file_facts, files)
    for path in files:
        await asyncio.to_thread(path.unlink)
    left = await asyncio.to_thread(store_files, store, _places(lane))
    return Done(
        f"deleted {_counted(files)} of lane {lane.letter} ({whose}); the stored session still names what is gone",
        {"files": before},
        {"files": await asyncio.to_thread(file_facts, left)},
    )


async def age_store(lane: LaneAtRest, argument: str | None) -> Done:
    """Make the store's files, and the times in them that are known, older by a duration."""
    text = argument or DEFAULT_AGE
    by_s = duration_s(text)
    if by_s is None or by_s <= 0:
        raise Refused(f"`{text}` is no duration; write for example age-store:72h")
    store, files, whose = await asyncio.to_thread(_chosen_files, lane)
    before = await asyncio.to_thread(file_facts, files)
    try:
        aged = await asyncio.to_thread(age_files, store, files, by_s)
    except (ValueError, sqlite3.Error) as error:
        raise Refused(f"the store of lane {lane.letter} could be aged in part only: {error}") from error
    told = ", ".join(["the time of each file", *(f"{count} of {name}" for name, count in aged.items())])
    return Done(
        f"aged {_counted(files)} of lane {lane.letter} ({whose}) by {text}: {told}",
        {"files": before},
        {"files": await asyncio.to_thread(file_facts, files), "aged": aged},
    )


def _chosen_files(lane: LaneAtRest) -> tuple[SessionStore, list[Path], str]:
    """The store, the files of it that are meant, and in words whose they are. Raises Refused."""
    store = lane.runtime.session_store
    if store is None:
        raise Refused(
            f"{lane.runtime.key} does not say where its agent keeps sessions; add [session_store] to its file "
            "(see docs/runtimes.md)"
        )
    files = store_files(store, _places(lane))
    if not files:
        raise Refused(f"there is nothing in the session store of lane {lane.letter} ({', '.join(store.paths)})")
    named = (lane.params or {}).get(store.own_file_param or "")
    if store.own_file_param is None or named is None:
        return store, files, "the whole session store of its agent"
    own = [path for path in files if os.path.realpath(path) == os.path.realpath(str(named))]
    if not own:
        raise Refused(f"the session of lane {lane.letter} names {named}, which is not in its agent's store")
    return store, own, "the file that its session names"


def _places(lane: LaneAtRest) -> StorePlaces:
    paths, agent_id = lane.services.paths, lane.last_run.agent_id
    return StorePlaces(paths.home(agent_id), paths.state(agent_id), lane.last_run.task_key)


def _counted(files: Sequence[Path]) -> str:
    return f"1 file ({files[0].name})" if len(files) == 1 else f"{len(files)} files"
