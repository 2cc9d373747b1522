"""Findings about sessions: what a later beat got of the earlier one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from console.engine.report.blocks import Mono, Severity, Strong, phrase
from console.engine.report.facts import ReportFacts, RunFacts, grouped
from console.engine.report.rules.candidate import Candidate
from console.engine.report.wording import most_common, of_all
from store.records import ResumeWord

_SAID: Final[dict[ResumeWord, tuple[Severity, str, str]]] = {
    "failed": ("high", "cannot restore its session: a later beat failed", "did not restore its session: a beat failed"),
    "fresh": ("high", "loses its session: the model saw nothing of the earlier beats", "lost its session"),
    "recap": (
        "medium",
        "hands the earlier beats on as a retelling within a new message, not as messages of their own",
        "handed the earlier beats on as a retelling within a new message",
    ),
}
"""For each verdict but `native`: its severity, what is said when it is always so, and when it was so at times."""


def unrestored_sessions(facts: ReportFacts) -> Iterator[Candidate]:
    """Later beats, untouched by anyone, that did not get the earlier turns as messages."""
    judged = [item for item in facts.ended if item.verdict is not None and not item.is_tampered]
    for runtime, runs in grouped(judged, lambda item: item.runtime).items():
        for word, (severity, always, at_times) in _SAID.items():
            found = [item for item in runs if item.verdict is not None and item.verdict.verdict == word]
            ordered = [item for item in found if word == "fresh" and item.run.fresh_session_reason]
            found = [item for item in found if item not in ordered]
            if found:
                is_always = len(found) == len(runs) and len(runs) > 1
                said = always if is_always else at_times
                statement = phrase(Strong(runtime), f" {said}, {of_all(len(found), len(runs), 'later beat')}.")
                yield Candidate(severity, statement, phrase(_reasons(found)), found)
            if ordered:
                said = (
                    f" started fresh because the console told it to, {of_all(len(ordered), len(runs), 'later beat')}."
                )
                reason = most_common(item.run.fresh_session_reason or "" for item in ordered)[0][0]
                yield Candidate("note", phrase(Strong(runtime), said), phrase(f"Reason: {reason}."), ordered)


def manipulated_sessions(facts: ReportFacts) -> Iterator[Candidate]:
    """What each runtime makes of a session that somebody tampered with."""
    touched = [item for item in facts.ended if item.verdict is not None and item.manipulations]
    for (runtime, actions), runs in grouped(touched, lambda item: (item.runtime, item.manipulations)).items():
        words = most_common(item.verdict.verdict for item in runs if item.verdict is not None)
        told = ", ".join(f"{word} {of_all(count, len(runs))}" for word, count in words)
        after = " and ".join(actions)
        statement = phrase("After ", Mono(after), " the next beat of ", Strong(runtime), f" was {told}.")
        yield Candidate("note", statement, phrase(_reasons(runs)), runs)


def _reasons(runs: Sequence[RunFacts]) -> str:
    """The reason given most often, and how many others there are."""
    reasons = most_common(item.verdict.reason for item in runs if item.verdict is not None and item.verdict.reason)
    if not reasons:
        return ""
    others = f" ({len(reasons) - 1} other reasons are in the resume table)" if len(reasons) > 1 else ""
    return f"Reason: {reasons[0][0]}{others}"
