"""A finding before it has its number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from console.engine.report.blocks import Finding, Phrase, Severity
from console.engine.report.facts import RunFacts
from console.engine.report.wording import run_ids


@dataclass(frozen=True, slots=True)
class Candidate:
    """What a rule found. `runs` are all those that show it, oldest first."""

    severity: Severity
    statement: Phrase
    detail: Phrase = ()
    runs: Sequence[RunFacts] = ()

    def numbered(self, number: int) -> Finding:
        """The finding, naming its newest runs."""
        named, more = run_ids(self.runs)
        return Finding(number, self.severity, self.statement, self.detail, named, more)
