"""The lanes of a chain as text: beats with their verdicts, and between them what was done to the session."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, LiteralString

from console.engine.chain import ChainBeat, ChainLane, ChainManipulation, manipulation
from console.engine.chain.manipulation import LETTERS
from console.engine.chain.session_names import short_session
from console.engine.events import Step
from console.engine.lane_state import FINAL_STATUSES
from console.ui.layout import stacked
from console.ui.resume_words import verdict_mark
from console.ui.run_words import status_mark
from console.ui.text import EMPTY, SafeText, foreign, join, own, spread, styled, words
from store.records import ResumeVerdictRecord

ONE_LINE_FROM_CELLS: Final = 120
"""From this width on a lane's name stands beside its beats, else above them."""

_NAME_CELLS: Final = 32

_CHOSEN: Final[LiteralString] = "bold $background on $primary"


@dataclass(frozen=True, slots=True)
class LaneLook:
    """How a lane is shown: whether the keys apply to it, which beat is chosen, and what is heard of one that runs."""

    is_active: bool
    chosen_beat: int | None = None
    """Index into the lane's beats."""
    steps: Mapping[str, Step] = field(default_factory=dict[str, Step])
    """Where a running beat stands, by run id."""
    verdicts: Mapping[str, ResumeVerdictRecord] = field(default_factory=dict[str, ResumeVerdictRecord])
    """Told while a beat runs, by run id."""
    doing: SafeText = EMPTY
    """A manipulation under way."""


def lane_block(lane: ChainLane, look: LaneLook, width_cells: int, *, experimental: bool) -> SafeText:
    """The lane's name, session and beats, as lines of this width."""
    parts = list(_parts(lane, look))
    if width_cells >= ONE_LINE_FROM_CELLS:
        rows = _flow(parts, width_cells - _NAME_CELLS - 1)
        name = _name(lane, look, experimental=experimental)
        first = spread(name, EMPTY, _NAME_CELLS)
        gap = spread(EMPTY, EMPTY, _NAME_CELLS)
        below = spread(join([own("  "), _session(lane)]), EMPTY, _NAME_CELLS)
        leads = [first, below, *([gap] * len(rows))]
        rows = [*rows, *([EMPTY] * (2 - len(rows)))]
        return stacked([join([lead, row], " ") for lead, row in zip(leads, rows, strict=False)])
    head = spread(_name(lane, look, experimental=experimental), _session(lane), width_cells)
    return stacked([head, *(join([own("  "), row]) for row in _flow(parts, width_cells - 2))])


def _name(lane: ChainLane, look: LaneLook, *, experimental: bool) -> SafeText:
    style: LiteralString = "bold $primary" if look.is_active else "bold"
    mark = own("▌", "$primary") if look.is_active else own(" ")
    letter = foreign(LETTERS[lane.lane_index], style)
    key = foreign(lane.runtime_key, "$secondary" if experimental else "$foreground")
    return join([join([mark, letter]), key], " ")


def _session(lane: ChainLane) -> SafeText:
    if lane.session is None:
        return own("no session stored", "$text-muted") if lane.beats else EMPTY
    shown = short_session(lane.session.session_params_json, lane.session.agent_id) or "?"
    return join([own("session", "$text-muted"), foreign(shown)], " ")


def _parts(lane: ChainLane, look: LaneLook) -> Iterator[SafeText]:
    """What must not be broken by a line: beats, links."""
    if not lane.items:
        yield own("no beat yet: b starts one in every lane, B in this one", "$text-muted")
    done: list[ChainManipulation] = []
    number = 0
    for item in lane.items:
        if isinstance(item, ChainManipulation):
            done.append(item)
            continue
        if number:
            yield _link(done, item)
        yield _beat(item, look, is_chosen=look.is_active and look.chosen_beat == number)
        number += 1
        done = []
    if any(item.step.state != "refused" for item in done):
        yield _link(done, None)
    if look.doing:
        yield join([own("●", "$primary"), look.doing], " ")
    if lane.fallbacks:
        yield _fallbacks(lane)


def _beat(beat: ChainBeat, look: LaneLook, *, is_chosen: bool) -> SafeText:
    run_id = beat.run.id if beat.run is not None else ""
    name = words("beat {n}", n=beat.beat_index) if beat.beat_index else own("beat")
    verdict = beat.verdict or look.verdicts.get(run_id)
    parts = [styled(name, _CHOSEN) if is_chosen else name]
    if verdict is None or verdict.verdict != "failed":
        parts.append(status_mark(beat.status))
    if verdict is not None:
        parts.append(verdict_mark(verdict.verdict))
    elif beat.status not in FINAL_STATUSES and run_id in look.steps:
        parts.append(foreign(str(look.steps[run_id].value), "$text-muted"))
    return join(parts, " ")


def _link(done: Sequence[ChainManipulation], to: ChainBeat | None) -> SafeText:
    told = [item for item in done if item.step.state != "refused"]
    if told:
        names = join([_past(item) for item in told], ", ")
        return join([own("──[", "$text-muted"), names, own("]──▸", "$text-muted")])
    run = to.run if to is not None else None
    if run is None or run.status == "queued":
        return own("────▸", "$text-muted")
    session = short_session(run.session_before_json, run.agent_id)
    if session is None:
        return own("──no session──▸", "$text-muted")
    return join([own("──", "$text-muted"), foreign(session, "$text-muted"), own("──▸", "$text-muted")])


def _past(item: ChainManipulation) -> SafeText:
    past = foreign(manipulation(item.step.action).past, "$accent")
    return join([past, own(" failed", "$error")]) if item.step.state == "failed" else past


def _fallbacks(lane: ChainLane) -> SafeText:
    if lane.fresh_in_a_row > 1:
        return words("{n} fallbacks in a row", "$warning", n=lane.fresh_in_a_row)
    counted = own("1 fallback") if lane.fallbacks == 1 else words("{n} fallbacks", n=lane.fallbacks)
    then = own("then?") if lane.after_fallback is None else join([own("then"), own(lane.after_fallback)], " ")
    return styled(join([counted, then], ", "), "$text-muted")


def _flow(parts: Sequence[SafeText], width_cells: int) -> list[SafeText]:
    """The parts on as few lines as hold them, each whole."""
    rows: list[SafeText] = []
    for part in parts:
        longer = join([rows[-1], part], " ") if rows else part
        if rows and longer.cell_length <= width_cells:
            rows[-1] = longer
        else:
            rows.append(part)
    return rows or [EMPTY]
