"""The findings, made by rules from the rows."""

from __future__ import annotations

from collections.abc import Sequence

from console.engine.report.blocks import Block, Finding, Mono, Paragraph, Section, phrase


def findings_section(found: Sequence[Finding]) -> Section:
    """Every finding, the gravest first."""
    blocks: list[Block] = [
        Paragraph(
            phrase(
                "Made from the rows by rules, not written by hand. high: the heartbeat does not mean what it says; "
                "medium: something is lost or distorted; low: a nuisance; note: worth knowing. A scripted model "
                "answers with the same bytes in all lanes: what differs comes from runtime, adapter or environment. ",
                Mono("sidebeat show run:<id>"),
                " opens a run.",
            )
        )
    ]
    blocks += found
    if not found:
        blocks.append(Paragraph(phrase("The rules found nothing in the rows.")))
    return Section("Findings", "findings", tuple(blocks))
