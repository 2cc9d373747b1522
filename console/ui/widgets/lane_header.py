"""The lines above a lane's transcript: what runs there, how far it is, what it costs, what became of its session."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, LiteralString

from adapters.catalogue import RuntimeDefinition
from console.engine.clock import epoch_of
from console.engine.events import Step
from console.engine.lane_state import FINAL_STATUSES, LaneSnapshot
from console.ui.figures import run_state, seconds, size
from console.ui.lanes_state import LETTERS, Lane, LanesState
from console.ui.resume_view import SESSION_ACTIONS
from console.ui.resume_words import short_id, verdict_mark, verdict_summary
from console.ui.text import EMPTY, SafeText, fit, foreign, join, own, spread, styled, words
from store.records import ResumeVerdictRecord, RunRecord, SessionEventRecord

_STEP_LABELS: Final[Mapping[Step, LiteralString]] = {
    Step.ROOT: "root",
    Step.ENDPOINT: "endpoint",
    Step.BRIDGE: "bridge",
    Step.SPAWNED: "spawn",
    Step.FIRST_REQUEST: "req",
    Step.RESULT: "result",
}

_DISPENSABLE_STEPS: Final = (Step.ENDPOINT, Step.BRIDGE, Step.ROOT)
"""Steps that a narrow lane leaves out, in this order."""

_GAP: Final[LiteralString] = "  "
_WIDE_CELLS: Final = 48


def heading(state: LanesState, index: int, width: int, now_epoch_s: float) -> SafeText:
    """The lane's letter and runtime at the left, its state and time at the right."""
    lane = state.lanes[index]
    is_active = index == state.active
    letter = styled(foreign(f" {LETTERS[index]} "), "bold $background on $primary" if is_active else "bold $text-muted")
    name = styled(foreign(lane.runtime_key), "bold" if is_active else "$text-muted")
    return spread(join([letter, name], " "), join([_state(lane, now_epoch_s), own(" ")]), width)


def _state(lane: Lane, now_epoch_s: float) -> SafeText:
    run = lane.snapshot.run
    if run is None:
        return run_state("")
    elapsed = elapsed_s(run, now_epoch_s)
    return join([run_state(run.status), EMPTY if elapsed is None else seconds(elapsed)], " ")


def elapsed_s(run: RunRecord, now_epoch_s: float) -> float | None:
    """How long the run took, or has taken until now."""
    if run.started_at is None:
        return None
    end = now_epoch_s if run.finished_at is None else epoch_of(run.finished_at)
    return end - epoch_of(run.started_at)


def details(state: LanesState, index: int, runtime: RuntimeDefinition | None, width: int) -> SafeText:
    """Four lines, always: who, when, how much, which session."""
    lane = state.lanes[index]
    snapshot = lane.snapshot
    lines = [
        _who(state, lane, runtime, width),
        _steps(state, snapshot, width),
        _cost(snapshot, width),
        _session(snapshot, width),
    ]
    return join([fit(line, width) or own(" ") for line in lines], "\n")


def _who(state: LanesState, lane: Lane, runtime: RuntimeDefinition | None, width: int) -> SafeText:
    run, issue = lane.snapshot.run, state.issue_of(lane)
    parts = [
        EMPTY if issue is None else foreign(issue.identifier),
        EMPTY if run is None or width < _WIDE_CELLS else words("beat {k}", k=run.beat_index),
    ]
    experimental = EMPTY
    if runtime is not None:
        place = own("VM") if runtime.where == "vm" else own("host")
        parts += [foreign(f"{runtime.agent.family} {runtime.agent.version}"), place]
        experimental = own("EXPERIMENTAL", "bold $warning") if runtime.experimental else EMPTY
    return spread(styled(join(parts, " · "), "$text-muted"), experimental, width)


def _steps(state: LanesState, snapshot: LaneSnapshot, width: int) -> SafeText:
    if state.is_race and snapshot.run is not None:
        return own("not timed: the lanes share the machine", "$text-muted")
    took = {step: ms for step, ms in snapshot.step_took_ms if step in _STEP_LABELS}
    if not took:
        return own("no times yet", "$text-disabled")
    line = _step_times(took)
    for step in _DISPENSABLE_STEPS:
        if line.cell_length > width:
            took.pop(step, None)
            line = _step_times(took)
    return line


def _step_times(took_ms: Mapping[Step, float]) -> SafeText:
    figures = [
        join([own(_STEP_LABELS[step], "$text-muted"), words("{ms:,.0f}", ms=ms)], " ") for step, ms in took_ms.items()
    ]
    return join([join(figures, _GAP), own("ms", "$text-muted")], " ")


def _fitting(parts: Iterable[SafeText], width: int) -> SafeText:
    """The parts from the left, as many as fit."""
    line = EMPTY
    for part in parts:
        longer = join([line, part], _GAP)
        if longer.cell_length > width:
            break
        line = longer
    return line


def _cost(snapshot: LaneSnapshot, width: int) -> SafeText:
    if not snapshot.requests and snapshot.sample is None:
        return own("no model request yet", "$text-disabled")
    tokens = _labelled(words("{n}", n=snapshot.input_tokens), "in")
    parts = [tokens, _labelled(words("{n}", n=snapshot.output_tokens), "out")]
    if snapshot.sample is not None:
        processes: LiteralString = "proc" if snapshot.sample.process_count == 1 else "procs"
        parts += [
            size(snapshot.peak_rss_bytes),
            _labelled(words("{s:.1f} s", s=snapshot.sample.cpu_seconds), "cpu"),
            _labelled(words("{n}", n=snapshot.sample.process_count), processes),
        ]
    return _fitting(parts, width)


def _labelled(figure: SafeText, label: LiteralString) -> SafeText:
    return join([figure, own(label, "$text-muted")], " ")


def _session(snapshot: LaneSnapshot, width: int) -> SafeText:
    change = snapshot.session_change
    if snapshot.verdict is not None:
        return _resumed(snapshot.verdict, change if width >= _WIDE_CELLS else None)
    if change is not None:
        action, style = SESSION_ACTIONS.get(change.action, ("· changed", "$text-muted"))
        return join([_session_name(change), own(action, style), styled(foreign(change.reason), "$text-muted")], " ")
    if snapshot.run is None:
        return own("no session", "$text-disabled")
    if snapshot.run.fresh_session_reason:
        return join([own("fresh session:"), styled(foreign(snapshot.run.fresh_session_reason), "$text-muted")], " ")
    if snapshot.run.session_before_json:
        return own("resumes the stored session", "$text-muted")
    return own("no session before", "$text-muted")


def _resumed(verdict: ResumeVerdictRecord, change: SessionEventRecord | None) -> SafeText:
    """What stands between the beat before and this one, and what became of the session."""
    parts = [verdict_mark(verdict.verdict), verdict_summary(verdict)]
    if change is None:
        return join(parts, " ")
    action, style = SESSION_ACTIONS.get(change.action, ("· changed", "$text-muted"))
    return join([_session_name(change), *parts, own(action, style)], " ")


def _session_name(change: SessionEventRecord) -> SafeText:
    if not change.session_display_id:
        return own("session", "$text-muted")
    return join([own("session", "$text-muted"), short_id(change.session_display_id)], " ")


def outcome(lane: Lane) -> SafeText:
    """What to know of a finished run: a failure's sentence, and where Paperclip's rule and the console disagree."""
    run = lane.snapshot.run
    if run is None or run.status not in FINAL_STATUSES:
        return EMPTY
    parts: list[SafeText] = []
    if run.upstream_status and run.observed_status and run.upstream_status != run.observed_status:
        upstream, observed = foreign(run.upstream_status), foreign(run.observed_status)
        parts.append(
            words("upstream {upstream} ≠ observed {observed}", "$warning", upstream=upstream, observed=observed)
        )
    if run.error_message:
        code = f"{run.error_code}: " if run.error_code else ""
        parts.append(join([own("✖ "), foreign(f"{code}{run.error_message}")]))
        parts[-1] = styled(parts[-1], "$error")
    if run.outcome_reason:
        parts.append(styled(foreign(run.outcome_reason), "$text-muted"))
    return join(parts, "\n")
