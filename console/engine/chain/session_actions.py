"""Manipulations of the stored session: look at it, edit it, clear it, take another lane's."""

from __future__ import annotations

import json
from typing import Any, cast

from console.engine.beat.order import SCRIPTED_MODEL_NAME, configuration_fingerprint
from console.engine.chain.manipulation import LETTERS, Done, LaneAtRest, Refused, stored_params
from console.engine.chain.reading import ChainLane
from console.engine.session_rules import FINGERPRINT_KEY

_NO_SESSION = "lane {letter} has no stored session: its last beat left none, or it was cleared; beat first"


async def view_session(lane: LaneAtRest, argument: str | None) -> Done:
    """Say what is stored, and change nothing."""
    _no_argument("view", argument)
    params = lane.params
    if params is None:
        return Done(f"lane {lane.letter} has no stored session")
    shown = {name: value for name, value in params.items() if name != FINGERPRINT_KEY}
    return Done(f"lane {lane.letter}'s session is {_compact(shown)}, {_fingerprint_words(params)}", params, params)


async def edit_session(lane: LaneAtRest, argument: str | None) -> Done:
    """Store other params: a JSON object in place of all, or `name=value` in place of one."""
    before = lane.params
    after = edited(before or {}, argument or "")
    if after == before:
        raise Refused("the params are as they were: nothing was changed")
    named = sorted(name for name in {*(before or {}), *after} if (before or {}).get(name) != after.get(name))
    statement = f"the operator edited {', '.join(named)} of lane {lane.letter}'s session, {_fingerprint_words(after)}"
    lane.put_session(after, statement)
    return Done(statement, before, after)


async def clear_session(lane: LaneAtRest, argument: str | None) -> Done:
    """Remove the stored session, as Paperclip's reset-session does; the agent's own store stays."""
    _no_argument("clear", argument)
    before = lane.params
    if lane.session is None:
        raise Refused(_NO_SESSION.format(letter=lane.letter))
    statement = f"the operator cleared lane {lane.letter}'s session; the agent's own store is untouched"
    lane.remove_session(statement)
    return Done(statement, before)


async def copy_session(lane: LaneAtRest, argument: str | None) -> Done:
    """Store another lane's session here as it is, with the fingerprint of the configuration that made it."""
    source, params = _source(lane, argument)
    return _copied(lane, source, params, f"with lane {LETTERS[source.lane_index]}'s fingerprint, as it was stored")


async def copy_session_stamped(lane: LaneAtRest, argument: str | None) -> Done:
    """Store another lane's session here with this lane's own fingerprint, so that the adapter itself must decide."""
    source, params = _source(lane, argument)
    fingerprint = configuration_fingerprint(lane.runtime, "scripted", SCRIPTED_MODEL_NAME)
    stamped = {**params, FINGERPRINT_KEY: fingerprint}
    return _copied(lane, source, stamped, f"with lane {lane.letter}'s own fingerprint, so the adapter itself decides")


async def copy_session_id(lane: LaneAtRest, argument: str | None) -> Done:
    """Put another lane's session id alone into this lane's params, so that nothing but the id is strange to it."""
    source, params = _source(lane, argument)
    own_params = lane.params
    if own_params is None:
        raise Refused(_NO_SESSION.format(letter=lane.letter))
    given = {**own_params, "sessionId": params.get("sessionId")}
    return _copied(lane, source, given, "as a session id alone: params, cwd and fingerprint stay this lane's")


def edited(before: dict[str, Any], text: str) -> dict[str, Any]:
    """The params after an edit: `text` is a JSON object, or `name=value` with a value in JSON or as plain text.

    Raises Refused with a sentence.
    """
    stripped = text.strip()
    if not stripped:
        raise Refused('say what to store: a JSON object such as {"sessionId": "x"}, or name=value for one param')
    name, equals, value = stripped.partition("=")
    if not stripped.startswith(("{", "[", '"')) and equals:
        return _with_one(before, name.strip(), value.strip())
    try:
        after: object = json.loads(stripped)
    except ValueError as error:
        raise Refused(f"the params are not JSON: {error}; mend what it names") from error
    if not isinstance(after, dict):
        raise Refused(f"session params are a JSON object, not {_compact(after)}; put it into braces with a name")
    if not after:
        raise Refused("an empty object is no session by Paperclip's rules; clear the session instead")
    return cast("dict[str, Any]", after)


def _with_one(before: dict[str, Any], name: str, value: str) -> dict[str, Any]:
    if not name:
        raise Refused("name the param before the equals sign, as in sessionId=x")
    try:
        parsed: object = json.loads(value)
    except ValueError:
        parsed = value
    return {**before, name: parsed}


def _source(lane: LaneAtRest, argument: str | None) -> tuple[ChainLane, dict[str, Any]]:
    """The lane to copy from: the one named, or the only other one."""
    others = [other for other in lane.view.lanes if other.lane_index != lane.lane.lane_index]
    if not others:
        raise Refused("there is no other lane to copy from; begin a chain with two runtimes")
    if argument is None and len(others) > 1:
        raise Refused(f"say which lane to copy from, such as copy:{LETTERS[others[0].lane_index]}")
    wanted = (argument or LETTERS[others[0].lane_index]).strip().upper()
    source = next((other for other in others if LETTERS[other.lane_index] == wanted), None)
    if source is None:
        known = " or ".join(LETTERS[other.lane_index] for other in others)
        raise Refused(f"lane {lane.letter} cannot copy from `{argument}`; name lane {known}")
    params = stored_params(source.session)
    if params is None:
        raise Refused(_NO_SESSION.format(letter=wanted))
    return source, params


def _copied(lane: LaneAtRest, source: ChainLane, params: dict[str, Any], how: str) -> Done:
    before = lane.params
    statement = (
        f"the operator copied lane {LETTERS[source.lane_index]}'s session ({source.runtime_key}) into lane "
        f"{lane.letter} ({lane.runtime.key}) {how}"
    )
    lane.put_session(params, statement)
    return Done(statement, before, params)


def _fingerprint_words(params: dict[str, Any]) -> str:
    fingerprint = params.get(FINGERPRINT_KEY)
    if fingerprint is None:
        return "without a fingerprint, so Paperclip's rule starts the next beat fresh"
    return f"with fingerprint {fingerprint}"


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _no_argument(key: str, argument: str | None) -> None:
    if argument:
        raise Refused(f"`{key}` takes no argument; leave `:{argument}` out")
