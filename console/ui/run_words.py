"""How a run, a time and a number are said on the screen."""

from __future__ import annotations

from typing import Final, LiteralString

from console.engine.clock import epoch_of
from console.ui.figures import RUN_STATES
from console.ui.text import EMPTY, SafeText, foreign, join, own, words
from store.records import RunRecord

_LANES: Final = (own("A"), own("B"), own("C"), own("D"))


def status_mark(status: str | None) -> SafeText:
    """The sign of a status, without its word."""
    text, style = RUN_STATES.get(status or "", ("○", "$text-muted"))
    return own(text[:1], style)


def outcomes_differ(run: RunRecord) -> bool:
    """Whether upstream's rule and the console disagree."""
    return run.upstream_status is not None and run.upstream_status != run.observed_status


def lane_name(lane_index: int) -> SafeText:
    """`A` for the first lane."""
    return _LANES[lane_index] if 0 <= lane_index < len(_LANES) else words("{number}", number=lane_index + 1)


def moment(iso: str | None, *, with_date: bool = True) -> SafeText:
    """`2026-01-31 09:30:00` of a time stamp of the store, in UTC; empty for none."""
    if iso is None:
        return EMPTY
    shown = iso[:19].replace("T", " ")
    return foreign(shown if with_date else shown[11:])


def duration(run: RunRecord) -> SafeText:
    """From start to end, or empty while it is not known."""
    if run.started_at is None or run.finished_at is None:
        return EMPTY
    try:
        return seconds((epoch_of(run.finished_at) - epoch_of(run.started_at)) * 1000)
    except ValueError:
        return own("?")


def seconds(ms: float) -> SafeText:
    """`180 ms`, `1.91 s`, `2 m 05 s`."""
    if ms < 1_000:
        return words("{ms:.0f} ms", ms=ms)
    if ms < 100_000:
        return words("{s:.2f} s", s=ms / 1000)
    return words("{m:.0f} m {s:02.0f} s", m=ms // 60_000, s=ms % 60_000 / 1000)


def byte_count(count: float) -> SafeText:
    """`512 B`, `9.1 kB`, `142 MB`."""
    if count < 1_000:
        return words("{n:.0f} B", n=count)
    if count < 1_000_000:
        return words("{n:.1f} kB", n=count / 1_000)
    return words("{n:,.1f} MB", n=count / 1_000_000)


def metric_value(value: float, unit: str) -> SafeText:
    """A metric with its unit, at a precision that can be read."""
    if unit == "ms":
        return words("{n:,.1f} ms", n=value)
    if unit == "bytes":
        return byte_count(value)
    whole = value == int(value)
    number = words("{n:,.0f}", n=value) if whole else words("{n:,.3f}", n=value)
    return join([number, foreign(unit)], " ")


def named(name: LiteralString, value: SafeText) -> SafeText:
    """`name value`, the name muted."""
    return join([own(name, "$text-muted"), value], " ")
