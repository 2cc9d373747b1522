"""Texts by which an earlier turn is known again, and where in a request they stand."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from console.engine.resume.evidence import (
    EarlierBeat,
    FoundMarker,
    JudgedBeat,
    Marker,
    PlantedIn,
    SeenRequest,
    Standing,
)
from console.engine.resume.messages import Message, Role

_TELLING_CHARACTERS: Final = 160
"""So much of a longer line is looked for: a retelling may cut it."""

_ROLE_OF: Final[dict[PlantedIn, Role]] = {"prompt": "user", "tool_result": "tool", "reply": "assistant"}
"""Who brought a marker before the model when it was planted."""

_BRINGERS: Final[dict[PlantedIn, frozenset[Role]]] = {
    "prompt": frozenset({"user", "tool"}),
    "tool_result": frozenset({"user", "tool"}),
    "reply": frozenset({"user", "assistant"}),
}
"""Whose messages count for it: what the model said itself proves nothing of what it was told."""


@dataclass(frozen=True, slots=True)
class ChosenMarkers:
    """What is looked for, and why just that."""

    markers: tuple[Marker, ...]
    remark: str | None = None


def chosen_markers(earlier: EarlierBeat, canaries: Sequence[Marker]) -> ChosenMarkers:
    """The canaries that the earlier beat's model had; where it had none, that beat's own prompt and replies."""
    planted = [canary for canary in canaries if canary.beat <= earlier.beat]
    held = tuple(marker for marker in planted if _is_held(marker, earlier.last_request.messages))
    if held:
        return ChosenMarkers(held)
    own = (Marker(telling_line(earlier.prompt), earlier.beat, "prompt", is_canary=False), *_said(earlier))
    serving = tuple(marker for marker in own if marker.text and _is_held(marker, earlier.last_request.messages))
    if planted:
        why = f"beat {earlier.beat} had no canary any more"
    else:
        why = f"the scenario plants no canary before beat {earlier.beat + 1}"
    return ChosenMarkers(serving, f"{why}, so the prompt and the replies of beat {earlier.beat} serve")


def telling_line(text: str) -> str:
    """The longest line of a text, cut: escapes and retellings leave it whole more often than a text of many lines."""
    return max((line.strip() for line in text.splitlines()), key=len, default="")[:_TELLING_CHARACTERS]


def find_markers(earlier: EarlierBeat, beat: JudgedBeat, markers: Sequence[Marker]) -> tuple[FoundMarker, ...]:
    """Where each marker stands in the beat's first request."""
    request = beat.first_request
    if request is None:
        return tuple(_found(marker, "absent", None, None) for marker in markers)
    search = _Search(earlier, beat, request, tuple(markers))
    return tuple(search.find(marker) for marker in markers)


def newest_turn(messages: Sequence[Message], prompt: str) -> int:
    """Where the beat's own turn begins: the last user message with its prompt, else the last user message."""
    users = [index for index, message in enumerate(messages) if message.role == "user"]
    line = telling_line(prompt)
    asking = [index for index in users if line and holds(messages[index].text, line)]
    return (asking or users or [len(messages)])[-1]


def holds(text: str, wanted: str) -> bool:
    """Whether a text holds another, as it is or as JSON within JSON."""
    return any(form in text for form in _forms(wanted))


def _forms(text: str) -> Iterator[str]:
    yield text
    for is_ascii in (False, True):
        form = text
        for _ in range(2):
            form = json.dumps(form, ensure_ascii=is_ascii)[1:-1]
            yield form


def _is_held(marker: Marker, messages: Sequence[Message]) -> bool:
    bringers = _BRINGERS[marker.planted_in]
    return any(message.role in bringers and holds(message.everything, marker.text) for message in messages)


def _said(earlier: EarlierBeat) -> Iterator[Marker]:
    seen: set[str] = set()
    for reply in earlier.replies:
        line = telling_line(reply)
        if line and line not in seen:
            seen.add(line)
            yield Marker(line, earlier.beat, "reply", is_canary=False)


@dataclass(frozen=True, slots=True)
class _Search:
    earlier: EarlierBeat
    beat: JudgedBeat
    request: SeenRequest
    markers: tuple[Marker, ...]

    def find(self, marker: Marker) -> FoundMarker:
        """As an earlier message of its own, else within another, else in what a tool returned later in the beat."""
        start = newest_turn(self.request.messages, self.beat.prompt)
        for index, message in enumerate(self.request.messages[:start]):
            if holds(message.everything, marker.text) and self._is_its_own(marker, message):
                return _found(marker, "message", index, message.role)
        for index, message in enumerate(self.request.messages):
            if holds(self._without_the_prompt(message, index, start), marker.text):
                return _found(marker, "quoted", index, message.role)
        called = any(self._came_by_a_call(marker, request) for request in self.beat.later_requests)
        return _found(marker, "after a call" if called else "absent", None, None)

    def _is_its_own(self, marker: Marker, message: Message) -> bool:
        """The very message that the earlier beat had; or one of the right speaker, which retells nothing else."""
        if message.role not in _BRINGERS[marker.planted_in]:
            return False
        if message.likeness in {known.likeness for known in self.earlier.last_request.messages}:
            return True
        others = [other.text for other in self.markers if other.planted_in != marker.planted_in]
        others += map(telling_line, self.earlier.replies if marker.planted_in != "reply" else ())
        retells = any(text and holds(message.everything, text) for text in others)
        return message.role == _ROLE_OF[marker.planted_in] and not retells

    def _without_the_prompt(self, message: Message, index: int, start: int) -> str:
        """What is left to be a quotation: not what the beat itself asks, nor a system prompt that was there before."""
        text, prompt = message.everything, self.beat.prompt
        if message.role == "system":
            known = {old.likeness for old in self.earlier.last_request.messages}
            return "" if message.likeness in known else text.replace(prompt, "") if prompt else text
        if index < start or not prompt:
            return text
        before, _, after = text.rpartition(prompt)
        return before + after

    def _came_by_a_call(self, marker: Marker, request: SeenRequest) -> bool:
        """Whether a tool of this beat returned it before the model said it; a file may hold what tools planted."""
        if marker.planted_in != "prompt":
            return False
        own_turn = request.messages[newest_turn(request.messages, self.beat.prompt) :]
        holding = [message.role for message in own_turn if holds(message.everything, marker.text)]
        return holding[:1] == ["tool"]


def _found(marker: Marker, standing: Standing, index: int | None, role: Role | None) -> FoundMarker:
    return FoundMarker(marker.text, marker.beat, marker.planted_in, marker.is_canary, standing, index, role)
