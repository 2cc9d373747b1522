"""Why a verdict is what it is, in one sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from console.engine.resume.evidence import EarlierBeat, FoundMarker, JudgedBeat, PlantedIn, Standing
from store.records import ResumeWord

SHOWN_CHARACTERS = 48

_PLACES: dict[PlantedIn, str] = {"prompt": "prompt", "tool_result": "tool result", "reply": "reply"}
_STANDINGS: dict[Standing, tuple[str, str]] = {
    "message": ("stands as an earlier message of its own", "stand as earlier messages of their own"),
    "quoted": ("stands only as quoted text", "stand only as quoted text"),
    "after a call": ("came only by a tool call of this beat", "came only by tool calls of this beat"),
    "absent": ("did not reach the model", "did not reach the model"),
}
"""Of one marker, and of several."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found, for the sentence."""

    earlier: EarlierBeat
    beat: JudgedBeat
    markers: Sequence[FoundMarker]
    remark: str | None
    earlier_messages: int
    is_shortened: bool
    compaction: str | None


def reason(word: ResumeWord, finding: Finding) -> str:
    """One sentence; it quotes the scenario, the adapter and the agent, so it is foreign text."""
    return "; ".join(part for part in _parts(word, finding) if part)


def _parts(word: ResumeWord, finding: Finding) -> Iterator[str]:
    beat, request = finding.beat, finding.beat.first_request
    if word == "failed":
        yield _failure(finding)
    else:
        yield _what_stands(finding.markers)
        if finding.compaction is not None:
            yield f"the agent compacted the history itself ({finding.compaction})"
        elif finding.is_shortened:
            before = len([message for message in finding.earlier.last_request.messages if message.role != "system"])
            now = finding.earlier_messages
            yield f"the history is shorter than before ({now} messages, was {before}) without a word of compaction"
        if word == "fresh" and beat.why_fresh:
            yield beat.why_fresh
        if request is not None and request.problem:
            yield request.problem
    if finding.earlier.skipped:
        skipped = finding.earlier.skipped
        beats = f"beat{'s' if len(skipped) > 1 else ''} {', '.join(map(str, skipped))}"
        yield f"{beats} between came to no request, so beat {finding.earlier.beat} is what could be resumed"
    if finding.remark is not None and word != "failed":
        yield finding.remark


def _failure(finding: Finding) -> str:
    request = finding.beat.first_request
    if request is not None:
        return f"the first request holds no messages: {request.problem or 'its list is empty'}"
    why = (finding.beat.failure or "").rstrip(". ")
    return "no request of the conversation reached the model endpoint" + (f": {why}" if why else "")


def _what_stands(markers: Sequence[FoundMarker]) -> str:
    if not markers:
        return "nothing is known by which the earlier beat could be told again, so its unchanged messages decide"
    total = len(markers)
    thing = "canary" if markers[0].is_canary else "text"
    things = {"canary": "canaries", "text": "texts"}[thing]
    said: list[str] = []
    for standing, (one, several) in _STANDINGS.items():
        here = [marker for marker in markers if marker.standing == standing]
        if not here:
            continue
        subject = f"{len(here)} of {total} {thing if total == 1 else things}" if not said else str(len(here))
        said.append(f"{subject} {one if len(here) == 1 else several}: {', '.join(map(_place, here))}")
    return "; ".join(said)


def _place(marker: FoundMarker) -> str:
    text = marker.text if len(marker.text) <= SHOWN_CHARACTERS else f"{marker.text[:SHOWN_CHARACTERS]}…"
    planted = f"{text} ({_PLACES[marker.planted_in]} of beat {marker.beat})"
    if marker.message_index is None:
        return planted
    return f"{planted} in {marker.role} message {marker.message_index + 1}"
