"""Sentences about counts, which claim no more than their n allows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import median

from console.engine.report.facts import RunFacts
from console.engine.report.values import counted, share_text
from console.engine.statistics.rates import wilson_interval

LISTED_RUNS = 4
"""So many runs are named with a finding; the others are counted."""


def of_all(successes: int, n: int, what: str = "beat") -> str:
    """`in the only beat seen`, `in all 3 beats (95% interval 44% to 100%)`, `in 2 of 5 beats (12% to 77%)`."""
    if n == 1 and successes == 1:
        return f"in the only {what} seen"
    interval = wilson_interval(successes, n)
    ends = f"95% interval {share_text(interval.low)} to {share_text(interval.high)}"
    if successes == n:
        return f"in all {counted(n, what)} ({ends})"
    return f"in {successes} of {counted(n, what)} ({ends})"


def share_of(successes: int, n: int) -> str:
    """`3 of 5 (23% to 88%)`; `—` of nothing."""
    if not n:
        return "—"
    interval = wilson_interval(successes, n)
    return f"{successes} of {n} ({share_text(interval.low)} to {share_text(interval.high)})"


def listed(items: Iterable[str], last: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`."""
    every = list(items)
    return every[0] if len(every) == 1 else f"{', '.join(every[:-1])} {last} {every[-1]}" if every else ""


def run_ids(items: Sequence[RunFacts]) -> tuple[tuple[str, ...], int]:
    """The newest few runs to name, and how many more there are."""
    newest = [item.id for item in reversed(items)][:LISTED_RUNS]
    return tuple(newest), len(items) - len(newest)


def middle(values: Sequence[float]) -> float | None:
    """The median, from five values on: below, no middle is told."""
    return median(values) if len(values) >= SMALLEST_FOR_MEDIAN else None


SMALLEST_FOR_MEDIAN = 5


def most_common(values: Iterable[str]) -> list[tuple[str, int]]:
    """Each value and how often it occurs, the most frequent first, then by the value itself."""
    counts: dict[str, int] = {}
    for value in values:
        counts[value] = counts.get(value, 0) + 1
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))
