"""The whole report as blocks."""

from __future__ import annotations

from console.engine.report.blocks import Document, Mono, Phrase, phrase
from console.engine.report.facts import ReportFacts
from console.engine.report.rules import findings
from console.engine.report.sections.appendix import appendix_section
from console.engine.report.sections.brief import brief_section
from console.engine.report.sections.caveats import caveats_section
from console.engine.report.sections.claims import claims_section
from console.engine.report.sections.criteria import criteria_section
from console.engine.report.sections.failures import failures_section
from console.engine.report.sections.found import findings_section
from console.engine.report.sections.measured import measured_section
from console.engine.report.sections.method import method_section
from console.engine.report.sections.recommendation import recommendation_section
from console.engine.report.sections.repeat import repeat_section
from console.engine.report.sections.results import results_section
from console.engine.report.sections.resume import resume_section
from console.engine.report.sections.transcript import transcript_section
from console.engine.report.values import counted


def report_document(facts: ReportFacts, *, date_line: str) -> Document:
    """All sections in their order; only `date_line` is not from the facts."""
    found = findings(facts)
    return Document(
        title=f"Evidence on {facts.plan.title}",
        date_line=date_line,
        subtitle=_subtitle(facts),
        sections=(
            recommendation_section(facts, found),
            brief_section(facts),
            method_section(facts),
            results_section(facts),
            claims_section(facts),
            resume_section(facts),
            transcript_section(facts),
            failures_section(facts),
            measured_section(facts),
            findings_section(found),
            criteria_section(facts),
            caveats_section(facts),
            repeat_section(facts),
            appendix_section(facts),
        ),
    )


def _subtitle(facts: ReportFacts) -> tuple[Phrase, ...]:
    holds = ", ".join(
        (
            counted(len(facts.runs), "run"),
            counted(len(facts.experiments), "experiment"),
            counted(len(facts.chains), "chain"),
            counted(len(facts.measurements), "measurement"),
        )
    )
    return (
        phrase("Database ", Mono(facts.fingerprint), " (SHA-256 of the rows that evidence rests on)."),
        phrase(f"It holds {holds}. Made by Sidebeat {facts.sidebeat_version} from that file alone."),
    )
