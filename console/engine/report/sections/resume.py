"""The resume table: what each beat resumed, read at the model endpoint, and what was done to sessions on purpose."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from console.engine.chain.reading import ChainBeat, ChainItem, ChainLane, ChainView
from console.engine.report.blocks import (
    Block,
    Bullets,
    Column,
    Figure,
    Heading,
    Mono,
    Paragraph,
    Phrase,
    Row,
    RunLink,
    Section,
    Strong,
    Table,
    columns,
    phrase,
    row,
)
from console.engine.report.facts import ReportFacts, RunFacts, grouped
from console.engine.report.plots import RateBar, RatePlot
from console.engine.report.values import counted, quantity, significant
from console.engine.report.wording import share_of
from console.engine.resume.evidence import FoundMarker, markers_of
from console.engine.statistics.rates import wilson_interval
from store.records import ResumeVerdictRecord, ResumeWord

WORDS: Final[tuple[ResumeWord, ...]] = ("native", "recap", "fresh", "failed")
_SHOWN_BEATS: Final = 60
"""Single verdicts in the table; the database has the others."""


def resume_section(facts: ReportFacts) -> Section:
    """Counts for each runtime and beat, each verdict with its numbers, and the chains."""
    return Section("Resume", "resume", tuple(_blocks(facts)))


def judged_beats(facts: ReportFacts) -> list[RunFacts]:
    """Beats with a verdict before which nobody touched the session."""
    return [item for item in facts.ended if item.verdict is not None and not item.is_tampered]


def _blocks(facts: ReportFacts) -> Iterator[Block]:
    yield Paragraph(
        phrase(
            "A verdict is read from what the model was sent in a beat's first request, not from session ids. ",
            Strong("native"),
            ": the earlier turns are there as messages of their own. ",
            Strong("recap"),
            ": they are there only as a retelling within a newer message. ",
            Strong("fresh"),
            ": they are not there. ",
            Strong("failed"),
            ": no request came, or the beat ended in an error before one.",
        )
    )
    judged = judged_beats(facts)
    if judged:
        yield _counts(judged)
        yield _native_rates(judged)
    else:
        yield Paragraph(phrase("No beat after a first one has a verdict yet, so nothing is known about resuming."))
    with_verdict = [item for item in facts.ended if item.verdict is not None]
    if with_verdict:
        yield from _each(with_verdict)
    yield from _chains(facts)


def _counts(judged: Sequence[RunFacts]) -> Table:
    rows: list[Row] = []
    for (runtime, beat), runs in grouped(judged, lambda item: (item.runtime, item.run.beat_index)).items():
        words = [item.verdict.verdict for item in runs if item.verdict]
        cells = [str(words.count(word)) if word in words else "—" for word in WORDS]
        rows.append(row(runtime, str(beat), *cells, share_of(words.count("native"), len(words))))
    titles = columns("runtime", ">beat", *(f">{word}" for word in WORDS), ">native, 95% interval")
    return Table(titles, tuple(rows), "Verdicts of beats whose session nobody tampered with")


def _native_rates(judged: Sequence[RunFacts]) -> Figure:
    bars: list[RateBar] = []
    rows: list[Row] = []
    for runtime, runs in grouped(judged, lambda item: item.runtime).items():
        words = [item.verdict.verdict for item in runs if item.verdict]
        n, native = len(words), words.count("native")
        with_context = native + words.count("recap")
        interval = wilson_interval(native, n)
        bars.append(RateBar(runtime, native, n, interval.low, interval.high))
        rows.append(row(runtime, share_of(native, n), share_of(with_context, n)))
    return Figure(
        "Beats that resumed natively",
        "Share of the later beats in which the model saw the earlier turns as messages, with Wilson's 95% interval.",
        RatePlot(tuple(bars)),
        Table(columns("runtime", ">native", ">native or recap"), tuple(rows)),
    )


_EACH: Final[tuple[Column, ...]] = columns(
    "run", "runtime", "scenario", ">beat", "verdict", "canaries", ">messages", ">shared prefix", ">added", "why"
)


def _each(items: Sequence[RunFacts]) -> Iterator[Block]:
    yield Heading("Each verdict with its numbers")
    newest = items[-_SHOWN_BEATS:]
    if len(newest) < len(items):
        yield Paragraph(phrase(f"The newest {len(newest)} of {len(items)}; the others are in the database."), "muted")
    yield Table(_EACH, tuple(_verdict_row(item, item.verdict) for item in newest if item.verdict))
    yield Paragraph(
        phrase(
            "Messages: in the last request of the beat before, and in this beat's first. Shared prefix: how many "
            "messages from the start are the same in both. Added: bytes and tokens by which the request grew."
        ),
        "muted",
    )


def _verdict_row(item: RunFacts, verdict: ResumeVerdictRecord) -> Row:
    tampered = f" (after {', '.join(item.manipulations)})" if item.manipulations else ""
    return row(
        RunLink(item.id),
        item.runtime,
        item.run.scenario,
        str(item.run.beat_index),
        f"{verdict.verdict}{tampered}",
        _canaries(markers_of(verdict.canaries_json)),
        f"{verdict.previous_message_count} → {verdict.message_count}",
        str(verdict.common_prefix_messages),
        f"{quantity(verdict.added_bytes, 'bytes')}, {significant(verdict.added_tokens)} tokens",
        verdict.reason + (f" (compaction: {verdict.compaction})" if verdict.compaction else ""),
    )


def _canaries(markers: Sequence[FoundMarker]) -> Phrase:
    planted = [marker for marker in markers if marker.is_canary]
    if not planted:
        return phrase("none planted")
    parts: list[str | Mono] = []
    for marker in planted:
        where = "prompt" if marker.planted_in == "prompt" else "tool result"
        parts += ["; " if parts else "", Mono(marker.text), f" ({where}): {marker.standing}"]
    return phrase(*parts)


def _chains(facts: ReportFacts) -> Iterator[Block]:
    if not facts.chains:
        return
    yield Heading("Chains", anchor="chains")
    yield Paragraph(
        phrase("Beats on one session with what was done to the session between them, in the order of doing.")
    )
    for view in facts.chains:
        yield from _chain(view)


def _chain(view: ChainView) -> Iterator[Block]:
    chain = view.chain
    yield Heading(f"Chain {chain.number}: {chain.scenario}, {chain.bridge_mode}", 4)
    if not view.steps:
        yield Paragraph(phrase("Nothing has been done in it yet."), "muted")
    for lane in view.lanes:
        if lane.items:
            yield Paragraph(phrase(Strong(lane.runtime_key), f", {counted(len(lane.beats), 'beat')}:"))
            yield Bullets(tuple(_step(item) for item in lane.items))
        elif view.steps:
            yield Paragraph(phrase(Strong(lane.runtime_key), ": no beat."), "muted")
    yield from _in_a_row(view.lanes)


def _step(item: ChainItem) -> Phrase:
    if not isinstance(item, ChainBeat):
        state = "" if item.step.state == "done" else f" ({item.step.state})"
        return phrase(Mono(item.step.action), f"{state}: {item.step.statement}")
    ended = f"beat {item.beat_index} {item.status}" if item.run is not None else "a beat that is not stored"
    word = f", {item.word}" if item.word else ""
    reason = f": {item.verdict.reason}" if item.verdict else ""
    return phrase(f"{ended}{word}{reason} ", RunLink(item.run.id) if item.run is not None else "")


_TOO_MANY_FRESH: Final = 2


def _in_a_row(lanes: Sequence[ChainLane]) -> Iterator[Block]:
    """A fallback that is never left: seen in the wild as a session that starts anew with every heartbeat."""
    for lane in lanes:
        if lane.fresh_in_a_row >= _TOO_MANY_FRESH:
            text = f"{lane.runtime_key}: the last {lane.fresh_in_a_row} beats all started fresh."
            yield Paragraph(phrase(text), "warning")
