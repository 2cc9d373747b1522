"""What a comparison says, in a sentence; and its numbers as text."""

from __future__ import annotations

from console.engine.experiment.results import Comparison
from console.engine.statistics.figures import Interval, Rate


def comparison_statement(comparison: Comparison) -> str:
    """Effect, interval, number of pairs, verdict, and what is left out of it."""
    if comparison.baseline_rate is not None and comparison.candidate_rate is not None:
        return f"baseline {rate_text(comparison.baseline_rate)}, candidate {rate_text(comparison.candidate_rate)}"
    parts = [f"{effect_text(comparison)}, {_counted(comparison.pairing.n, 'pair')}", verdict_text(comparison)]
    if comparison.incomplete_pairs:
        parts.append(f"{_counted(comparison.incomplete_pairs, 'pair')} left out, in which an arm has no such number")
    if comparison.verdict != comparison.verdict_without_outliers:
        parts.append(f"{comparison.verdict_without_outliers} without the outliers, which are kept")
    if comparison.margin is not None and comparison.margin.was_changed:
        last = comparison.margin.history[-1]
        parts.append(f"the margin was changed after {_counted(last.finished_pairs_then, 'pair')}: {last.reason}")
    return "; ".join(parts)


def effect_text(comparison: Comparison) -> str:
    """`1.04 times (0.98 to 1.10)`, or the mean difference where no ratio may be told."""
    found = comparison.pairing
    if found.ratio is not None:
        interval = found.ratio_interval
        return f"{found.ratio:.2f} times" + (f" ({interval.low:.2f} to {interval.high:.2f})" if interval else "")
    if found.mean_difference is None:
        return f"no ratio ({found.no_ratio_because})"
    interval = difference_interval_text(found.difference_interval, comparison.unit)
    return f"{number_text(found.mean_difference, comparison.unit, signed=True)}{interval} ({found.no_ratio_because})"


def difference_interval_text(interval: Interval | None, unit: str) -> str:
    """` (-1 ms to +3 ms)`; nothing without an interval."""
    if interval is None:
        return ""
    return f" ({number_text(interval.low, unit, signed=True)} to {number_text(interval.high, unit, signed=True)})"


def verdict_text(comparison: Comparison) -> str:
    """The verdict with its margin, and how many more pairs it takes."""
    if comparison.margin is None or comparison.verdict == "no margin":
        return "no margin"
    told = f"{comparison.verdict} ({comparison.margin.ratio:g} times)"
    if comparison.pairs_needed:
        return f"{told}: about {_counted(comparison.pairs_needed, 'more pair')}"
    return told


def rate_text(rate: Rate) -> str:
    """`14/14 (at least 78%)`, and what a threshold still needs."""
    told = f"{rate.successes}/{rate.n} (at least {rate.interval.low:.0%})"
    if rate.threshold is None or rate.needed == 0:
        return told
    more = "no number of them is enough" if rate.needed is None else f"{rate.needed} more in a row"
    return f"{told}, for {rate.threshold:.0%}: {more}"


def number_text(value: float, unit: str, *, signed: bool = False) -> str:
    """A number with its unit, as precise as a person can use."""
    sign = "+" if signed else ""
    if unit == "bytes":
        return f"{value / 2**20:{sign},.1f} MiB" if abs(value) >= 2**20 else f"{value / 2**10:{sign},.1f} KiB"
    if unit == "ms":
        return f"{value:{sign},.{0 if abs(value) >= 100 else 1}f} ms"
    if unit == "share":
        return f"{value:{sign}.1%}"
    shown = f"{value:{sign},.0f}" if float(value).is_integer() else f"{value:{sign},.3g}"
    return f"{shown} {unit}" if unit else shown


def _counted(count: int, one: str) -> str:
    return f"{count} {one}" if count == 1 else f"{count} {one}s"
