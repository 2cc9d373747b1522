"""How a session and what a beat resumed of it are said on the screen."""

from __future__ import annotations

import re
from typing import Final, LiteralString

from console.engine.resume.evidence import FoundMarker, Standing, markers_of
from console.ui.text import EMPTY, SafeText, foreign, join, own, words
from store.records import ResumeVerdictRecord, ResumeWord

VERDICTS: Final[dict[ResumeWord, tuple[LiteralString, LiteralString]]] = {
    "native": ("◄ native ►", "$success"),
    "recap": ("≈ recap", "$warning"),
    "fresh": ("◇ fresh", "$secondary"),
    "failed": ("✖ failed", "$error"),
}
"""Sign and word of a verdict, and their style."""

_STANDINGS: Final[dict[Standing, tuple[LiteralString, LiteralString]]] = {
    "message": ("✔ a message of its own", "$success"),
    "quoted": ("≈ quoted", "$warning"),
    "after a call": ("↷ by a tool call", "$warning"),
    "absent": ("✖ absent", "$error"),
}


_FILE_NAMED_AFTER_TIME: Final = re.compile(r"\d{4}-\d\d-\d\dT(\d\d)-(\d\d)-(\d\d)")


def verdict_mark(word: ResumeWord) -> SafeText:
    """`◄ native ►`, in its colour."""
    text, style = VERDICTS[word]
    return own(text, style)


def verdict_summary(verdict: ResumeVerdictRecord) -> SafeText:
    """In a few words, for one line."""
    if verdict.verdict == "failed":
        return own("no request reached the model")
    if verdict.verdict == "fresh":
        return own("no earlier turn reached the model")
    if verdict.verdict == "recap":
        return join([_quoted(markers_of(verdict.canaries_json)), _tokens(verdict.added_tokens)], ", ")
    if verdict.compaction is not None:
        return words("compacted by the agent, {n} earlier messages kept", n=verdict.kept_messages)
    return words("{n} earlier messages kept", n=verdict.kept_messages)


def _quoted(markers: tuple[FoundMarker, ...]) -> SafeText:
    places = {(marker.role, marker.message_index) for marker in markers if marker.standing == "quoted"}
    own_count = sum(marker.standing == "message" for marker in markers)
    if own_count:
        return words("{n} of {m} texts as messages, the rest retold", n=own_count, m=len(markers))
    if not places:
        return own("only by a tool call")
    if len(places) > 1:
        return words("quoted in {n} messages", n=len(places))
    ((role, _),) = places
    return words("quoted in 1 {role} message", role=foreign(role or ""))


def _tokens(added: int) -> SafeText:
    return words("{n:+,} tokens", n=added) if added else EMPTY


def standing_mark(standing: Standing) -> SafeText:
    """Where a canary stands, as sign and words."""
    text, style = _STANDINGS[standing]
    return own(text, style)


def short_id(text: str) -> SafeText:
    """A long id by its ends, `01a2…179c`; a session file that is named after its time by the time of day."""
    name = text.rstrip("/").rsplit("/", 1)[-1]
    timed = _FILE_NAMED_AFTER_TIME.match(name)
    if timed:
        return foreign(":".join(timed.groups()))
    return foreign(name if len(name) <= 12 else f"{name[:4]}…{name[-4:]}")
