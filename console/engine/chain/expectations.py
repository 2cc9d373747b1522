"""What a chain is expected to show: the verdict of each beat after the first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import get_args

from console.engine.chain.grammar import PlanError
from console.engine.chain.manipulation import LETTERS
from console.engine.chain.reading import ChainLane, ChainView
from store.records import ResumeWord

ANY = "any"
"""Stands for a beat whose verdict does not matter."""

_WORDS = (*get_args(ResumeWord), ANY)


@dataclass(frozen=True, slots=True)
class ExpectedVerdicts:
    """The verdict words of a lane's beats from the second on; `lane_index` is None for every lane."""

    words: tuple[str, ...]
    lane_index: int | None = None


def parse_expectation(text: str, lane_count: int) -> ExpectedVerdicts:
    """`native,fresh` for every lane, `native,fresh@B` for one. Raises PlanError."""
    listed, at, lane = text.partition("@")
    words = tuple(word.strip().lower() for word in listed.split(","))
    for word in words:
        if word not in _WORDS:
            near = get_close_matches(word, _WORDS, n=1)
            hint = f"did you mean `{near[0]}`?" if near else f"known are: {', '.join(_WORDS)}"
            raise PlanError(f"`{word}` is no verdict; {hint}")
    if not at:
        return ExpectedVerdicts(words)
    known = LETTERS[:lane_count]
    name = lane.strip().upper()
    if len(name) != 1 or name not in known:
        raise PlanError(f"there is no lane `{lane.strip()}`; the lanes are {', '.join(known)}")
    return ExpectedVerdicts(words, known.index(name))


def broken_expectations(view: ChainView, expected: Sequence[ExpectedVerdicts]) -> list[str]:
    """A sentence for each lane that shows something else; what is said of one lane goes before what is said of all."""
    sentences: list[str] = []
    for lane in view.lanes:
        own = [each for each in expected if each.lane_index == lane.lane_index]
        general = [each for each in expected if each.lane_index is None]
        for each in own or general:
            sentence = _broken(lane, each)
            if sentence is not None:
                sentences.append(sentence)
    return sentences


def _broken(lane: ChainLane, expected: ExpectedVerdicts) -> str | None:
    seen = [beat.word or "not judged" for beat in lane.beats[1:]]
    fits = len(seen) == len(expected.words) and all(
        word in (ANY, found) for word, found in zip(expected.words, seen, strict=True)
    )
    if fits:
        return None
    shown = ", ".join(seen) or "no beat after the first"
    return f"lane {LETTERS[lane.lane_index]} ({lane.runtime_key}): expected {', '.join(expected.words)}; seen {shown}"
