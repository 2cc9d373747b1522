"""Findings about how beats end, and what they leave behind."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from console.engine.report.blocks import Mono, Severity, Strong, phrase
from console.engine.report.facts import JUDGED, ReportFacts, RunFacts, grouped
from console.engine.report.rules.candidate import Candidate
from console.engine.report.values import counted, significant
from console.engine.report.wording import of_all


def differing_outcomes(facts: ReportFacts) -> Iterator[Candidate]:
    """Paperclip's rule and what was seen disagree."""
    every = grouped(facts.ended, lambda item: (item.runtime, _observed(item)))
    different = [item for item in facts.ended if item.run.outcome_reason]
    groups = grouped(different, lambda item: (item.runtime, item.run.upstream_status or "nothing", _observed(item)))
    for (runtime, upstream, observed), runs in groups.items():
        severity: Severity = "high" if upstream == "succeeded" else "medium"
        seen = of_all(len(runs), len(every[runtime, observed]), f"{observed.replace('_', ' ')} beat")
        said = f": Paperclip records {upstream} for what {_SEEN.get(observed, observed)}, {seen}."
        reason = phrase(f"Reason: {runs[-1].run.outcome_reason}")
        yield Candidate(severity, phrase(Strong(runtime), said), reason, runs)


def failing_beats(facts: ReportFacts) -> Iterator[Candidate]:
    """Beats that failed although nobody tampered with their session."""
    judged = [item for item in facts.runs if item.run.status in JUDGED and not item.is_tampered]
    every = grouped(judged, lambda item: item.runtime)
    failed = [item for item in judged if not item.succeeded and not _is_told_as_resume(item)]
    for (runtime, code), runs in grouped(failed, lambda item: (item.runtime, item.run.error_code or "")).items():
        what = phrase(Strong(runtime), " failed", " with " if code else "", Mono(code) if code else "")
        said = (*what, f", {of_all(len(runs), len(every[runtime]))}.")
        message = runs[-1].run.error_message
        yield Candidate("high", said, phrase(f"Said last: {message}") if message else (), runs)


def _observed(item: RunFacts) -> str:
    return item.run.observed_status or item.run.status


_SEEN: Final = {"failed": "failed", "succeeded": "succeeded", "timed_out": "timed out", "cancelled": "was cancelled"}


def _is_told_as_resume(item: RunFacts) -> bool:
    """A beat that could not resume is a finding of its own already."""
    return item.verdict is not None and item.verdict.verdict == "failed"


def off_script(facts: ReportFacts) -> Iterator[Candidate]:
    """An agent asked for a turn that the script does not have: the arms no longer did the same work."""
    scripted = [item for item in facts.ended if item.run.model_mode == "scripted"]
    for runtime, runs in grouped(scripted, lambda item: item.runtime).items():
        found = [item for item in runs if item.off_script_requests]
        if found:
            asked = counted(sum(item.off_script_requests for item in found), "request")
            said = f" sent {asked} that the script has no turn for, {of_all(len(found), len(runs))}."
            yield Candidate("medium", phrase(Strong(runtime), said), (), found)


def left_processes(facts: ReportFacts) -> Iterator[Candidate]:
    """Processes that outlived their beat."""
    for runtime, runs in grouped(facts.ended, lambda item: item.runtime).items():
        known = [item for item in runs if "processes_left" in item.metrics]
        found = [item for item in known if item.metrics["processes_left"] > 0]
        if found:
            most = significant(max(item.metrics["processes_left"] for item in found))
            said = f" leaves processes behind (at most {most}), {of_all(len(found), len(known))}."
            yield Candidate("medium", phrase(Strong(runtime), said), (), found)
