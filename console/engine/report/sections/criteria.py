"""The criteria: where each stands, by what, and the runs behind it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from console.engine.plan import CriterionStatus, PhaseStatus, RequirementStatus
from console.engine.report.blocks import (
    Block,
    Heading,
    Inline,
    Mono,
    Paragraph,
    Phrase,
    Row,
    RunLink,
    Section,
    SectionLink,
    Strong,
    Table,
    columns,
    phrase,
    row,
)
from console.engine.report.facts import ReportFacts
from console.engine.report.values import counted

_LISTED: Final = 3
_COLUMNS: Final = columns("criterion", "state", "what it rests on", "runs", "signed")


def criteria_section(facts: ReportFacts) -> Section:
    """Phase by phase, then success condition and guardrails, then what the report cannot evaluate."""
    return Section("Criteria", "criteria", tuple(_blocks(facts)))


def _blocks(facts: ReportFacts) -> Iterator[Block]:
    status = facts.status
    yield Paragraph(
        phrase(
            "Each criterion is evaluated from the stored rows by the requirements that Sidebeat "
            f"{facts.sidebeat_version} ships. This report counts as written for the criteria that ask for one."
        )
    )
    if status.target is not None:
        yield Paragraph(phrase("First target: ", Strong(status.target), "."))
    for phase in status.phases:
        yield from _phase(facts, phase)
    for title, criteria in (("Success condition", status.success), ("Guardrails", status.guardrails)):
        if criteria:
            yield Heading(title)
            yield Table(_COLUMNS, tuple(_row(facts, item) for item in criteria))
    yield from _unknown(facts)


def _phase(facts: ReportFacts, phase: PhaseStatus) -> Iterator[Block]:
    yield Heading(phase.phase.title)
    told = f"{phase.met} of {counted(phase.total, 'required criterion', 'required criteria')} met."
    signed = f" Signed: {phase.signed.decision}, by {phase.signed.signed_by}." if phase.signed is not None else ""
    yield Paragraph(phrase(told, signed))
    if phase.closed_by is not None:
        yield Paragraph(phrase("Closed by a guardrail: ", phase.closed_by.reason), "warning")
    yield Table(_COLUMNS, tuple(_row(facts, item) for item in phase.criteria))


def _row(facts: ReportFacts, status: CriterionStatus) -> Row:
    needed = f", about {status.needed:,} more" if status.needed else ""
    state: Phrase = phrase(Strong(status.state) if status.state != "met" else status.state, needed)
    required = "" if status.criterion.required else " (not required)"
    return row(
        phrase(f"{status.criterion.text}{required} (", Mono(status.criterion.id), ")"),
        state,
        _rests_on(status),
        _behind(facts, status.requirements),
        _signature(status),
    )


def _rests_on(status: CriterionStatus) -> str:
    said = list(dict.fromkeys(item.statement for item in status.requirements if item.statement))
    if said:
        return "; ".join(said)
    return "nothing but a signature" if not status.criterion.requirements else "—"


def _behind(facts: ReportFacts, requirements: Sequence[RequirementStatus]) -> Phrase:
    """The runs, experiments and chains behind it: a few of each, and how many more."""
    links: list[Inline] = []
    stored = {item.id for item in facts.runs}
    run_ids = [run_id for run_id in _every(requirements, "run_ids") if run_id in stored]
    links += [RunLink(run_id) for run_id in run_ids[:_LISTED]]
    if len(run_ids) > _LISTED:
        links.append(f"and {len(run_ids) - _LISTED} more")
    numbers = {result.experiment.id: result.experiment.number for result in facts.experiments}
    for experiment_id in _every(requirements, "experiment_ids"):
        if experiment_id in numbers:
            links.append(SectionLink(f"experiment-{numbers[experiment_id]}", f"experiment {numbers[experiment_id]}"))
    if _every(requirements, "chain_ids"):
        links.append(SectionLink("chains", "chains"))
    joined: list[Inline] = []
    for link in links:
        joined += [" ", link] if joined else [link]
    return tuple(joined) or ("—",)


def _every(requirements: Sequence[RequirementStatus], name: str) -> list[str]:
    found: dict[str, None] = {}
    for item in requirements:
        found |= dict.fromkeys(getattr(item, name))
    return list(found)


def _signature(status: CriterionStatus) -> str:
    signed = status.signed
    if signed is None:
        return "—"
    what = "overridden" if status.override is not None else signed.decision
    return f"{what}, {signed.signed_by}, {signed.signed_at[:10]}: {signed.statement}"


def _unknown(facts: ReportFacts) -> Iterator[Block]:
    """Criteria of the operator's own plan files: the file holds their texts and signatures, not what they ask."""
    known = {item.id for item in facts.plan.criteria()}
    own = [item for item in facts.stored_criteria if item.id not in known]
    if not own:
        return
    yield Heading("Criteria of the operator's own plan files")
    yield Paragraph(
        phrase(
            "The database holds their texts, answers and signatures but not their requirements, so this report, which "
            "is made from the database alone, does not evaluate them. ",
            Mono("sidebeat phases"),
            " does, where those files are.",
        )
    )
    signed = {item.subject_id: item for item in reversed(facts.signoffs)}
    yield Table(
        columns("criterion", "answered", "signed"),
        tuple(
            row(
                phrase(f"{item.text} (", Mono(item.id), ")"),
                "yes" if item.id in facts.answers else "no",
                f"{signed[item.id].decision}, {signed[item.id].signed_by}" if item.id in signed else "—",
            )
            for item in own
        ),
    )
