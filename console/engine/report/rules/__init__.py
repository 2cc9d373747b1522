"""Findings made by rules: each reads facts and says what the rows show, with the runs to prove it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from console.engine.report.blocks import Finding, Severity
from console.engine.report.facts import ReportFacts
from console.engine.report.rules.candidate import Candidate
from console.engine.report.rules.comparison import over_margins, within_margins
from console.engine.report.rules.ending import differing_outcomes, failing_beats, left_processes, off_script
from console.engine.report.rules.resuming import manipulated_sessions, unrestored_sessions
from console.engine.report.rules.showing import logs_and_usage, upstream_transcripts

_RULES: Final[tuple[Callable[[ReportFacts], Iterator[Candidate]], ...]] = (
    unrestored_sessions,
    differing_outcomes,
    failing_beats,
    over_margins,
    upstream_transcripts,
    logs_and_usage,
    off_script,
    left_processes,
    manipulated_sessions,
    within_margins,
)
_RANK: Final[dict[Severity, int]] = {"high": 0, "medium": 1, "low": 2, "note": 3}


def findings(facts: ReportFacts) -> tuple[Finding, ...]:
    """All findings, the gravest first, numbered from 1; rules and runtimes keep their order within a severity."""
    candidates = [candidate for rule in _RULES for candidate in rule(facts)]
    candidates.sort(key=lambda candidate: _RANK[candidate.severity])
    return tuple(candidate.numbered(number) for number, candidate in enumerate(candidates, start=1))
