"""A chain as a line of text: `beat, delete-store@A, beat, copy:A@B, wait:30s, beat`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from console.engine.chain.actions import MANIPULATIONS, manipulation
from console.engine.chain.durations import duration_s
from console.engine.chain.manipulation import LETTERS
from console.engine.chain.reading import BEAT

_STEP = re.compile(r"(?P<action>[A-Za-z-]+)\s*(?::(?P<argument>.*))?", re.DOTALL)
_OPENING, _CLOSING, _QUOTE = "([{", ")]}", '"'
_FROM_A_LANE = frozenset({"copy", "copy-stamped", "copy-id"})
_FOR_A_TIME = {"age-store": "age-store:72h", "wait": "wait:30s"}
"""Actions whose argument is a duration, and how one is written."""


class PlanError(Exception):
    """A chain that cannot be read; the message is one sentence with the remedy."""


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """One step of a plan; `lanes` is None for all of them."""

    action: str
    argument: str | None = None
    lanes: tuple[int, ...] | None = None


def parse_plan(text: str, lane_count: int, *, goes_on: bool = False) -> tuple[PlannedStep, ...]:
    """The steps of a chain with so many lanes; one that goes on with a chain need not begin with a beat.

    Raises PlanError.

    Steps are parted by commas; each is `action`, `action:argument`, and `@A` or `@A+B` for some lanes alone. Commas,
    colons and @ within quotes, braces and brackets belong to the argument.
    """
    steps = tuple(_step(part.strip(), lane_count) for part in _split(text, ","))
    if goes_on:
        return steps
    if not any(step.action == BEAT for step in steps):
        raise PlanError("the chain has no `beat`; begin it with one, such as `beat, delete-store, beat`")
    if steps[0].action != BEAT:
        raise PlanError(f"there is no session before the first beat; put `beat` before `{steps[0].action}`")
    return steps


def _step(text: str, lane_count: int) -> PlannedStep:
    if not text:
        raise PlanError("a step is empty; take one comma out, or write an action between the two")
    said, *places = _split(text, "@")
    if len(places) > 1:
        raise PlanError(f"`{text}` names lanes twice; write them once, such as @A+B")
    found = _STEP.fullmatch(said.strip())
    if found is None:
        raise PlanError(f"`{text}` is no step; write action, action:argument or action@A")
    action, argument = found["action"].lower(), (found["argument"] or "").strip() or None
    _refuse_unknown(action)
    lanes = _lanes(places[0], lane_count) if places else None
    step = PlannedStep(action, argument, lanes)
    _refuse_misfit(step, text)
    return step


def _refuse_unknown(action: str) -> None:
    known = [BEAT, *(each.key for each in MANIPULATIONS)]
    if action in known:
        return
    near = get_close_matches(action, known, n=1)
    hint = f"did you mean `{near[0]}`?" if near else f"known are: {', '.join(known)}"
    raise PlanError(f"there is no action `{action}`; {hint}")


def _refuse_misfit(step: PlannedStep, text: str) -> None:
    if step.action == BEAT:
        if step.argument is not None:
            raise PlanError(f"`beat` takes no argument; leave `:{step.argument}` out")
        return
    chosen = manipulation(step.action)
    if chosen.reach == "chain" and step.lanes is not None:
        raise PlanError(f"`{step.action}` is done to the whole console; leave the lane out of `{text}`")
    if step.argument is not None and not chosen.argument:
        raise PlanError(f"`{step.action}` takes no argument; leave `:{step.argument}` out")
    if step.action in _FROM_A_LANE and (step.lanes is None or len(step.lanes) > 1):
        raise PlanError(f"`{step.action}` needs the lane that gets the session; write {step.action}:A@B")
    if step.action in _FOR_A_TIME and step.argument is not None and not duration_s(step.argument):
        raise PlanError(f"`{step.argument}` is no duration; write for example {_FOR_A_TIME[step.action]}")


def _lanes(text: str, lane_count: int) -> tuple[int, ...]:
    known = LETTERS[:lane_count]
    named = [name.strip().upper() for name in text.split("+")]
    unknown = [name for name in named if len(name) != 1 or name not in known]
    if unknown:
        raise PlanError(f"there is no lane `{unknown[0]}`; the lanes are {', '.join(known)}")
    return tuple(sorted({known.index(name) for name in named}))


def _split(text: str, separator: str) -> Iterator[str]:
    """The parts between separators that stand outside of quotes and brackets. Raises PlanError."""
    depth, is_quoted, is_escaped, part = 0, False, False, ""
    for character in text:
        if is_quoted:
            is_quoted = is_escaped or character != _QUOTE
            is_escaped = character == "\\" and not is_escaped
        elif character == _QUOTE:
            is_quoted = True
        elif character in _OPENING:
            depth += 1
        elif character in _CLOSING:
            depth -= 1
        elif character == separator and depth == 0:
            yield part
            part = ""
            continue
        part += character
    if depth != 0 or is_quoted:
        raise PlanError(f"a quote or bracket in `{text.strip()}` is not closed; close it")
    yield part
