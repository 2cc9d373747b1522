"""The recommendation: a person's signed decision, or that none is signed and what the data says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from console.engine.plan import PHASE_DECISIONS, CriterionStatus
from console.engine.report.blocks import (
    Block,
    Bullets,
    Finding,
    Paragraph,
    Phrase,
    Section,
    SectionLink,
    Strong,
    phrase,
)
from console.engine.report.facts import ReportFacts, RunFacts, grouped
from console.engine.report.sections.resume import judged_beats
from console.engine.report.values import counted
from console.engine.report.wording import listed, share_of
from store.records import SignoffRecord

_GRAVE_SHOWN = 5


def recommendation_section(facts: ReportFacts, found: Sequence[Finding]) -> Section:
    """The decision on top, and in either case what it rests on."""
    return Section("Recommendation", "recommendation", tuple(_blocks(facts, found)))


def signed_decision(facts: ReportFacts) -> SignoffRecord | None:
    """The newest signature on the plan's explicit recommendation; else on a phase or the plan as a whole."""
    asked = [status for status in facts.status.criteria() if set(PHASE_DECISIONS) <= set(status.criterion.decisions)]
    signed = [status.signed for status in asked if status.signed is not None]
    if not signed:
        keys = {"plan", *(phase.key for phase in facts.plan.phases[1:])}
        signed = [item for item in facts.signoffs if item.subject_id in keys and item.decision in PHASE_DECISIONS]
    return max(signed, key=lambda item: item.signed_at, default=None)


def _blocks(facts: ReportFacts, found: Sequence[Finding]) -> Iterator[Block]:
    decision = signed_decision(facts)
    if decision is None:
        choice = listed(PHASE_DECISIONS, "or")
        yield Paragraph(
            phrase(
                Strong("Awaiting signature."), f" Nobody has signed whether to {choice}; what follows is no decision."
            ),
            "warning",
        )
    else:
        yield Paragraph(phrase(Strong(decision.decision), f", signed by {decision.signed_by}, {decision.signed_at}."))
        if decision.statement.strip():
            yield Paragraph(phrase("Reason: ", " ".join(decision.statement.split())))
        newer = sum((item.run.finished_at or "") > decision.signed_at for item in facts.ended)
        if newer:
            yield Paragraph(phrase(f"{counted(newer, 'run')} ended after it was signed."), "warning")
    yield Paragraph(phrase("What the data says:"))
    yield Bullets(tuple(_said(facts, found)))


def _said(facts: ReportFacts, found: Sequence[Finding]) -> Iterator[Phrase]:
    for phase in facts.status.phases:
        if phase.phase.checked:
            link = SectionLink("criteria", phase.phase.title)
            yield phrase(
                link, f": {phase.met} of {counted(phase.total, 'required criterion', 'required criteria')} met."
            )
    yield from _gates(facts)
    yield from _resume(judged_beats(facts))
    yield from _experiments(facts)
    grave = [item for item in found if item.severity == "high"]
    if grave:
        shown: list[str | SectionLink] = []
        for item in grave[:_GRAVE_SHOWN]:
            shown += [", " if shown else "", SectionLink(f"finding-{item.number}", f"finding {item.number}")]
        more = f" and {len(grave) - _GRAVE_SHOWN} more" if len(grave) > _GRAVE_SHOWN else ""
        yield phrase(f"{counted(len(grave), 'grave finding')}: ", *shown, f"{more}.")
    elif facts.ended:
        yield phrase(f"No grave finding in {counted(len(facts.ended), 'ended run')}.")
    else:
        yield phrase("Nothing yet: no run has ended.")


def _gates(facts: ReportFacts) -> Iterator[Phrase]:
    for gate in facts.status.gates:
        if gate.is_closed:
            yield phrase(Strong("A guardrail closes the later phases"), f": {gate.reason}.")
        elif gate.status.override is not None:
            override: SignoffRecord = gate.status.override
            yield phrase(f"A guardrail was overridden by {override.signed_by}: {override.statement}.")
        else:
            yield phrase(f"Guardrail “{gate.status.criterion.text}”: {_state(gate.status)}.")


def _state(status: CriterionStatus) -> str:
    return f"{status.state}{f' ({status.statement})' if status.statement else ''}"


def _resume(judged: Sequence[RunFacts]) -> Iterator[Phrase]:
    for runtime, runs in grouped(judged, lambda item: item.runtime).items():
        words = [item.verdict.verdict for item in runs if item.verdict is not None]
        told = share_of(words.count("native"), len(words))
        yield phrase(SectionLink("resume", f"Resume of {runtime}"), f": native in {told} later beats.")


def _experiments(facts: ReportFacts) -> Iterator[Phrase]:
    for result in facts.experiments:
        if result.experiment.kind != "comparison":
            continue
        number = result.experiment.number
        link = SectionLink(f"experiment-{number}", f"Experiment {number}")
        if result.verdicts_hidden_because:
            yield phrase(link, f": verdicts not told, since {result.verdicts_hidden_because}")
            continue
        told = [
            f"{result.arms[item.candidate_arm].runtime_key}, {item.title or item.metric}"
            f"{f', {item.scenario}' if item.scenario and len(result.scenarios) > 1 else ''}"
            f"{f', beat {item.beat_index}' if item.beat_index > 1 else ''}: {item.verdict}"
            for item in result.deciding
        ]
        yield phrase(link, f": {'; '.join(told) if told else 'no pair has finished'}.")
