"""Failures: how often each runtime's beats succeed, and what the others ended with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from console.engine.report.blocks import (
    Block,
    Figure,
    Heading,
    Mono,
    Paragraph,
    Row,
    RunLink,
    Section,
    Table,
    columns,
    phrase,
    row,
)
from console.engine.report.facts import JUDGED, ReportFacts, RunFacts, grouped
from console.engine.report.plots import RateBar, RatePlot
from console.engine.report.values import counted
from console.engine.report.wording import share_of
from console.engine.statistics.rates import wilson_interval


def failures_section(facts: ReportFacts) -> Section:
    """Rates with their intervals, then every way in which beats ended badly."""
    return Section("Failures", "failures", tuple(_blocks(facts)))


def _blocks(facts: ReportFacts) -> Iterator[Block]:
    judged = [item for item in facts.runs if item.run.status in JUDGED]
    if not judged:
        yield Paragraph(phrase("No beat has ended by itself yet, so there is nothing to tell about failures."))
        return
    yield _rates(judged)
    ended_badly = [item for item in facts.ended if not item.succeeded]
    if ended_badly:
        yield _table(ended_badly)
    else:
        yield Paragraph(phrase(f"None of the {counted(len(judged), 'beat')} failed."))
    yield from _differences(facts)


def _rates(judged: Sequence[RunFacts]) -> Figure:
    bars: list[RateBar] = []
    rows: list[Row] = []
    for runtime, runs in grouped(judged, lambda item: item.runtime).items():
        plain = [item for item in runs if not item.is_tampered]
        good, n = sum(item.succeeded for item in plain), len(plain)
        if n:
            interval = wilson_interval(good, n)
            bars.append(RateBar(runtime, good, n, interval.low, interval.high, "neutral"))
        touched = [item for item in runs if item.is_tampered]
        hurt = sum(not item.succeeded for item in touched)
        rows.append(row(runtime, share_of(good, n), f"{hurt} of {len(touched)}" if touched else "—"))
    return Figure(
        "Beats that succeeded",
        "Share of the beats that ended by themselves and whose session nobody tampered with; the whisker is Wilson's "
        "95% interval. Cancelled and interrupted beats are not counted.",
        RatePlot(tuple(bars)),
        Table(columns("runtime", ">succeeded (95% interval)", ">failed after a manipulation"), tuple(rows)),
    )


def _table(ended_badly: Sequence[RunFacts]) -> Table:
    groups = grouped(
        ended_badly,
        lambda item: (item.runtime, item.run.status, item.run.error_code or "", item.run.error_message or ""),
    )
    rows = [
        row(runtime, status, Mono(code) if code else "—", message or "—", str(len(runs)), RunLink(runs[-1].id))
        for (runtime, status, code, message), runs in groups.items()
    ]
    titles = columns("runtime", "ended", "error code", "said", ">beats", "newest")
    return Table(titles, tuple(rows), "Every way in which beats ended badly")


def _differences(facts: ReportFacts) -> Iterator[Block]:
    """Where Paperclip's rule and what was seen disagree."""
    different = [item for item in facts.ended if item.run.outcome_reason]
    if not different:
        return
    yield Heading("Paperclip's rule against what was seen")
    groups = grouped(
        different,
        lambda item: (
            item.runtime,
            item.run.upstream_status or "—",
            item.run.observed_status or "—",
            item.run.outcome_reason or "",
        ),
    )
    yield Table(
        columns("runtime", "Paperclip records", "seen", "why", ">beats", "newest"),
        tuple(
            row(runtime, upstream, observed, reason, str(len(runs)), RunLink(runs[-1].id))
            for (runtime, upstream, observed, reason), runs in groups.items()
        ),
    )
