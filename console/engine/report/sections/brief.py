"""The brief: what Phase 0 settled, in the words of those who answered."""

from __future__ import annotations

from collections.abc import Iterator

from console.engine.plan import Criterion
from console.engine.report.blocks import Block, Bullets, Heading, Mono, Paragraph, Section, Strong, phrase
from console.engine.report.facts import ReportFacts

_FIRST_PHASE = 0


def brief_section(facts: ReportFacts) -> Section:
    """The questions of the first phase with their newest answers."""
    return Section("Brief", "brief", tuple(_blocks(facts)))


def _blocks(facts: ReportFacts) -> Iterator[Block]:
    plan = facts.plan
    yield Paragraph(phrase(Strong("Goal: "), plan.goal))
    if plan.decision_summary:
        yield Bullets(tuple(phrase(item) for item in plan.decision_summary))
    if not plan.phases:
        return
    phase = plan.phases[_FIRST_PHASE]
    asked = [item for item in phase.criteria if item.kind in ("question", "deliverable")]
    answered = [item for item in asked if item.id in facts.answers]
    yield Paragraph(
        phrase(f"{phase.title}: {len(answered)} of {len(asked)} questions and deliverables are answered in words.")
    )
    for item in asked:
        yield from _answer(facts, item)


def _answer(facts: ReportFacts, item: Criterion) -> Iterator[Block]:
    yield Heading(_sentence(item.text), 4)
    answer = facts.answers.get(item.id)
    if answer is None:
        yield _without_answer(facts, item)
        return
    paragraphs = [part.strip() for part in answer.body.split("\n\n") if part.strip()]
    for part in paragraphs:
        yield Paragraph(phrase(" ".join(part.split())))
    yield Paragraph(phrase(f"Answered by {answer.author or 'nobody named'}, {answer.written_at}."), "muted")


def _without_answer(facts: ReportFacts, item: Criterion) -> Paragraph:
    """What was signed in place of an answer, or what its requirements found."""
    status = facts.status.criterion(item.id)
    if status is not None and status.signed is not None:
        signed = status.signed
        return Paragraph(phrase(Strong(signed.decision), f", signed by {signed.signed_by}: {signed.statement}"))
    if status is not None and status.settled:
        return Paragraph(phrase(status.statement))
    open_ones = f": {status.statement}" if status is not None and status.statement else ""
    return Paragraph(phrase("Open (", Mono(item.id), ")", f"{open_ones}."), "muted")


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
