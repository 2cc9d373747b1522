"""Findings as plain data, for a script that reads them."""

from __future__ import annotations

from typing import Any

from console.engine.report.blocks import Document, Finding, Inline, Mono, Phrase, RunLink, Strong


def plain_findings(document: Document) -> list[dict[str, Any]]:
    """Every finding of the report, in its order; `runs` are the newest of those that show it."""
    found = [block for section in document.sections for block in section.blocks if isinstance(block, Finding)]
    return [
        {
            "number": item.number,
            "severity": item.severity,
            "statement": plain(item.statement),
            "detail": plain(item.detail),
            "runs": [f"run:{run_id}" for run_id in item.runs],
            "more_runs": item.more,
        }
        for item in found
    ]


def plain(parts: Phrase) -> str:
    """The phrase without marks or links."""
    return "".join(map(_plain, parts))


def _plain(part: Inline) -> str:
    if isinstance(part, str):
        return part
    if isinstance(part, RunLink):
        return f"run:{part.run_id}"
    return part.text if isinstance(part, (Mono, Strong)) else part.label
