"""A chain as text for a terminal or a pipe: its lanes, and what the model saw."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from console.engine.chain.actions import manipulation
from console.engine.chain.manipulation import LETTERS
from console.engine.chain.reading import ChainBeat, ChainItem, ChainLane, ChainView
from console.engine.chain.session_names import short_session
from console.engine.chain.shapes import RequestShape
from console.engine.lane_state import FINAL_STATUSES

_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def chain_lines(view: ChainView, shapes: Mapping[str, RequestShape]) -> Iterator[str]:
    """The whole chain, line by line."""
    chain = view.chain
    yield f"Resume bench   chain {chain.number} · {chain.scenario} · {chain.bridge_mode}"
    width = max(len(lane.runtime_key) for lane in view.lanes)
    for lane in view.lanes:
        yield f" {LETTERS[lane.lane_index]} {lane.runtime_key.ljust(width)}  {lane_line(lane)}"
    longest = max((len(lane.beats) for lane in view.lanes), default=0)
    for number in range(longest):
        yield f" what the model saw at beat {number + 1}"
        for lane in view.lanes:
            yield from _seen(lane, number, shapes)
    refused = [step for step in view.steps if step.state in ("refused", "failed") and step.run_id is None]
    for step in refused:
        yield f" {step.state} in lane {LETTERS[step.lane_index]}: {step.action}: {step.statement}"


def lane_line(lane: ChainLane) -> str:
    """`beat 1 ✔ ──session 01a2…──▸ beat 2 ✔ native`: beats, and what was done between them."""
    parts: list[str] = []
    done: list[ChainItem] = []
    for item in lane.items:
        if not isinstance(item, ChainBeat):
            done.append(item)
            continue
        if parts:
            parts.append(_link(done, item))
        parts.append(_beat(item))
        done = []
    if done:
        parts.append(_link(done, None))
    return " ".join([*parts, *_fallbacks(lane)])


def _beat(beat: ChainBeat) -> str:
    sign = {"succeeded": "✔"}.get(beat.status, "✖" if beat.status in FINAL_STATUSES else "●")
    return " ".join(filter(None, [f"beat {beat.beat_index}", sign, beat.word]))


def _link(done: list[ChainItem], to: ChainBeat | None) -> str:
    past = [manipulation(item.step.action).past for item in done if item.step.state == "done"]
    if past:
        return f"──[{', '.join(past)}]──▸"
    run = to.run if to is not None else None
    session = short_session(run.session_before_json, run.agent_id) if run is not None else None
    return f"──session {session}──▸" if session else "──no session──▸"


def _fallbacks(lane: ChainLane) -> Iterator[str]:
    if lane.fresh_in_a_row > 1:
        yield f"  {lane.fresh_in_a_row} fallbacks in a row"
    elif lane.fallbacks:
        counted = "1 fallback" if lane.fallbacks == 1 else f"{lane.fallbacks} fallbacks"
        yield f"  {counted}, then {lane.after_fallback}" if lane.after_fallback else f"  {counted}, then?"


def _seen(lane: ChainLane, number: int, shapes: Mapping[str, RequestShape]) -> Iterator[str]:
    beat = lane.beats[number] if number < len(lane.beats) else None
    if beat is None or beat.run is None:
        return
    shape = shapes.get(beat.run.id)
    told = shape_line(shape) if shape is not None else "no request came"
    yield f"   {LETTERS[lane.lane_index]}: {told}"
    if beat.verdict is not None:
        yield f"      {beat.verdict.verdict}: {beat.verdict.reason}"
    if beat.run.fresh_session_reason:
        yield f"      Paperclip's rule did not hand the session over: {beat.run.fresh_session_reason}"


def shape_line(shape: RequestShape) -> str:
    """`system, user¹, assistant¹, tool¹`; a long user message with its opening and its size."""
    return ", ".join(
        f"{message.role}(“{message.opening}…” {message.wire_bytes / 1_000:.1f} kB)"
        if message.is_long
        else f"{message.role}{_ordinal(message.role, message.ordinal)}"
        for message in shape.messages
    )


def _ordinal(role: str, ordinal: int) -> str:
    return "" if role == "system" else str(ordinal).translate(_SUPERSCRIPTS)
