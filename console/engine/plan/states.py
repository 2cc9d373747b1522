"""In what state a requirement is: a finding held against its threshold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from console.engine.plan.measures.measure import Behind, BehindKind, Finding
from console.engine.plan.requirements import Measured, Requirement
from console.engine.statistics.figures import Interval
from console.engine.statistics.rates import successes_needed, wilson_interval

State = Literal["met", "not met", "not settled", "no evidence", "awaiting signature"]

_GRAVEST_FIRST: Final[tuple[State, ...]] = ("not met", "not settled", "no evidence", "awaiting signature")


@dataclass(frozen=True, slots=True)
class RequirementStatus:
    """One requirement with what was found for it. `needed` more (of what the measure counts) would settle it."""

    requirement: Requirement
    state: State
    statement: str
    value: float | None = None
    n: int = 0
    interval: Interval | None = None
    needed: int | None = None
    behind: tuple[Behind, ...] = ()

    @property
    def run_ids(self) -> tuple[str, ...]:
        """The runs behind it."""
        return self._ids("run")

    @property
    def experiment_ids(self) -> tuple[str, ...]:
        """The experiments behind it."""
        return self._ids("experiment")

    @property
    def chain_ids(self) -> tuple[str, ...]:
        """The chains behind it."""
        return self._ids("chain")

    def _ids(self, kind: BehindKind) -> tuple[str, ...]:
        return tuple(row.id for row in self.behind if row.kind == kind)


def judge_measured(requirement: Measured, finding: Finding) -> RequirementStatus:
    """The requirement with this finding."""
    interval = _held_interval(requirement, finding)
    state, needed = _state(requirement, finding, interval)
    return RequirementStatus(
        requirement, state, finding.statement, finding.value, finding.n, interval, needed, finding.behind
    )


def combined(states: Sequence[RequirementStatus]) -> State:
    """All of them together: met only when each is, otherwise the gravest; some without evidence leave it unsettled."""
    found: set[State] = {status.state for status in states}
    if "no evidence" in found and "met" in found and not found & {"not met"}:
        return "not settled"
    gravest: tuple[State, ...] = tuple(state for state in _GRAVEST_FIRST if state in found)
    return gravest[0] if gravest else "met"


def _held_interval(requirement: Measured, finding: Finding) -> Interval | None:
    if requirement.confidence == "wilson" and finding.successes is not None and finding.n:
        return wilson_interval(finding.successes, finding.n)
    return finding.interval


def _state(requirement: Measured, finding: Finding, interval: Interval | None) -> tuple[State, int | None]:
    if finding.n == 0 or finding.value is None:
        return "no evidence", None
    if finding.is_open:
        return "not settled", finding.needed
    too_few = max(0, requirement.min_n - finding.n)
    is_met, is_missed = _compared(requirement, finding.value, interval)
    if too_few or not (is_met or is_missed):
        return "not settled", _needed(requirement, finding, too_few)
    return ("met" if is_met else "not met"), None


def _compared(requirement: Measured, value: float, interval: Interval | None) -> tuple[bool, bool]:
    """Whether it is met, and whether it is missed; neither where the interval straddles the threshold."""
    low = high = value
    if requirement.confidence != "none":
        # Without an interval nothing is certain: it can lie on either side.
        low, high = (interval.low, interval.high) if interval is not None else (float("-inf"), float("inf"))
    if requirement.at_most is not None:
        return high <= requirement.at_most, low > requirement.at_most
    # A fact without a threshold is yes (1) or no (0).
    at_least = requirement.at_least if requirement.at_least is not None else 1.0
    return low >= at_least, high < at_least


def _needed(requirement: Measured, finding: Finding, too_few: int) -> int | None:
    if requirement.confidence == "wilson" and requirement.at_least is not None and finding.successes is not None:
        more = successes_needed(finding.successes, finding.n, requirement.at_least)
        return more if more is None else max(more, too_few)
    return finding.needed if finding.needed is not None else (too_few or None)
