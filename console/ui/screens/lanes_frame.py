"""Title line of the lanes screen, and which of its actions can do something."""

from __future__ import annotations

from adapters.scenario import Scenario
from console.ui.engine_port import MAX_LANES
from console.ui.lanes_state import LETTERS, LanesState
from console.ui.text import EMPTY, SafeText, foreign, join, own, styled, words


def title(state: LanesState, scenario: Scenario | None) -> SafeText:
    """Scenario, beat, and how it was started."""
    beats = len(scenario.beats) if scenario is not None else 1
    runs = [lane.snapshot.run for lane in state.lanes if lane.snapshot.run is not None]
    beat = max((run.beat_index for run in runs), default=0)
    parts = [
        styled(foreign(state.scenario), "bold"),
        words("beat {k} of {n}", k=beat, n=max(beats, beat)) if beat else _beats(beats),
        _kind(state),
        own(state.bridge_mode),
        EMPTY if state.model_mode == "scripted" else own(state.model_mode, "$warning"),
    ]
    return join([own("Sidebeat", "bold $primary"), join(parts, " · ")], "  ")


def _beats(count: int) -> SafeText:
    return own("1 beat") if count == 1 else words("{n} beats", n=count)


def _kind(state: LanesState) -> SafeText:
    if state.launch is None:
        return EMPTY
    if state.launch.kind == "race":
        return own("live race · not timed", "$warning")
    letters = " ".join(LETTERS[: len(state.lanes)])
    return join([own("sequence"), foreign(letters)], " ")


def right_end(state: LanesState, database: str, width: int) -> SafeText:
    """The database where there is room, and the phases met."""
    parts: list[SafeText] = []
    if width >= 120:
        parts.append(styled(foreign(database), "$text-muted"))
    if state.phases_met is not None:
        met, total = state.phases_met
        parts.append(
            words("phases {met} of {total} met", met=met, total=total)
            if width >= 100
            else words("phases {met}/{total}", met=met, total=total)
        )
    return join(parts, "   ")


def is_available(state: LanesState, action_id: str, *, experimental_enabled: bool) -> bool:
    """Whether an action of the lanes screen can do something in this state."""
    running, lane_count = state.running, len(state.lanes)
    is_free = state.active not in running and (bool(running) or not state.is_busy)
    active_run = state.active_lane.snapshot.run
    answers = {
        "start_sequence": not state.is_busy,
        "start_race": not state.is_busy and lane_count > 1,
        "start_lane": is_free,
        "next_beat": not state.is_busy and state.has_issues,
        "fresh_beat": not state.is_busy and state.has_issues,
        "next_beat_of_lane": is_free and active_run is not None,
        "cancel": bool(running),
        "pick_scenario": not running,
        "pick_runtime": state.active not in running,
        "add_lane": lane_count < MAX_LANES,
        "remove_lane": lane_count > 1 and (lane_count - 1) not in running,
        "next_lane": lane_count > 1,
        "previous_lane": lane_count > 1,
        "zoom_lane": lane_count > 1,
        "open_run": active_run is not None,
        "toggle_raw": active_run is not None,
        "expand_rows": active_run is not None,
        "follow": active_run is not None,
        "enable_experimental": not experimental_enabled,
    }
    return answers.get(action_id, True)
